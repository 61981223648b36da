import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readHistory, readMetrics } from "../../lib/notebook/results.ts";
import { differencesFromNewest, findRun } from "../../lib/runs/folder/find_run.ts";
import { openRun, type Run } from "../../lib/runs/open_run.ts";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { engineVersion } from "../../lib/training/engine_version.ts";
import { StoppedError } from "../../lib/runs/progress/stop_signal.ts";
import { fakeOptions, fakeStage, fakeTraining } from "../support/runs/fake_training.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { withFolder } from "../support/runs/with_folder.ts";

/** A folder of results; what runs say of themselves is not shown among the tests. */
const withResults = (test: (results: string) => Promise<void>) =>
  withFolder(async (results) => void await withOutput(() => test(results)));

const start = (results: string, seed = 1, experiment = "mutual"): Promise<Run> =>
  openRun(experiment, { cohort: "toy", seed }, fakeOptions(results));

Deno.test("a run is partial until whole, then has its record, scores and history", () =>
  withResults(async (results) => {
    const run = await start(results);
    assertEquals([run.name, run.folder], [
      "toy/mutual/seed_1/v001",
      join(results, "toy/mutual/seed_1/v001.partial"),
    ]);
    await run.writePseudoLabels([]);
    await run.writeFigure("dice", { json: "{}", png: new Uint8Array([1]) });
    await run.writeFigure("slices", { svg: "<svg/>" }, { scans: true });
    await fakeTraining(run);
    assertEquals(run.folder, join(results, "toy/mutual/seed_1/v001"));
    const names = (await Array.fromAsync(Deno.readDir(run.folder))).map(({ name }) => name).sort();
    assertEquals(names, ["figures", "history.csv", "metrics.csv", "pseudo_labels.csv", "run.json"]);
    assertEquals(await Deno.readTextFile(join(run.folder, "figures/scans/slices.svg")), "<svg/>");
    const record = (await readRunRecord(run.folder))!;
    assertEquals(record.status, "finished");
    assertEquals(record.stages.map(({ name, reused }) => [name, reused]), [["first", false], [
      "second",
      false,
    ]]);
    assertEquals(record.cases.test, ["case_3"]);
    const { organ, hd95, assd, nsd } = (await readMetrics(run))[0]!;
    assertEquals([organ, hd95, assd, nsd], ["liver", Infinity, NaN, 0]);
    const history = await readHistory(run);
    assertEquals(
      history.map(({ step }) => step),
      [1, 2].flatMap(() => Array.from({ length: 40 }, (_, k) => k + 1)),
    );
    assertEquals(history[0]!.terms, { own: 48271 / 2147483647 });
  }));

Deno.test("an identical finished run is returned, not repeated, and not written to", () =>
  withResults(async (results) => {
    await fakeTraining(await start(results));
    const again = await start(results);
    assertEquals([again.finished, again.name], [true, "toy/mutual/seed_1/v001"]);
    const before = await Deno.readTextFile(join(again.folder, "run.json"));
    await fakeTraining(again);
    assertEquals(await Deno.readTextFile(join(again.folder, "run.json")), before);
  }));

for (
  const [what, change] of [
    ["data", { data: { hash: "other", cases: {} } }],
    ["method version", { methodVersion: 2 }],
    ["inputs", { inputs: { predictions: "1234" } }],
  ] as const
) {
  Deno.test(`other ${what}: the next version`, () =>
    withResults(async (results) => {
      await fakeTraining(await start(results));
      const run = await openRun("mutual", { cohort: "toy", seed: 1 }, {
        ...fakeOptions(results),
        ...change,
      });
      assertEquals([run.finished, run.name], [false, "toy/mutual/seed_1/v002"]);
      await run.fail(new Error("enough"));
    }));
}

Deno.test("another version of the engine is another run; records that name none are of the first", () =>
  withResults(async (results) => {
    const first = await start(results);
    await fakeTraining(first);
    assertEquals(first.record.engineVersion, engineVersion);
    const path = join(first.folder, "run.json");
    const { engineVersion: _, sha256: __, ...older } = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify(older));
    assertEquals((await readRunRecord(first.folder))!.engineVersion, 1);
    const other = { ...first.record, engineVersion: engineVersion + 1 };
    assertEquals(await findRun(results, other), undefined);
    assertEquals(await differencesFromNewest(results, other), ["the version of the engine"]);
  }));

Deno.test("arms share stages; the record says who computed them and what they cost", () =>
  withResults(async (results) => {
    await fakeTraining(await start(results), { milliseconds: 2 });
    const run = await start(results, 1, "no_similarity");
    await fakeStage("first", run, 1);
    const stage = run.record.stages[0]!;
    assertEquals(stage.reused, true);
    assert(stage.seconds > 0.07, `${stage.seconds} s`);
    assertEquals(stage.passes, 80);
    assertEquals((await readHistory(run)).length, 40);
    await run.fail(new Error("enough"));
  }));

for (
  const [error, status] of [[new Error("no memory"), "failed"], [
    new StoppedError("Stopped"),
    "stopped",
  ]] as const
) {
  Deno.test(`a ${status} run is kept, marked and resumed by the same start`, () =>
    withResults(async (results) => {
      const run = await start(results);
      await fakeStage("first", run, 1);
      await run.fail(error);
      const record = (await readRunRecord(join(results, "toy/mutual/seed_1/v001.partial")))!;
      assertEquals([record.status, record.attempts[0]!.error], [status, error.message]);
      const again = await start(results);
      assertEquals([again.name, again.record.attempts.length], [run.name, 2]);
      await fakeTraining(again);
      assertEquals(again.record.stages.map(({ reused }) => reused), [false, false]);
      assertEquals(again.record.attempts.map(({ status }) => status), [status, "finished"]);
    }));
}

Deno.test("without a cohort nothing starts", () =>
  withResults(async (results) => {
    await assertRejects(() => openRun("mutual", {}, fakeOptions(results)), Error, "must be a cohort's name");
    assertEquals(await Array.fromAsync(Deno.readDir(results)), []);
  }));

Deno.test("a folder that was handed over is joined; what changed since is named", () =>
  withResults(async (results) => {
    const outer = await start(results);
    const join = (methodVersion: number) =>
      openRun("mutual", { cohort: "toy", seed: 1 }, {
        ...fakeOptions(results),
        methodVersion,
        handedFolder: outer.folder,
      });
    await assertRejects(() => join(2), Error, "Cannot run mutual: the version of the method changed since");
    const inner = await join(1);
    await fakeTraining(inner);
    assertEquals([inner.folder.endsWith("v001.partial"), outer.record.status], [true, "running"]);
    await inner.fail(new Error("enough"));
    await outer.fail(new Error("enough"));
  }));

Deno.test("a cohort given by its file has the study's name in the results", () =>
  withResults(async (results) => {
    const run = await openRun("mutual", { cohort: "own/liver.json" }, {
      ...fakeOptions(results),
      cohort: "liver",
    });
    assertEquals(run.name, "liver/mutual/default/v001");
    await run.fail(new Error("enough"));
  }));

Deno.test("a run without a notebook and training needs no storage, and refuses tensors", () =>
  withResults(async (results) => {
    const run = await openRun("nnunet", { cohort: "toy" }, {
      ...fakeOptions(results),
      inputs: { predictions: "ab" },
    });
    const stage = await run.stage("first", {});
    const tensors = { weight: {} as never };
    await assertRejects(() => stage.save("result", { tensors, meta: {} }), Error, "a storage for tensors");
    await assertRejects(() => stage.finish(), Error, 'no state "result" was saved');
    await run.finish([]);
    assertEquals((await readRunRecord(run.folder))!.slug, "default");
  }));

Deno.test("a run is found by its identity; otherwise it is said in what the newest one differs", () =>
  withResults(async (results) => {
    const finished = await start(results);
    const { experiment, cohort, slug, parameters, ...rest } = finished.record;
    const sought = { ...rest, experiment, cohort, slug, parameters };
    assertEquals((await findRun(results, sought))?.partial, true);
    await fakeTraining(finished);
    const found = await findRun(results, sought);
    assertEquals([found?.partial, found?.path], [false, finished.folder]);
    const other = { ...sought, notebookHash: "edited", methodVersion: 2 };
    assertEquals(await findRun(results, other), undefined);
    assertEquals(await differencesFromNewest(results, other), [
      "the notebook's code",
      "the version of the method",
    ]);
    assertEquals(await differencesFromNewest(results, { ...sought, slug: "seed_7" }), []);
  }));
