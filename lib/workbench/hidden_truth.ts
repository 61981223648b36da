/**
 * THE DOOR TO HIDDEN LABELS. What a cohort hides from training is read here and nowhere else: for reports on pseudo labels and
 * for figures that put the truth beside them. Nothing that comes through here may reach a label map, a loss, a choice of
 * checkpoints or a parameter.
 *
 * @module
 */
import { maskLabels } from "../data/mask_labels.ts";
import type { LabelSet } from "../data/label_set.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { loadScan } from "../imaging/load_scan.ts";
import { toRas } from "../imaging/orientation.ts";
import { resampleLabels } from "../imaging/resample_labels.ts";
import { findStudy, type LoadedStudy } from "./load_study.ts";

/** A case's label map with every annotated organ, on the training grid. */
export interface Truth {
  /** [depth, height, width] codes. */
  labels: Uint8Array;
  organs: LabelSet;
}

/** Reads training cases' label maps with nothing hidden; of unlabelled cases nothing is known. */
export async function hiddenTruth(
  study: LoadedStudy,
): Promise<(stored: StoredCase) => Promise<Truth | undefined>> {
  const open = await findStudy(study.cohort, { showAll: true });
  const cases = new Map(open.datasets.flatMap(({ training }) => training).map((c) => [c.id, c]));
  return async (stored: StoredCase) => {
    const found = cases.get(stored.id);
    if (!found) return undefined;
    const map = await loadScan(found.label);
    const labels = resampleLabels(
      toRas({ ...map, data: maskLabels(map.data, found) }),
      study.preprocessing.spacingMm,
    );
    return { labels: labels.data, organs: found.labelSet };
  };
}
