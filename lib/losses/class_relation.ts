/**
 * How classes of different datasets are related, as it is stored and shown (METHOD section 8). Nothing here loads TensorFlow.
 *
 * @module
 */
import type { OrganNumber } from "../data/label_set.ts";

/** Of a dataset's voxels that are labelled as an organ. */
export interface ClassRelation {
  dataset: string;
  organ: OrganNumber;
  /** Mean cosine of each of the study's classes, in the organs' order, -1…1. */
  cosines: readonly number[];
}
