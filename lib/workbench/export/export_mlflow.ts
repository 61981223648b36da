/**
 * `export mlflow <cohort> --out <folder>`: finished runs where MLflow's own pages open them.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { scoreArms } from "../../comparison/score_arms.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";
import { metrics as everyMetric } from "../../metrics/metric.ts";
import { metricsOf } from "../../metrics/score_row.ts";
import type { RunSummary } from "../../runs/folder/list_runs.ts";
import { readHistory, readWholeRun } from "../../runs/folder/read_run.ts";
import { typed } from "../../setup/typed.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { refuse, showHelp } from "../../terminal/usage.ts";
import { resultLines } from "../choices.ts";
import { resultsName } from "../cohort_paths.ts";
import { findArms } from "../find_arms.ts";
import { resultsFolder } from "../project.ts";
import { type LoggedRun, type LoggedValue, writeExperiment } from "./mlflow_store.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("export mlflow <cohort> --out <folder>")}

Writes a cohort's finished runs as a file store of MLflow: parameters, scores by
organ, every loss term by step, the run's tables. MLflow shows them:
  mlflow ui --backend-store-uri <folder>

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Options:
  --out <folder>   a folder that is not there yet
  --arms <names>   which arms, as tables name them, separated by commas
                   (default: all finished)`;
}

const options = { out: { type: "string" }, arms: { type: "string", default: "all" } } as const;

/** Tables that are shown with a run. */
const TABLES = ["run.json", "metrics.csv", "history.csv", "pseudo_labels.csv", "postprocessing.csv"];

/** Runs the command; returns the exit code. */
export async function exportMlflow(
  args: string[],
  { results = resultsFolder }: { results?: string } = {},
): Promise<number> {
  const { values, positionals: [asked] } = readArguments(args, { action: "export mlflow", options, most: 1 });
  if (values.help) return showHelp(await usage(results));
  if (asked === undefined || values.out === undefined) {
    const missing = asked === undefined ? "no cohort is named" : "--out is missing";
    return refuse(await usage(results), `Cannot export mlflow: ${missing}`);
  }
  const out = resolve(values.out), cohort = await resultsName(asked, results);
  if (await exists(out)) throw new Error(`Cannot export mlflow: --out must not be there yet (${out})`);
  const { arms } = await findArms(cohort, values.arms, { results, told: asked });
  const logged: LoggedRun[] = [];
  for (const { name, runs } of arms) for (const run of runs) logged.push(await logOf(run, name));
  await writeWholeFolder(
    out,
    (folder) => writeExperiment({ folder, final: out }, { name: cohort, runs: logged }),
  );
  console.error(`${logged.length} runs of ${arms.length} arms`);
  console.log(shortPath(out));
  return 0;
}

async function logOf(run: RunSummary, arm: string): Promise<LoggedRun> {
  const { record, folder } = run,
    [started, ended] = [record.attempts[0]?.started, record.attempts.at(-1)?.ended];
  const tables = await Promise.all(
    TABLES.map(async (name) => [name, await readTextIfThere(join(folder, name))] as const),
  );
  const texts = Object.entries(record.parameters).map(([name, value]) => [name, String(value)]);
  const tags = {
    arm,
    cohort: record.cohort,
    experiment: record.experiment,
    ...record.seed === undefined ? {} : { seed: String(record.seed) },
    ...record.git && { "mlflow.source.git.commit": record.git.commit },
    dataHash: record.dataHash,
  };
  return {
    name: run.name,
    started: started === undefined ? 0 : Date.parse(started),
    ended: ended === undefined ? 0 : Date.parse(ended),
    parameters: Object.fromEntries(texts),
    tags,
    metrics: { ...await scoresOf(run), ...await termsOf(run) },
    artifacts: Object.fromEntries(tables.filter((pair): pair is [string, string] => pair[1] !== undefined)),
  };
}

/** The metric's own statistic over cases, by organ and as their mean. */
async function scoresOf(run: RunSummary): Promise<Record<string, LoggedValue[]>> {
  const rows = await readWholeRun(run);
  return Object.fromEntries(
    metricsOf(rows).flatMap((metric) => {
      const { organs, arms: [arm] } = scoreArms(rows, { metric }),
        { column, statistic } = everyMetric[metric];
      const scores = [
        ...organs.map((organ, index) => [organ, arm!.organs[index]!] as const),
        ["mean over organs", arm!.mean] as const,
      ];
      return scores.map(([organ, { value }]) => [`${statistic}_${column}/${organ}`, [{ value }]]);
    }),
  );
}

/** Terms of the loss and validation scores, step by step. */
async function termsOf(run: RunSummary): Promise<Record<string, LoggedValue[]>> {
  const found = new Map<string, LoggedValue[]>();
  for (const { stage, model, step, terms } of await readHistory(run)) {
    for (const [term, value] of Object.entries(terms)) {
      // A term may be of an organ, `validation_dice/liver`; a file cannot be a folder, too.
      const key = `${stage}/${model}/${term.replaceAll("/", ".")}`;
      if (!found.has(key)) found.set(key, []);
      found.get(key)!.push({ value, step });
    }
  }
  return Object.fromEntries(found);
}
