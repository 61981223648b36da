/** Runs for tests of the catalogue: in memory, and on disk in every state. */
import type { CatalogueRun } from "../../../../lib/comparison/catalogue/catalogue.ts";
import type { Parameters } from "../../../../lib/runs/notebooks/parameters.ts";
import type { RunRecord } from "../../../../lib/runs/folder/run_record.ts";
import type { ScoreRow } from "../../../../lib/metrics/score_row.ts";
import { openRun, type Run } from "../../../../lib/runs/open_run.ts";
import { StoppedError } from "../../../../lib/runs/progress/stop_signal.ts";
import { fakeOptions } from "../../runs/fake_training.ts";

/** A run as the catalogue would have read it; its seed is a parameter. */
export function catalogueRun(
  parameters: Parameters,
  changes: Partial<Omit<RunRecord, "scores">> & Partial<Pick<CatalogueRun, "dice" | "state" | "scores">> = {},
): CatalogueRun {
  const { dice = 0.5, state = "finished", ...others } = changes;
  const { scores = state === "finished" ? [score("liver", dice)] : [], ...record } = others;
  return {
    name: "toy/mutual/default/v001",
    folder: "v001",
    dice,
    scores,
    state,
    record: {
      experiment: "mutual",
      cohort: "toy",
      slug: "default",
      version: 1,
      status: "finished",
      identity: "",
      parameters,
      seed: parameters.seed as number | undefined,
      methodVersion: 1,
      engineVersion: 1,
      notebookHash: "n",
      dataHash: "d",
      cases: {},
      inputs: {},
      stages: [],
      notes: [],
      attempts: [],
      versions: {},
      machine: { host: "", system: "", threads: 1 },
      ...record,
    },
  };
}

export const score = (organ: string, dice: number, row: Partial<ScoreRow> = {}): ScoreRow => ({
  case: "case_1",
  dataset: "full",
  organ,
  dice,
  hd95: 4,
  assd: 1,
  nsd: 1,
  ...row,
});

export type End = "finished" | "failed" | "stopped" | "killed" | "running";

/** A run on disk that ended so; of a running one this process holds the lock. */
export async function runOnDisk(
  results: string,
  parameters: Parameters,
  end: End = "finished",
): Promise<Run> {
  const { experiment = "mutual", ...own } = parameters;
  const run = await openRun(experiment as string, { cohort: "toy", ...own }, fakeOptions(results));
  if (end === "finished") await run.finish([score("liver", 0.8), score("spleen <b>", 0.6)]);
  if (end === "failed") await run.fail(new Error("no memory"));
  if (end === "stopped") await run.fail(new StoppedError("Stopped"));
  // The run's record says that it runs; its lock file is another one than the one that is held.
  if (end === "killed") {
    await Deno.remove(`${run.folder}/lock`);
    await Deno.writeTextFile(`${run.folder}/lock`, "");
  }
  return run;
}
