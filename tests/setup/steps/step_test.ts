import { assertEquals, assertRejects } from "@std/assert";
import { isDone, perform, type Step } from "../../../lib/setup/steps/step.ts";

/** A step that writes a file, in a folder of its own, and records how it was run. */
function fixture(folder: string) {
  const calls: boolean[] = [];
  const state = { input: "a", fails: false };
  const step: Step = {
    name: "Some step",
    inputs: () => [state.input],
    outputs: () => [`${folder}/output`],
    run: (cutShort) => {
      calls.push(cutShort);
      if (state.fails) return Promise.reject(new Error("killed here"));
      Deno.writeTextFileSync(`${folder}/output`, state.input);
      return Promise.resolve();
    },
  };
  return { step, calls, state };
}

function stepTest(name: string, run: (folder: string) => Promise<void>) {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

stepTest("a step is done once it has run", async (folder) => {
  const { step, calls } = fixture(folder);
  assertEquals(isDone(step, folder), false);
  await perform(step, folder);
  assertEquals(isDone(step, folder), true);
  assertEquals(calls, [false]);
});

stepTest("a changed input or a deleted output undoes a step", async (folder) => {
  const { step, calls, state } = fixture(folder);
  await perform(step, folder);
  state.input = "b";
  assertEquals(isDone(step, folder), false);
  await perform(step, folder);
  assertEquals(isDone(step, folder), true);
  await Deno.remove(`${folder}/output`);
  assertEquals(isDone(step, folder), false);
  assertEquals(calls, [false, false]);
});

stepTest("a step cut short is not done, though its outputs exist, and its next run knows", async (folder) => {
  const { step, calls, state } = fixture(folder);
  state.fails = true;
  await assertRejects(() => perform(step, folder));
  Deno.writeTextFileSync(`${folder}/output`, "half");
  assertEquals(isDone(step, folder), false);
  state.fails = false;
  await perform(step, folder);
  assertEquals(isDone(step, folder), true);
  assertEquals(calls, [false, true]);
});

stepTest("a done step that is repeated and cut short is no longer done", async (folder) => {
  const { step, calls, state } = fixture(folder);
  await perform(step, folder);
  state.fails = true;
  await assertRejects(() => perform(step, folder));
  assertEquals(isDone(step, folder), false);
  state.fails = false;
  await perform(step, folder);
  assertEquals(calls, [false, false, true]);
});
