/**
 * Finished runs that nobody computed, as files only: for tests of catalogues, tables and pages of many runs. As a program:
 *
 *     many_runs.ts <folder of results> [<number of runs>]
 */
import { join } from "@std/path";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import { writeJson, writeWholeFile } from "../../../lib/files/whole_file.ts";
import { historyToCsv } from "../../../lib/runs/tables/history.ts";
import { identityHash } from "../../../lib/runs/folder/identity.ts";
import type { Parameters } from "../../../lib/runs/notebooks/parameters.ts";
import { type PseudoLabelRow, pseudoLabelsToCsv } from "../../../lib/runs/tables/pseudo_labels.ts";
import type { RunRecord } from "../../../lib/runs/folder/run_record.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { scoresToCsv } from "../../../lib/runs/tables/scores.ts";
import { runSlug } from "../../../lib/runs/folder/slug.ts";
import type { HistoryRow } from "../../../lib/training/recorder.ts";

export interface ManyRunsOptions {
  /** @default 200 */
  count?: number;
  /** @default "many" */
  cohort?: string;
  /** @default ["Liver", "Spleen", "RightKidney", "LeftKidney", "Stomach"] */
  organs?: readonly string[];
  /** Cases of the test set. @default 20 */
  cases?: number;
}

const experiments = ["mutual", "no_mutual_difference", "no_similarity", "independent"];
const weights = [0, 0.1, 0.3, 1, 3];
const datasets = ["A", "B", "C"];
const stages = ["partial_organ", "full_organ"];

/**
 * Writes runs of four experiments, five weights of prediction difference and as many seeds as it takes, always the same
 * for the same options. Returns their folders: `<results>/<cohort>/<experiment>/<slug>/v001`.
 */
export async function writeManyRuns(results: string, options: ManyRunsOptions = {}): Promise<string[]> {
  const { count = 200, cohort = "many" } = options;
  const defaults: Parameters = {
    cohort,
    seed: 1,
    partialOrganSteps: 120,
    learningRate: 0.01,
    predictionDifference: 1,
    featureDifference: 0.1,
    predictionDifferenceForm: "label",
    clean: true,
  };
  const folders: string[] = [];
  for (let index = 0; index < count; index++) {
    const experiment = experiments[index % experiments.length]!;
    const predictionDifference = weights[Math.floor(index / experiments.length) % weights.length]!;
    const seed = 1 + Math.floor(index / (experiments.length * weights.length));
    folders.push(
      await writeRun(results, experiment, { ...options, defaults, given: { seed, predictionDifference } }),
    );
  }
  return folders;
}

interface RunOptions extends ManyRunsOptions {
  defaults: Parameters;
  given: Parameters;
}

async function writeRun(results: string, experiment: string, options: RunOptions): Promise<string> {
  const { defaults, given, cohort = "many" } = options;
  const parameters = { ...defaults, ...given };
  const declared = Object.entries(defaults).map(([name, value]) => ({ name, value, meaning: "" }));
  const slug = await runSlug(parameters, declared);
  const folder = join(results, cohort, experiment, slug, "v001");
  const seed = given.seed as number;
  const metrics = scoresOf(experiment, options);
  await writeJson(
    join(folder, "run.json"),
    await recordOf(experiment, {
      cohort,
      slug,
      parameters,
      seed,
      cases: { test: [...new Set(metrics.map((row) => row.case))] },
    }),
  );
  await writeWholeFile(join(folder, "metrics.csv"), scoresToCsv(metrics));
  await writeWholeFile(join(folder, "history.csv"), historyToCsv(historyOf(experiment, seed)));
  await writeWholeFile(join(folder, "pseudo_labels.csv"), pseudoLabelsToCsv(pseudoLabelsOf(options)));
  const notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  await writeJson(join(folder, "notebook.ipynb"), notebook);
  return folder;
}

type KnownRecord = Pick<RunRecord, "cohort" | "slug" | "parameters" | "seed" | "cases">;

async function recordOf(experiment: string, known: KnownRecord): Promise<RunRecord> {
  const identified = {
    experiment,
    parameters: known.parameters,
    dataHash: "data",
    notebookHash: experiment,
    methodVersion: 1,
    engineVersion: 1,
    inputs: {},
  };
  const attempt = { host: "node", process: 1, status: "finished" } as const;
  return {
    ...known,
    ...identified,
    version: 1,
    status: "finished",
    identity: await identityHash(identified),
    notes: [],
    stages: stages.map((name) => ({
      name,
      hash: `${experiment}_${known.slug}_${name}`,
      seconds: 300,
      reused: false,
    })),
    attempts: [{ ...attempt, started: "2026-11-01T08:00:00.000Z", ended: "2026-11-01T08:10:00.000Z" }],
    machine: { host: "node", system: "linux 6.1 x86_64", threads: 2 },
    versions: { deno: "2.8.1", tensorflow: "2.21.0" },
    git: { commit: "0".repeat(40), modified: false },
  };
}

/** Dice around 0.8, a little higher for `mutual`; one organ of one case is missed. */
function scoresOf(experiment: string, options: RunOptions): ScoreRow[] {
  const { organs = ["Liver", "Spleen", "RightKidney", "LeftKidney", "Stomach"], cases = 20, given } = options;
  const random = createRandom("many", experiment, JSON.stringify(given));
  const shift = experiment === "mutual" ? 0.03 : 0;
  return Array.from({ length: cases }, (_, index) => `case_${index + 1}`).flatMap((name, index) =>
    organs.map((organ, o): ScoreRow => {
      if (index === 0 && o === organs.length - 1) {
        return { case: name, dataset: "full", organ, dice: 0, hd95: Infinity, assd: Infinity, nsd: 0 };
      }
      const dice = 0.75 + shift - 0.02 * o + uniform(random, [0, 0.1]);
      return {
        case: name,
        dataset: "full",
        organ,
        dice,
        hd95: 10 * (1 - dice),
        assd: 3 * (1 - dice),
        nsd: dice,
      };
    })
  );
}

function historyOf(experiment: string, seed: number): HistoryRow[] {
  const random = createRandom("many history", experiment, seed);
  return stages.flatMap((stage) =>
    Array.from({ length: 120 }, (_, k) => k + 1).flatMap((step) =>
      datasets.map((model): HistoryRow => ({
        stage,
        model,
        step,
        learningRate: 0.01 * (1 - step / 120),
        seconds: step * 2.5,
        terms: { own: 1 / (1 + step / 20) + uniform(random, [0, 0.1]), mutual: uniform(random, [0, 0.2]) },
      }))
    )
  );
}

function pseudoLabelsOf({ organs = ["Liver", "Spleen"], given }: RunOptions): PseudoLabelRow[] {
  const random = createRandom("many pseudo labels", JSON.stringify(given));
  return datasets.flatMap((dataset) =>
    organs.map((organ): PseudoLabelRow => {
      const dice = uniform(random, [0.4, 0.9]);
      const kept = dice > 0.5;
      return {
        case: `${dataset}_1`,
        dataset,
        organ,
        kept,
        filter: kept ? "" : "confidence",
        objections: kept ? [] : ["confidence"],
        voxels: 500,
        confidence: dice,
        dice,
      };
    })
  );
}

if (import.meta.main) {
  const [results, count = "200"] = Deno.args;
  console.log(`${(await writeManyRuns(results!, { count: Number(count) })).length} runs in ${results}`);
}
