/**
 * A preprocessed case as training sees it: on disk, cut in chunks, its label map already masked.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import type { Groups } from "../groups.ts";
import type { LabelSet, OrganNumber } from "../label_set.ts";

export interface StoredCase {
  /** Unique in its study. */
  id: string;
  /** Name of the dataset it belongs to. */
  dataset: string;
  /** [depth, height, width] after resampling, RAS+. */
  shape: Shape;
  /** Organs and groups with true labels: A_x of METHOD section 0. */
  labelSet: LabelSet;
  /** Organs with pseudo labels; empty before completion. */
  pseudoSet: LabelSet;
  /** Folder of the Zarr array of intensities, float32, already normalised. */
  image: string;
  /** Folder of the Zarr array of label codes, uint8 (see label_set.ts). */
  labels: string;
  /** Up to 1,000 voxels (flat indices into `shape`) of each organ and group of labelSet and pseudoSet, seeded. */
  locations: Record<OrganNumber, number[]>;
  /** Organs that its dataset calls otherwise: they are not decided for in it. @default none */
  without?: LabelSet;
  /** The study's groups, which the label set may hold. @default none */
  groups?: Groups;
}
