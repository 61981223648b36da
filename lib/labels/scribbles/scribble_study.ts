/**
 * Scribbles in place of a study's training labels, as a stage: drawn once for the same cases and options.
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
import { scribbleMap, type ScribbleShares, sumOfShares } from "./scribble_map.ts";
import { alongAxis, coarsestAxis } from "./slice_axis.ts";

/** Raised by hand when the same cases and options give other scribbles. */
const VERSION = 1;

export interface ScribbleStudyOptions extends ScribbleOptions {
  seed: number;
}

export interface ScribbledStudy {
  /** Training cases by dataset: all but scribbles is not annotated. */
  scribbled: StoredCase[][];
  /** By label code, 0 for background, over all cases. */
  shares: [code: number, shares: ScribbleShares][];
}

/** Scribbles on the network's grid, in slices across its axis of the largest spacing. */
export async function scribbleStudy(
  study: PreparedStudy,
  recorder: Recorder,
  { seed, length, thickness }: ScribbleStudyOptions,
): Promise<ScribbledStudy> {
  const axis = coarsestAxis(study.preprocessing.spacingMm);
  const { datasets, rows } = await deriveLabels<[number, ScribbleShares][], [number, ScribbleShares]>(
    study.datasets.map(({ training }) => training),
    recorder,
    {
      name: "scribbles",
      options: { seed, length, thickness, axis, version: VERSION },
      async derive(stored) {
        let note: [number, ScribbleShares][] = [];
        const labels = alongAxis(
          await readStoredLabels(stored),
          { shape: stored.shape, axis },
          (slices, shape) => {
            const map = scribbleMap(slices, shape, {
              keys: [seed, stored.id],
              notAnnotated: IGNORED,
              length,
              thickness,
            });
            note = [...map.shares];
            return map.labels;
          },
        );
        return { labels, note };
      },
      settle(notes) {
        const codes = Map.groupBy(notes.flat(), ([code]) => code);
        const rows = [...codes].map(([code, all]): [number, ScribbleShares] => [
          code,
          sumOfShares(...all.map(([, shares]) => shares)),
        ]);
        return { kept: notes.map(() => []), rows: rows.sort(([a], [b]) => a - b) };
      },
    },
  );
  return { scribbled: datasets, shares: rows };
}
