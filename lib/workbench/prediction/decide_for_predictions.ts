/**
 * Postprocessing of anybody's predictions, decided as for the project's own: by what they say of validation scans (METHOD section 0).
 *
 * @module
 */
import type { Study, StudyCase } from "../../data/cohorts/study.ts";
import type { OrganNumber } from "../../data/label_set.ts";
import { loadMasked } from "../../data/load_masked.ts";
import {
  type CandidateDice,
  candidatesOf,
  decidePostprocessing,
  judgeCandidates,
  type OrganDecision,
} from "../../inference/decide_postprocessing.ts";
import { eventLoopTurn } from "../../inference/event_loop.ts";
import { gridOf } from "../../inference/postprocessing.ts";
import { noteVolumes } from "../../inference/smallest_volumes.ts";
import { type PredictionLabels, readPrediction } from "./prediction_files.ts";

/** Validation scans, each once: datasets may share one, which then has labels of several. */
export function validationScans({ datasets }: Pick<Study, "datasets">): StudyCase[] {
  return [...new Map(datasets.flatMap(({ validation }) => validation).map((one) => [one.id, one])).values()];
}

export interface DecideOptions extends Pick<PredictionLabels, "values"> {
  /** Paths of predictions by id of the validation scans. */
  files: ReadonlyMap<string, string>;
  /** Called after every label map. */
  onProgress?: (done: number, total: number) => void;
}

/** The rule of each organ. Volumes are those of training and validation labels on the scans' own grids. */
export async function decideForPredictions(
  { organs, datasets }: Pick<Study, "organs" | "datasets">,
  { files, values, onProgress }: DecideOptions,
): Promise<OrganDecision[]> {
  const labelSet = organs.map(({ number }) => number);
  const validation = datasets.flatMap((dataset) => dataset.validation);
  const labelled = [...datasets.flatMap(({ training }) => training), ...validation];
  const total = labelled.length + validation.length;
  let done = 0;
  const smallest = new Map<OrganNumber, number>();
  for (const one of labelled) {
    await eventLoopTurn();
    const map = await loadMasked(one);
    noteVolumes(smallest, map.data, { labelSet: one.labelSet, ...gridOf(map) });
    onProgress?.(++done, total);
  }
  const candidates = candidatesOf(organs, smallest), evidence: CandidateDice[] = [];
  for (const one of validation) {
    await eventLoopTurn();
    const prediction = await readPrediction(files.get(one.id)!, { values, labelSet });
    evidence.push(...await judgeCandidates(prediction, one, candidates));
    onProgress?.(++done, total);
  }
  return decidePostprocessing(candidates, evidence);
}
