import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { performShown } from "../../../lib/setup/steps/step_line.ts";
import type { Step } from "../../../lib/setup/steps/step.ts";

async function shown(step: Partial<Step>, live: boolean): Promise<string> {
  const stamps = await Deno.makeTempDir();
  const whole: Step = {
    name: "Some step",
    inputs: () => [],
    outputs: () => [],
    run: async () => {},
    ...step,
  };
  let text = "";
  try {
    await performShown(whole, { stamps, write: (piece) => text += piece, live });
  } catch (error) {
    throw Object.assign(error as Error, { text });
  } finally {
    await Deno.remove(stamps, { recursive: true });
  }
  return text;
}

Deno.test("a step's line says what, about how long, and how long it was; nothing moves without a terminal", async () => {
  assertMatch(await shown({}, false), /^Setting up: Some step … \d+\.\d s\n$/);
  assertMatch(
    await shown({ takes: "a minute" }, false),
    /^Setting up: Some step \(a minute\) … \d+\.\d s\n$/,
  );
});

Deno.test("on a terminal the line is written anew with the seconds that passed", async () => {
  let ticks = 0;
  const stamps = await Deno.makeTempDir();
  const { promise, resolve } = Promise.withResolvers<void>();
  let text = "";
  await performShown({ name: "Slow", inputs: () => [], outputs: () => [], run: () => promise }, {
    stamps,
    live: true,
    write(piece) {
      text += piece;
      if (/ \d+ s$/.test(piece) && ++ticks === 1) resolve();
    },
  });
  await Deno.remove(stamps, { recursive: true });
  assertMatch(text, /^Setting up: Slow …(\rSetting up: Slow … \d+ s)+\rSetting up: Slow … \d+\.\d s\n$/);
});

Deno.test("a step that fails leaves its line ended, so that the reason has one of its own", async () => {
  const error = await assertRejects(() => shown({ run: () => Promise.reject(new Error("no disk")) }, false));
  assertEquals((error as Error & { text: string }).text, "Setting up: Some step …\n");
});
