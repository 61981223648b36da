import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openRun, type Run } from "../../../lib/runs/open_run.ts";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { fakeOptions, fakeStage, fakeTraining } from "../../support/runs/fake_training.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const start = (results: string): Promise<Run> =>
  openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(results));

/** Bytes of all files in a folder and below, by path, as text. */
async function bytesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) Object.assign(found, await bytesIn(path));
    else found[path] = (await Deno.readFile(path)).toHex();
  }
  return found;
}

/** Everything that cells of a notebook do with a run, once more. */
async function everyCell(run: Run): Promise<void> {
  await fakeStage("first", run, 1);
  await fakeStage("second", run, await fakeStage("first", run, 1));
  await run.writePseudoLabels([]);
  await run.writeFigure("dice", { svg: "<svg>other</svg>" });
  await run.writeFigure("slices", { svg: "<svg/>" }, { scans: true });
  run.note("said later");
  await fakeTraining(run);
  await run.fail(new Error("no memory"));
  await run.finish([]);
}

Deno.test("every cell run again leaves a finished run as it is: in the same kernel, and in another", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await run.writeFigure("dice", { svg: "<svg/>" });
    await fakeTraining(run);
    assert(run.finished);
    const before = await bytesIn(results);
    await everyCell(run);
    assertEquals(await bytesIn(results), before);
    const again = await start(results);
    assert(again.finished);
    await everyCell(again);
    assertEquals(await bytesIn(results), before);
    assertEquals(run.record.status, "finished");
  }));

Deno.test("a stage with other options is refused by a finished run, and not trained", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await fakeTraining(run);
    const before = await bytesIn(results);
    for (const sealed of [run, await start(results)]) {
      await assertRejects(
        () => fakeStage("first", sealed, 1, { steps: 41 }),
        Error,
        "Cannot train first: the run toy/mutual/seed_1/v001 is finished, and this cell asks for a stage with other",
      );
    }
    assertEquals(await bytesIn(results), before);
  }));

Deno.test("a stage that is kept by another run only is no stage of this one", () =>
  withFolder(async (results) => {
    await fakeTraining(await start(results));
    const other = await openRun("independent", { cohort: "toy", seed: 5 }, fakeOptions(results));
    await fakeStage("first", other, 5);
    await assertRejects(async () => await fakeStage("first", await start(results), 5), Error, "is finished");
    await other.fail(new Error("enough"));
  }));

for (const gone of ["", "saved"]) {
  Deno.test(`a stage whose ${gone || "folder"} git has not kept is not trained anew in a finished run`, () =>
    withFolder(async (results) => {
      const run = await start(results);
      await fakeTraining(run);
      const stage = join(results, "toy/stages", run.record.stages[0]!.hash);
      await Deno.remove(join(stage, gone), { recursive: true });
      const before = await bytesIn(results);
      const error = await assertRejects(async () => await fakeStage("first", await start(results), 1), Error);
      assertEquals(
        error.message,
        "Cannot train first: the run toy/mutual/seed_1/v001 is finished; its stage is not kept here: git does not keep " +
          `weights (${stage}). To train it again, move the folder ${run.folder} away and run the cell with startRun again`,
      );
      assertEquals(await bytesIn(results), before);
      const folders = (await Array.fromAsync(Deno.readDir(join(results, "toy/stages")))).map(({ name }) =>
        name
      );
      assertEquals(folders.length, gone === "" ? 2 : 3, "the guard's lock and what was there");
    }));
}

Deno.test("what a task was handed back is sealed, though the task has not ended the run yet", () =>
  withFolder(async (results) => {
    const outer = await start(results);
    const inner = await openRun("mutual", { cohort: "toy", seed: 1 }, {
      ...fakeOptions(results),
      handedFolder: outer.folder,
    });
    await fakeTraining(inner);
    const before = await bytesIn(join(outer.folder, ".."));
    assert(inner.finished);
    await fakeStage("first", inner, 1);
    await inner.writeFigure("dice", { svg: "<svg/>" });
    await inner.finish([]);
    const after = await bytesIn(join(outer.folder, ".."));
    const files = (bytes: Record<string, string>) =>
      Object.entries(bytes).filter(([path]) => !path.endsWith("progress.jsonl"));
    assertEquals(files(after), files(before));
    await outer.fail(new Error("enough"));
  }));

Deno.test("a finished run does not say on which computer it was made, nor in which folders; one at work does", () =>
  withFolder(async (results) => {
    const run = await start(results);
    const before = await readRunRecord(run.folder);
    assertEquals([before?.machine.host, before?.attempts[0]?.host], [Deno.hostname(), Deno.hostname()]);
    await run.fail(new Error(`no such file: '${results}/scan.nii.gz'`));
    const again = await start(results);
    again.note(`first: damaged (${results}/toy/stages/a/saved.json); see a/b and https://x.org/a`);
    await fakeTraining(again);
    const text = await Deno.readTextFile(join(again.folder, "run.json"));
    for (const told of ['"host"', results]) assert(!text.includes(told), `${told} in ${text}`);
    const { attempts, notes } = (await readRunRecord(again.folder))!;
    assertEquals(attempts[0]!.error, "no such file: 'scan.nii.gz'");
    assert(notes.includes("first: damaged (saved.json); see a/b and https://x.org/a"), notes.join());
  }));
