import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readCatalogue } from "../../../lib/comparison/catalogue/catalogue.ts";
import { removeRun, unusedStages } from "../../../lib/comparison/catalogue/prune.ts";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { openRun } from "../../../lib/runs/open_run.ts";
import { StoppedError } from "../../../lib/runs/progress/stop_signal.ts";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";
import { fakeOptions, fakeStage, fakeTraining } from "../../support/runs/fake_training.ts";
import { writeNotebook } from "../../support/runs/toy_notebook.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const start = (results: string) => openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(results));
const partial = (results: string) => join(results, "toy/mutual/seed_1/v001.partial");

/** What `task runs` says of the only run there is. */
async function stateIn(results: string): Promise<string> {
  const [run] = await readCatalogue(results, {
    onUnreadable: (error) => {
      throw error;
    },
  });
  return run!.state;
}

Deno.test("an error within a run's work marks it failed, a stop stopped; work that goes on takes it up again", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await assertRejects(() => run.during(() => Promise.reject(new Error("no memory"))), Error, "no memory");
    assertEquals(await stateIn(results), "failed");
    const stop = run.during(() => {
      run.progress({ stage: "first", step: 12, steps: 120 });
      return Promise.reject(new StoppedError("Stopped"));
    });
    await assertRejects(
      () => stop,
      StoppedError,
      "Stopped after step 12 of 120; run this cell again to go on.",
    );
    assertEquals(await stateIn(results), "stopped");
    // The notebook holds it: nobody takes it, or its stages, away.
    assertEquals([await removeRun(partial(results)), await unusedStages(results, "toy")], [false, []]);
    await run.during(async () => {
      assertEquals(await stateIn(results), "running");
      await fakeTraining(run);
    });
    assertEquals(await stateIn(results), "finished");
    const { attempts } = (await readRunRecord(join(results, "toy/mutual/seed_1/v001")))!;
    assertEquals(attempts.map(({ status, error }) => [status, error]), [
      ["failed", "no memory"],
      ["stopped", "Stopped after step 12 of 120; run this cell again to go on."],
      ["finished", undefined],
    ]);
  }));

Deno.test("work within work marks the run once", () =>
  withFolder(async (results) => {
    const run = await start(results);
    const inner = () => run.during(() => Promise.reject(new StoppedError("Stopped")));
    await assertRejects(
      () => run.during(inner),
      StoppedError,
      "Stopped before it began; run this cell again",
    );
    assertEquals((await readRunRecord(partial(results)))!.attempts.map(({ status }) => status), ["stopped"]);
    await run.fail(new Error("enough"));
  }));

Deno.test("a finish that fails is a failure", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await fakeStage("first", run, 1);
    await Deno.mkdir(join(partial(results), "metrics.csv"));
    await assertRejects(() => run.finish([]), Error, "metrics.csv");
    assertEquals(await stateIn(results), "failed");
    await Deno.remove(join(partial(results), "metrics.csv"));
    await run.finish([]);
    assertEquals(await stateIn(results), "finished");
  }));

const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Runs cells by papermill alone; answers whether all went well, and what it said. */
async function papermill(results: string, cells: string[]) {
  const path = join(results, "in.ipynb");
  const begin = `
const { openRun } = await import(${url("../../../lib/runs/open_run.ts")});
const { fakeOptions, fakeTraining } = await import(${url("../../support/runs/fake_training.ts")});
const run = await openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(${JSON.stringify(results)}));`;
  await writeNotebook(path, [begin, ...cells].map((source) => [[], source]));
  const { success, stderr } = await new Deno.Command(toolPaths().papermill, {
    args: [path, join(results, "out.ipynb"), "--kernel", "deno", "--no-progress-bar"],
    cwd: projectRoot,
  }).output();
  return { success, text: new TextDecoder().decode(stderr) };
}

Deno.test("plain papermill: a run whose work throws has failed, and the same notebook goes on", () =>
  withFolder(async (results) => {
    const { success, text } = await papermill(results, [
      `await run.during(() => { throw new Error("no memory"); });`,
    ]);
    assertEquals(success, false);
    assertMatch(text, /no memory/);
    assertEquals(await stateIn(results), "failed");
    const again = await papermill(results, ["await run.during(() => fakeTraining(run));"]);
    assertEquals([again.success, await stateIn(results)], [true, "finished"]);
  }));

Deno.test("plain papermill: a cell of one's own that throws, or a kernel that dies, leaves a run that was killed", () =>
  withFolder(async (results) => {
    await papermill(results, ["await missing();"]);
    assertEquals(await stateIn(results), "killed");
    await papermill(results, [
      `Deno.kill(Deno.pid, "SIGKILL"); await new Promise((done) => setTimeout(done, 60_000));`,
    ]);
    assertEquals(await stateIn(results), "killed");
  }));
