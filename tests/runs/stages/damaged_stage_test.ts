import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openRun, type Run } from "../../../lib/runs/open_run.ts";
import { fakeOptions, fakeStage, fakeTraining } from "../../support/runs/fake_training.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const start = (results: string, experiment = "mutual"): Promise<Run> =>
  openRun(experiment, { cohort: "toy", seed: 1 }, fakeOptions(results));

/** Cuts a file to half of its size. */
async function cut(path: string): Promise<void> {
  await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 2));
}

/** The only stage's folder. */
async function stageIn(results: string): Promise<string> {
  const root = join(results, "toy/stages");
  const names = (await Array.fromAsync(Deno.readDir(root))).filter(({ isDirectory }) => isDirectory);
  assertEquals(names.length, 1);
  return join(root, names[0]!.name);
}

/** Trains the first stage up to step 21, as a run that fails there. */
async function failAtStep21(results: string): Promise<void> {
  const run = await start(results);
  const stage = await run.stage("first", { seed: 1, steps: 40 });
  for (let step = 1; step <= 21; step++) {
    stage.log({ stage: "first", model: "a", step, terms: {}, learningRate: 0, seconds: 0 });
  }
  await stage.save("checkpoint", { tensors: {}, meta: { step: 21, value: 7 } });
  await run.fail(new Error("no memory"));
}

for (const file of ["saved.json", "saved/checkpoint.1/state", "saved/checkpoint.1/history.csv"]) {
  Deno.test(`a stage whose ${file} is damaged begins anew, and the run says so`, () =>
    withFolder(async (whole) =>
      await withFolder(async (results) => {
        const wanted = await fakeStage("first", await start(whole), 1);
        await failAtStep21(results);
        const stage = await stageIn(results);
        await cut(join(stage, file));
        const run = await start(results);
        assertEquals(await fakeStage("first", run, 1), wanted);
        await fakeTraining(run);
        assertMatch(
          run.record.notes.join("\n"),
          /^first: what was saved is damaged, and is computed anew: Cannot/,
        );
        assertEquals(run.record.status, "finished");
      })
    ));
}

for (const file of ["stage.json", "history.csv", "saved.json", "saved/result.1/state"]) {
  Deno.test(`a finished stage whose ${file} is damaged is computed anew, but not by a finished run`, () =>
    withFolder(async (results) => {
      const first = await start(results);
      const wanted = await fakeStage("first", first, 1);
      const stage = await stageIn(results);
      const state = await Deno.readTextFile(join(stage, "saved/result.1/state"));
      await fakeTraining(first);
      await cut(join(stage, file));
      const before = await Array.fromAsync(Deno.readDir(stage));
      const sealed = await start(results);
      assert(sealed.finished);
      const error = await assertRejects(() => fakeStage("first", sealed, 1), Error);
      assertMatch(
        error.message,
        /^Cannot train first: the run toy\/mutual\/seed_1\/v001 is finished, and its stage is damaged: /,
      );
      assertMatch(error.message, new RegExp(`move the folder ${first.folder} away`));
      assertEquals(await Array.fromAsync(Deno.readDir(stage)), before, "nothing is touched");
      const other = await start(results, "independent");
      assertEquals(await fakeStage("first", other, 1), wanted);
      assertEquals(other.record.notes.length, 1);
      assertMatch(other.record.notes[0], /^first: what was saved is damaged/);
      assertEquals(await Deno.readTextFile(join(stage, "saved/result.1/state")), state);
      await other.fail(new Error("enough"));
    }));
}

/** Turns one digit of a file over, so that it can be read as before. */
async function bend(path: string): Promise<void> {
  const text = await Deno.readTextFile(path), at = text.search(/[1-8](?=[^1-8]*$)/);
  await Deno.writeTextFile(path, text.slice(0, at) + (Number(text[at]) + 1) + text.slice(at + 1));
}

for (const file of ["saved.json", "saved/checkpoint.1/state", "saved/checkpoint.1/history.csv"]) {
  Deno.test(`a stage whose ${file} has another digit begins anew`, () =>
    withFolder(async (results) => {
      await failAtStep21(results);
      await bend(join(await stageIn(results), file));
      const run = await start(results);
      await fakeTraining(run);
      assertMatch(
        run.record.notes.join("\n"),
        /^first: what was saved is damaged, and is computed anew: Cannot/,
      );
    }));
}

for (const file of ["stage.json", "history.csv", "saved.json", "saved/result.1/state", "files/labels/c"]) {
  Deno.test(`a finished stage whose ${file} has another digit is computed anew`, () =>
    withFolder(async (results) => {
      const first = await start(results), stage = await first.stage("kept", { seed: 1 });
      stage.log({ stage: "kept", model: "a", step: 1, terms: { own: 0.5 }, learningRate: 0.1, seconds: 0 });
      await Deno.mkdir(join(stage.folder, "labels"));
      await Deno.writeTextFile(join(stage.folder, "labels", "c"), "12");
      await stage.save("result", { tensors: {}, meta: { value: 7 } });
      await stage.finish();
      await first.fail(new Error("enough"));
      const folder = await stageIn(results);
      const whole = await (await start(results, "independent")).stage("kept", { seed: 1 });
      assert(whole.finished, "as it was it is kept");
      await bend(join(folder, file));
      const other = await start(results, "single"), again = await other.stage("kept", { seed: 1 });
      assert(!again.finished);
      assertEquals([...Deno.readDirSync(again.folder)], [], "none of its files is used again");
      assertMatch(
        other.record.notes.join("\n"),
        /^kept: what was saved is damaged, and is computed anew: Cannot/,
      );
      await other.fail(new Error("enough"));
    }));
}
