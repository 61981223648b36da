/**
 * A study's scribbles grown by a network, as a stage: made once for the same cases, network and options.
 *
 * @module
 */
import { IGNORED } from "../../data/label_set.ts";
import { readStoredImage, readStoredLabels } from "../../data/store/store.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { Shape } from "../../imaging/volume.ts";
import { weightsHash } from "../../models/weights.ts";
import { engineVersion } from "../../training/engine_version.ts";
import type { Recorder } from "../../training/recorder.ts";
import type { TrainedModel } from "../../training/train.ts";
import { deriveLabels } from "../derive_labels.ts";
import { decodersPredictor, growLabels } from "./grow_labels.ts";

/** Raised by hand when the same cases, network and options give other labels. */
const VERSION = 1;

export interface GrowStudyOptions {
  model: TrainedModel;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  entropyThreshold: number;
}

/** Voxels of a label over all cases. */
export interface GrownVoxels {
  /** 0 for background. */
  code: number;
  scribbled: number;
  grown: number;
}

export interface GrownStudy {
  /** By dataset. */
  grown: StoredCase[][];
  rows: GrownVoxels[];
}

/** @param scribbled training cases of each dataset */
export async function growStudy(
  scribbled: readonly (readonly StoredCase[])[],
  recorder: Recorder,
  { model, window, entropyThreshold }: GrowStudyOptions,
): Promise<GrownStudy> {
  const predictor = decodersPredictor(model), { head, decoders } = model.model;
  const { datasets, rows } = await deriveLabels<GrownVoxels[], GrownVoxels>(scribbled, recorder, {
    name: "grown_scribbles",
    options: {
      window,
      entropyThreshold,
      version: VERSION,
      engine: engineVersion,
      network: { organs: model.organs, head: head.plan, decoders, weights: weightsHash(model.model) },
    },
    async derive(stored, signal) {
      const [image, scribbles] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
      const { shape, labelSet } = stored;
      const options = { shape, labelSet, window, predictor, entropyThreshold, signal };
      const labels = growLabels(image, scribbles, options);
      return { labels, grown: true, note: countVoxels(scribbles, labels) };
    },
    settle: (notes) => ({ kept: notes.map(() => []), rows: sumByCode(notes.flat()) }),
  });
  return { grown: datasets, rows };
}

function countVoxels(scribbles: Uint8Array, grown: Uint8Array): GrownVoxels[] {
  const counts = new Map<number, GrownVoxels>();
  grown.forEach((code, voxel) => {
    if (code === IGNORED) return;
    const own = counts.get(code) ?? { code, scribbled: 0, grown: 0 };
    counts.set(code, own);
    own[scribbles[voxel] === IGNORED ? "grown" : "scribbled"]++;
  });
  return [...counts.values()];
}

function sumByCode(counts: readonly GrownVoxels[]): GrownVoxels[] {
  return [...Map.groupBy(counts, ({ code }) => code)].map(([code, own]) => ({
    code,
    scribbled: own.reduce((sum, { scribbled }) => sum + scribbled, 0),
    grown: own.reduce((sum, { grown }) => sum + grown, 0),
  })).sort((a, b) => a.code - b.code);
}
