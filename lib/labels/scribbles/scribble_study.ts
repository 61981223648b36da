/**
 * Scribbles in place of a study's labels, as a stage: drawn once for the same cases and options.
 *
 * @module
 */
import { IGNORED } from "../../data/label_set.ts";
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import { readStoredLabels } from "../../data/store/store.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { Recorder } from "../../training/recorder.ts";
import { deriveLabels } from "../derive_labels.ts";
import type { ScribbleOptions } from "./component_scribble.ts";
import { DENSE, scribbleMap, type ScribbleShares, sumOfShares } from "./scribble_map.ts";
import { alongAxis, coarsestAxis } from "./slice_axis.ts";

/** Raised by hand when the same cases and options give other scribbles. */
const VERSION = 2;

export interface ScribbleStudyOptions extends ScribbleOptions {
  seed: number;
}

export interface ScribbledStudy {
  /** Training cases by dataset: all but scribbles is not annotated. */
  scribbled: StoredCase[][];
  /** Validation cases, likewise: who has scribbles has no dense labels to choose by. */
  validation: StoredCase[][];
  /** Of training, by label code, 0 for background, over all cases. */
  shares: [code: number, shares: ScribbleShares][];
}

/**
 * Scribbles on the network's grid, in slices across its axis of the largest spacing.
 *
 * @throws Error when labels are scribbles already
 */
export async function scribbleStudy(
  { datasets, preprocessing }: Pick<PreparedStudy, "datasets" | "preprocessing">,
  recorder: Recorder,
  { seed, length, thickness }: ScribbleStudyOptions,
): Promise<ScribbledStudy> {
  const axis = coarsestAxis(preprocessing.spacingMm);
  const training = datasets.map(({ training }) => training);
  const derived = await deriveLabels<[number, ScribbleShares][], [number, ScribbleShares]>(
    [...training, ...datasets.map(({ validation }) => validation)],
    recorder,
    {
      name: "scribbles",
      options: { seed, length, thickness, axis, version: VERSION },
      async derive(stored) {
        const { id, shape } = stored, dense = await readStoredLabels(stored);
        requireDense(dense, id);
        let note: [number, ScribbleShares][] = [];
        const labels = alongAxis(dense, { shape, axis }, (slices, turned) => {
          const keys = [seed, id];
          const map = scribbleMap(slices, turned, { keys, notAnnotated: IGNORED, length, thickness });
          note = [...map.shares];
          return map.labels;
        });
        return { labels, note };
      },
      settle(notes) {
        const codes = Map.groupBy(notes.slice(0, training.flat().length).flat(), ([code]) => code);
        const rows = [...codes].map(([code, all]): [number, ScribbleShares] => [
          code,
          sumOfShares(...all.map(([, shares]) => shares)),
        ]);
        return { kept: notes.map(() => []), rows: rows.sort(([a], [b]) => a - b) };
      },
    },
  );
  return {
    scribbled: derived.datasets.slice(0, datasets.length),
    validation: derived.datasets.slice(datasets.length),
    shares: derived.rows,
  };
}

function requireDense(labels: Uint8Array, id: string): void {
  const annotated = labels.filter((code) => code !== IGNORED).length / labels.length;
  if (annotated >= DENSE) return;
  throw new Error(
    `Cannot draw scribbles: labels must be dense, of case ${id} ${
      (100 * annotated).toFixed(1)
    } % is annotated; to learn from ` +
      "them as they are, set scribbles=given",
  );
}
