/**
 * Steps of stage 1 on a real cohort with patches from the live pipeline, then equal ones with one cached batch a dataset.
 * Its output is the mean seconds of a step of each.
 *
 * deno run -A ours.ts <cohort>, with the data in CONSILIUM_DATA
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { loadStudy } from "../../../lib/workbench/load_study.ts";
import { makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { createPatchWorkers, type PatchWorkers } from "../../../lib/data/patches/patch_workers.ts";
import { partialOrgan } from "../../../lib/methods/mutual/partial_organ.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import { programArguments } from "../program_arguments.ts";
import { cachedPatches, type SteppedStage, steppedStage } from "../stepped_stage.ts";

/** Of a block: the first steps live on patches that were made while the other stage worked, or while those are being made. */
const UNMEASURED = 3, MEASURED = 7;

let live: SteppedStage, cached: SteppedStage;
await serveContestant(async () => {
  const [cohort] = programArguments(["cohort"]);
  const study = await loadStudy(cohort);
  const open = (source: PatchWorkers) =>
    steppedStage(
      (recorder, settings) => trainMethodStage(study, recorder, { stage: partialOrgan, ...settings }),
      source,
    );
  live = await open(createPatchWorkers({ workers: 1 }));
  cached = await open(cachedPatches((cases, options) => makeBatch(cases, 0, options)));
  return async () => [await block(live), await block(cached)];
});
// Its workers would keep the process alive.
await live!.close();
await cached!.close();

async function block(stage: SteppedStage): Promise<number> {
  for (let i = 0; i < UNMEASURED; i++) await stage.step();
  let seconds = 0;
  for (let i = 0; i < MEASURED; i++) seconds += await stage.step();
  return seconds / MEASURED;
}
