/**
 * Validation Dice of label maps, whoever made them: one code scores all contestants.
 *
 * @module
 */
import { join } from "@std/path";
import type { Study, StudyCase } from "../../lib/data/cohorts/study.ts";
import { namesOfLabels } from "../../lib/data/cohorts/study.ts";
import { maskOfLabel } from "../../lib/data/groups.ts";
import { judgedPart } from "../../lib/data/label_set.ts";
import { loadLabelMap } from "../../lib/data/datasets/label_map.ts";
import { loadMasked } from "../../lib/data/load_masked.ts";
import { laidOn } from "../../lib/data/datasets/same_grid.ts";
import { dice } from "../../lib/metrics/overlap.ts";
import { statisticOf } from "../../lib/metrics/statistics.ts";
import { rawCases } from "./raw_folder.ts";

export interface DiceScores {
  /** Of organs and groups by name, the mean over the validation scans in which they are annotated. */
  organs: Record<string, number>;
  /** The mean over organs and groups. */
  dice: number;
}

/**
 * Dice on the scans' own grids; of what is in neither label map, none.
 *
 * @param folder label maps of the study's validation scans, named as in {@linkcode rawCases}; values are organ numbers
 * @throws Error where a label map is missing or lies on another grid than its scan's labels
 */
export async function scorePredictions(study: Study, folder: string): Promise<DiceScores> {
  const scores = new Map<number, number[]>();
  for (const { name, scan } of rawCases(study).validation) {
    const truth = await loadMasked(scan);
    const predicted = await loadLabelMap(join(folder, `${name}.nii.gz`));
    const laid = laidOn(truth, predicted, { name: "the prediction" });
    for (
      const [label, score] of scoreScan(
        Uint8Array.from(laid.data as Uint8Array),
        truth.data,
        scan,
      )
    ) {
      scores.set(label, [...scores.get(label) ?? [], score]);
    }
  }
  return meansOf(new Map([...namesOfLabels(study)].map(([label, name]) => [name, scores.get(label) ?? []])));
}

/** Dice of each annotated label of a scan. */
function scoreScan(
  prediction: Uint8Array,
  truth: Uint8Array,
  { labelSet, groups }: Pick<StudyCase, "labelSet" | "groups">,
): [label: number, dice: number][] {
  const judged = judgedPart(prediction, truth);
  const masked = (map: Uint8Array, label: number) => maskOfLabel(map, label, groups);
  return labelSet.map((label) => [
    label,
    dice({ prediction: masked(judged, label), truth: masked(truth, label) }),
  ]);
}

/** Of what no scan shows there is no mean. */
export function meansOf(scores: ReadonlyMap<string, readonly number[]>): DiceScores {
  const means = [...scores].map(([name, all]) => [name, statisticOf(all, "mean")] as const)
    .filter(([, mean]) => !Number.isNaN(mean));
  return { organs: Object.fromEntries(means), dice: statisticOf(means.map(([, mean]) => mean), "mean") };
}
