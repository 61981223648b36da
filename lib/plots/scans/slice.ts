/**
 * Planes of a volume as a radiologist sees them.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";

export type Plane = "axial" | "coronal" | "sagittal";

/** Of [z, y, x]. */
type Axis = 0 | 1 | 2;

/** A plane in pixels from the upper left, row by row, with where each lies in the volume. */
export interface Slice {
  plane: Plane;
  /** Place along z (axial), y (coronal) or x (sagittal), voxels. */
  index: number;
  /** Pixels down and across. */
  rows: number;
  columns: number;
  /** mm down and across. */
  size: [height: number, width: number];
  /** Flat index into the volume of each pixel. */
  voxels: Uint32Array;
}

/** The axis of [z, y, x] that a plane is perpendicular to, and those that run down and across it. */
const AXES: Record<Plane, [through: Axis, down: Axis, across: Axis]> = {
  axial: [0, 1, 2],
  coronal: [1, 0, 2],
  sagittal: [2, 0, 1],
};

/** Letters at the left and right edge: the patient's right is on the viewer's left, and the front in sagittal planes. */
export const SIDES: Record<Plane, [left: string, right: string]> = {
  axial: ["R", "L"],
  coronal: ["R", "L"],
  sagittal: ["A", "P"],
};

/** How many slices a volume has in a plane. */
export function sliceCount(shape: Shape, plane: Plane): number {
  return shape[AXES[plane][0]];
}

/**
 * One slice in the radiological convention: the volume is RAS+, so both of its in-plane axes run against the
 * picture's, upwards (anterior, or superior) and to the left (right, or anterior).
 *
 * @param shape [depth, height, width] of a volume in RAS+
 */
export function sliceOf(
  shape: Shape,
  { plane, index, spacing }: { plane: Plane; index: number; spacing: Spacing },
): Slice {
  const [through, down, across] = AXES[plane];
  const [rows, columns] = [shape[down], shape[across]];
  const strides: Shape = [shape[1] * shape[2], shape[2], 1];
  const voxels = new Uint32Array(rows * columns);
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, pixel++) {
      voxels[pixel] = index * strides[through] + (rows - 1 - row) * strides[down] +
        (columns - 1 - column) * strides[across];
    }
  }
  return { plane, index, rows, columns, size: [rows * spacing[down], columns * spacing[across]], voxels };
}

/**
 * The slice that shows the most organs; among equals, the one that shows most of each: the sum over its organs of
 * 1 + area / the organ's largest area. Without any organ it is the middle one.
 *
 * @param labels [depth, height, width] organ numbers; codes above `organs` are none
 */
export function busiestSlice(
  labels: Uint8Array,
  { shape, plane, organs }: { shape: Shape; plane: Plane; organs: number },
): number {
  const [, height, width] = shape;
  const through = AXES[plane][0];
  const slices = sliceCount(shape, plane);
  const areas = new Uint32Array(slices * (organs + 1));
  for (let voxel = 0; voxel < labels.length; voxel++) {
    const organ = labels[voxel]!;
    if (organ === 0 || organ > organs) continue;
    const x = voxel % width, y = Math.floor(voxel / width) % height, z = Math.floor(voxel / (width * height));
    const slice = ([z, y, x] as const)[through];
    areas[slice * (organs + 1) + organ]!++;
  }
  const area = (slice: number, organ: number) => areas[slice * (organs + 1) + organ]!;
  const scores = new Float64Array(slices);
  for (let organ = 1; organ <= organs; organ++) {
    let largest = 0;
    for (let slice = 0; slice < slices; slice++) largest = Math.max(largest, area(slice, organ));
    for (let slice = 0; slice < slices; slice++) {
      if (area(slice, organ) > 0) scores[slice]! += 1 + area(slice, organ) / largest;
    }
  }
  const best = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
  return scores[best]! > 0 ? best : Math.floor(slices / 2);
}
