/**
 * From a label map as its file has it to the codes training may see.
 *
 * @module
 */
import type { VoxelArray } from "../imaging/volume.ts";
import { IGNORED, type LabelSet, type OrganNumber } from "./label_set.ts";

export interface Mask {
  /** The organs annotated in the case. */
  labelSet: LabelSet;
  /** Value in the file → organ. */
  values: Readonly<Record<number, OrganNumber>>;
  /** Value in the file of voxels that are not annotated. @default every voxel is annotated */
  ignored?: number;
}

/**
 * Translates a label map into organ numbers. A value that stands for no organ of the label set becomes 0: hidden organs
 * end here, before anything else looks at the map. A voxel that is not annotated becomes IGNORED.
 *
 * @param data whole numbers, as {@linkcode loadLabelMap} reads them, any shape
 * @returns label codes, same shape
 */
export function maskLabels(data: VoxelArray, { labelSet, values, ignored }: Mask): Uint8Array<ArrayBuffer> {
  const organs = new Map<number, OrganNumber>();
  for (const [value, organ] of Object.entries(values)) {
    if (labelSet.includes(organ)) organs.set(Number(value), organ);
  }
  if (ignored !== undefined) organs.set(ignored, IGNORED);
  const codes = new Uint8Array(data.length);
  // Neighbouring voxels are mostly equal, so the last value is remembered.
  let last: number | bigint = 0;
  let code = organs.get(0) ?? 0;
  for (let v = 0; v < data.length; v++) {
    if (data[v] !== last) {
      last = data[v]!;
      code = organs.get(Number(last)) ?? 0;
    }
    codes[v] = code;
  }
  return codes;
}
