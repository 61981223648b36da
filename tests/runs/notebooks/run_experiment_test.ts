import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { listRuns, readMetrics } from "../../../lib/notebook/results.ts";
import { readNotebook } from "../../../lib/runs/notebooks/notebook.ts";
import type { ExperimentResult } from "../../../lib/runs/notebooks/run_experiment.ts";
import type { RunEvent } from "../../../lib/runs/progress/watchers.ts";
import { eventually } from "../../support/eventually.ts";
import { isAlive, processState } from "../../support/processes.ts";
import { holdAt } from "../../support/runs/fake_training.ts";
import { type ToyOptions, writeToyNotebook } from "../../support/runs/toy_notebook.ts";
import { runToy, type ToyTaskOptions } from "../../support/runs/toy_task.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

interface Start extends ToyOptions, ToyTaskOptions {}

const resultsIn = (folder: string) => join(folder, "results");

async function start(folder: string, options: Start = {}): Promise<ExperimentResult> {
  await writeToyNotebook(join(folder, "toy.ipynb"), resultsIn(folder), options);
  return await runToy(folder, options);
}

Deno.test("a notebook runs into a whole folder, once; its outputs of scans are not kept", () =>
  withFolder(async (folder) => {
    const events: RunEvent[] = [];
    const { folder: run, failure } = await start(folder, { onEvent: (event) => events.push(event) });
    assertEquals([failure, run.name, run.record.status], [undefined, "toy/toy/seed_2/v001", "finished"]);
    const files = (await Array.fromAsync(Deno.readDir(run.path))).map(({ name }) => name).sort();
    assertEquals(files, ["history.csv", "metrics.csv", "notebook.ipynb", "run.json"]);
    const notebook = await Deno.readTextFile(join(run.path, "notebook.ipynb"));
    assert(
      notebook.includes("seed = 2;") && !notebook.includes("SECRET\\n") && !notebook.includes("input_path"),
    );
    assertEquals((await readMetrics({ folder: run.path })).length, 1);
    assertEquals((await listRuns("toy", { results: join(folder, "results") })).map(({ name }) => name), [
      run.name,
    ]);
    assert(events.some((event) => event.kind === "kernel"));
    const last = events.findLast((event) => event.kind === "progress")!;
    assertEquals([last.progress.stage, last.progress.step], ["second", 40]);
    assertEquals((await start(folder)).folder.origin, "finished");
  }));

Deno.test("what runs is the notebook as it was read, and the given parameters, whatever an editor saves meanwhile", () =>
  withFolder(async (folder) => {
    const path = join(folder, "toy.ipynb");
    const { failure, folder: run } = await start(folder, {
      onFolder: () => Deno.writeTextFileSync(path, "half a notebook"),
    });
    assertEquals([failure, run.record.status, run.record.seed], [undefined, "finished", 2]);
    assertEquals((await Array.fromAsync(Deno.readDir(run.path))).map(({ name }) => name).sort(), [
      ...["history.csv", "metrics.csv", "notebook.ipynb", "run.json"],
    ]);
  }));

Deno.test("a failing notebook is marked, kept up to the failing cell, counted by no table, and resumed", () =>
  withFolder(async (folder) => {
    const { failure, folder: run } = await start(folder, { last: 'throw new TypeError("no such organ")' });
    assertEquals([failure!.name, failure!.message], ["TypeError", "no such organ"]);
    assertEquals([run.record.status, run.path.endsWith("v001.partial")], ["failed", true]);
    const { cells } = await readNotebook(join(run.path, "notebook.ipynb"));
    assertEquals(failure!.cell, 6, "counted with the cell of given parameters");
    // papermill puts a link at the top, and its target above the cell that failed.
    assertMatch(cells[0]!.source, /href="#papermill-error-cell"/);
    const target = cells.findIndex(({ source }) => source.includes('id="papermill-error-cell"'));
    const [failed, after] = cells.slice(target + 1);
    assertMatch(failed!.source, /no such organ/);
    assertEquals([failed!.outputs!.at(-1)!.output_type, after], ["error", undefined]);
    assertEquals(await listRuns("toy", { results: join(folder, "results") }), []);
    const mended = await start(folder);
    assertEquals(mended.folder.name, "toy/toy/seed_2/v002", "another notebook is another run");
  }));

Deno.test("a notebook that never finishes its run has failed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "toy.ipynb");
    const { failure } = await start(folder, { last: 'await Deno.remove(run.folder + "/metrics.csv")' });
    assertEquals([failure!.name, path], ["UnfinishedRun", path]);
  }));

Deno.test("asked to stop, the kernel saves a checkpoint; the same start goes on to the end", () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "progress" && event.progress.step > 1) stop.abort();
    };
    await holdAt("first 10", resultsIn(folder));
    const { failure, stopped, folder: run } = await start(folder, { stop: stop.signal, onEvent });
    assertEquals([failure!.name, stopped, run.record.status], ["StoppedError", true, "stopped"]);
    const again = await start(folder);
    assertEquals([again.folder.name, again.folder.record.status], [run.name, "finished"]);
    assertEquals(again.folder.record.attempts.map(({ status }) => status), ["stopped", "finished"]);
  }));

Deno.test("SIGTERM to every process at once, as by Slurm, is the task's to obey: a checkpoint is saved", () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    let [kernel, killed] = [0, false];
    const onEvent = (event: RunEvent) => {
      if (event.kind === "kernel") kernel = event.process;
      if (event.kind !== "progress" || event.progress.step <= 1 || killed) return;
      killed = true;
      for (const process of [processState(kernel)!.parent, kernel]) Deno.kill(process, "SIGTERM");
      setTimeout(() => stop.abort(), 300); // whom the signal ends has ended by then
    };
    await holdAt("first 10", resultsIn(folder));
    const { failure } = await start(folder, { stop: stop.signal, onEvent });
    assertEquals(failure!.name, "StoppedError");
    assertEquals((await start(folder)).folder.record.status, "finished");
  }));

Deno.test("killed with -9, the task takes papermill and the kernel with it; the same start goes on", () =>
  withFolder(async (folder) => {
    await writeToyNotebook(join(folder, "toy.ipynb"), resultsIn(folder));
    await holdAt("first 10", resultsIn(folder));
    const task = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        new URL("../../support/runs/toy_task.ts", import.meta.url).pathname,
        folder,
      ],
      stdout: "null",
    }).spawn();
    const partial = join(resultsIn(folder), "toy/toy/seed_2/v001.partial");
    const ended = task.status.then(({ code }) => `exit code ${code}`);
    const kernel = await eventually(async () => {
      const lines = (await Deno.readTextFile(join(partial, "progress.jsonl"))).split("\n");
      assert(lines.some((line) => line.includes('"progress"')));
      return JSON.parse(lines[0]!).process as number;
    }, { ended });
    task.kill("SIGKILL");
    await task.status;
    await eventually(() => assert(!isAlive(kernel)));
    await holdAt("", resultsIn(folder));
    const { folder: run, failure } = await runToy(folder);
    assertEquals([failure, run.record.attempts.length], [undefined, 2]);
  }));
