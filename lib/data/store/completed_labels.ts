/**
 * Label maps of stage 2: true labels completed by pseudo labels.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { IGNORED, type LabelSet, UNCERTAIN } from "../label_set.ts";
import { organLocations } from "./locations.ts";
import { voxelCount } from "../region.ts";
import { readStoredLabels, writeStoredArray } from "./store.ts";
import type { StoredCase } from "./stored_case.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";

export interface Completion {
  /** [depth, height, width] of the case: label codes, true and pseudo, UNCERTAIN where neither is known. */
  labels: Uint8Array;
  /** Organs with pseudo labels, none of the case's label set. */
  pseudoSet: LabelSet;
  /** Where label maps are kept, each under a name made of its content. */
  folder: string;
}

/**
 * Stores a completed label map and returns the case with it; the case's own one stays as it is.
 *
 * @throws RangeError when the map is none of this case, has a code outside of both sets, or differs from the true labels
 */
export async function writeCompletedLabels(
  { locations: _, ...stored }: StoredCase,
  { labels, pseudoSet, folder }: Completion,
): Promise<StoredCase> {
  const { id, shape, labelSet } = stored;
  const fail = (wanted: string, present: string): never => {
    throw new RangeError(`Cannot complete the labels of case ${id}: ${wanted}, ${present}`);
  };
  if (labels.length !== voxelCount(shape)) {
    fail(`there must be one for each voxel of [${shape}]`, `there are ${labels.length}`);
  }
  const both = pseudoSet.filter((organ) => labelSet.includes(organ));
  if (both.length > 0) fail("a pseudo-labelled organ must have no true labels", `organs ${both} have both`);
  const known = new Set([0, UNCERTAIN, IGNORED, ...labelSet, ...pseudoSet]);
  const truth = await readStoredLabels(stored);
  for (let v = 0; v < labels.length; v++) {
    if (!known.has(labels[v])) fail(`codes must be one of ${[...known]}`, `voxel ${v} has ${labels[v]}`);
    // An annotated organ is where its true labels are, and nowhere else.
    if (labels[v] !== truth[v] && (truth[v] !== 0 || labelSet.includes(labels[v]))) {
      fail("true labels must stay", `voxel ${v} was ${truth[v]} and is ${labels[v]}`);
    }
  }
  const name = createHash("sha256").update(JSON.stringify(shape)).update(labels).digest("hex").slice(0, 32);
  const target = join(folder, name);
  if (!await exists(target)) {
    await writeWholeFolder(
      target,
      (temporary) => writeStoredArray(join(temporary, "labels"), labels, { shape }),
    );
  }
  return {
    ...stored,
    labels: join(target, "labels"),
    pseudoSet,
    locations: organLocations(labels, [...labelSet, ...pseudoSet]),
  };
}
