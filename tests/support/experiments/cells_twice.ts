/**
 * The cells of `single_marginal` on the tiny cohort as a notebook's user runs them: to the end, then all once more, then
 * one with an input that there is not. Prints, as JSON, whether files of the results changed meanwhile, and what was said of the last.
 */
import { join } from "@std/path";
import { resultsFolder } from "../../../lib/workbench/project.ts";
import { evaluate, keepFigure, loadCohort, startRun, trainStage } from "../../../lib/notebook/train.ts";
import { organDice } from "../../../lib/notebook/plots.ts";
import { tinyCohort } from "./tiny_task.ts";

const study = await loadCohort(tinyCohort);
const run = await startRun("single_marginal", study, {
  cohort: tinyCohort,
  seed: 1,
  showAll: false,
  fullOrganSteps: 0,
  learningRate: 0,
});

async function cells(): Promise<number> {
  const { models } = await trainStage(study, run, "single");
  const scores = await evaluate(study, run, models);
  await keepFigure(organDice(scores), { run, name: "organ_dice" });
  await run.finish(scores);
  return scores[0]!.dice;
}

/** Hashes of all files by path. */
async function filesIn(folder: string): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(folder), async ({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return await filesIn(path);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path)));
    return [`${path} ${hash.toHex()}`];
  });
  return files.flat().sort();
}

const first = await cells();
const before = await filesIn(resultsFolder);
const second = await cells();
// Notebooks are not type-checked.
const odd = { seed: 2 } as unknown as { seed: object[] };
const refusal = await trainStage(study, run, "single", odd).then(() => "", (error) => error.message);
const same = JSON.stringify(await filesIn(resultsFolder)) === JSON.stringify(before);
console.log(JSON.stringify({ same, equal: first === second, files: before.length, refusal }));
