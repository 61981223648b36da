/**
 * What one training step sees of one dataset.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import type { Groups } from "../groups.ts";
import type { LabelSet } from "../label_set.ts";

export interface PatchBatch {
  /** [batch, depth, height, width, 1], normalised intensities. */
  images: Float32Array;
  /** [batch, depth, height, width], label codes. */
  labels: Uint8Array;
  batch: number;
  /** [depth, height, width] of one patch. */
  patch: Shape;
  /** True label set of each sample: after a left/right mirroring it is the swapped one. */
  labelSets: LabelSet[];
  /** Pseudo-labelled organs of each sample. */
  pseudoSets: LabelSet[];
  /** The study's groups, which label sets may hold. @default none */
  groups?: Groups;
  /** Id of each sample's case. */
  cases: string[];
}
