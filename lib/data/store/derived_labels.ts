/**
 * Label maps that are made of a case's own one: completed by pseudo labels, scribbled, coarsened, dropped.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { type Groups, leavesOf } from "../groups.ts";
import { IGNORED, type LabelSet, UNCERTAIN } from "../label_set.ts";
import { organLocations } from "./locations.ts";
import { voxelCount } from "../region.ts";
import { readStoredLabels, writeStoredArray } from "./store.ts";
import type { StoredCase } from "./stored_case.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";

/** A label map beside a case's own, and what it says. */
export interface DerivedLabels {
  /** [depth, height, width] of the case: label codes, true and pseudo, UNCERTAIN where neither is known. */
  labels: Uint8Array;
  /** Labels that are still true: some of the case's, or groups of them. @default the case's */
  labelSet?: LabelSet;
  /** Organs with pseudo labels, none of the label set. @default [] */
  pseudoSet?: LabelSet;
  /** Voxels that are not annotated may have a label of the label set, or background, of which a network was sure. @default false */
  grown?: boolean;
}

/**
 * Stores a derived label map and returns the case with it; the case's own one stays as it is.
 *
 * Nothing true may be made up: a voxel keeps its label, or has a group around it, or is IGNORED; where the label set has left it,
 * and in the background, it is background, UNCERTAIN or a pseudo label. What is IGNORED stays so, but in grown maps.
 *
 * @param folder where label maps are kept, each under a name made of its content
 * @throws RangeError when the map is none of this case, has a code outside of both sets, or contradicts the true labels
 */
export async function writeDerivedLabels(
  { locations: _, ...stored }: StoredCase,
  { labels, labelSet = stored.labelSet, pseudoSet = [], grown = false }: DerivedLabels,
  folder: string,
): Promise<StoredCase> {
  const { id, shape, groups } = stored;
  const fail = (wanted: string, present: string): never => {
    throw new RangeError(`Cannot derive the labels of case ${id}: ${wanted}, ${present}`);
  };
  if (labels.length !== voxelCount(shape)) {
    fail(`there must be one for each voxel of [${shape}]`, `there are ${labels.length}`);
  }
  const trueOrgans = leavesOf(stored.labelSet, groups), leaves = leavesOf(labelSet, groups);
  const madeUp = leaves.filter((organ) => !trueOrgans.includes(organ));
  if (madeUp.length > 0) fail("the label set must be of true labels", `organs ${madeUp} have none`);
  const both = pseudoSet.filter((organ) => leaves.includes(organ));
  if (both.length > 0) fail("a pseudo-labelled organ must have no true labels", `organs ${both} have both`);
  const known = new Set([0, UNCERTAIN, IGNORED, ...labelSet, ...pseudoSet]);
  const truth = await readStoredLabels(stored);
  const possible = possibleCodes({ labelSet, pseudoSet, groups, grown });
  for (let v = 0; v < labels.length; v++) {
    const was = truth[v]!, is = labels[v]!;
    if (!known.has(is)) fail(`codes must be one of ${[...known]}`, `voxel ${v} has ${is}`);
    if (!possible(was).has(is)) fail("true labels must stay", `voxel ${v} was ${was} and is ${is}`);
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
    labelSet,
    pseudoSet,
    locations: organLocations(labels, [...labelSet, ...pseudoSet]),
  };
}

interface Sets {
  labelSet: LabelSet;
  pseudoSet: LabelSet;
  groups?: Groups | undefined;
  grown: boolean;
}

/** A function from a true code to what a derived map may say there. */
function possibleCodes({ labelSet, pseudoSet, groups, grown }: Sets): (truth: number) => ReadonlySet<number> {
  const table = Array.from({ length: 256 }, (_, truth) => {
    if (truth === IGNORED) return new Set(grown ? [IGNORED, 0, ...labelSet] : [IGNORED]);
    const organs = leavesOf([truth], groups);
    const covering = labelSet.filter((label) => {
      const leaves = leavesOf([label], groups);
      return organs.every((organ) => leaves.includes(organ));
    });
    return new Set(covering.length > 0 ? [IGNORED, ...covering] : [0, UNCERTAIN, IGNORED, ...pseudoSet]);
  });
  return (truth) => table[truth]!;
}
