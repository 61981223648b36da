/**
 * Fields of a text header: numbers that must be there, and geometry that must be whole.
 *
 * @module
 */
import { describeMatrix } from "../matrix.ts";
import { ScanError } from "../scan_error.ts";
import type { Affine, Shape } from "../volume.ts";

/** Fields by name, as their format spells them. */
export type HeaderFields = ReadonlyMap<string, string>;

/** @throws ScanError `header` where it is missing */
export function wantedField(fields: HeaderFields, name: string, path: string): string {
  const value = fields.get(name);
  if (value === undefined || value === "") {
    throw new ScanError("header", `wanted the field "${name}" in its header, found none`, { path });
  }
  return value;
}

/** The numbers of a field, between spaces. @throws ScanError `header` for another count, or what is no number */
export function numbersOf(
  text: string,
  { name, count, path }: { name: string; count: number; path: string },
): number[] {
  const words = text.trim().split(/\s+/), numbers = words.map(Number);
  if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
  const what = count === 1 ? "a number" : `${count} numbers`;
  throw new ScanError("header", `wanted ${what} as "${name}", found ${text}`, { path });
}

/** Lengths of the axes, x first, as a shape. @throws ScanError `dimensions` where there are not three */
export function shapeOfSizes(sizes: readonly number[], path: string): Shape {
  const [width, height, depth] = sizes;
  const voxels = sizes.reduce((product, size) => product * size, 16);
  if (
    sizes.length === 3 && sizes.every((size) => Number.isInteger(size) && size >= 1) &&
    Number.isSafeInteger(voxels)
  ) return [depth!, height!, width!];
  throw new ScanError("dimensions", `wanted one 3D volume, found ${sizes.join("×")}`, { path });
}

/** Signs that turn a space's x and y to RAS+; z is to the head in all. */
export type ToRas = readonly [x: 1 | -1, y: 1 | -1];

export const LPS_TO_RAS: ToRas = [-1, -1];

/**
 * An affine of steps along the three axes and the place of the first voxel, in a file's own space.
 *
 * @param steps mm from voxel to voxel along x, y and z of the grid: three vectors
 */
export function affineOf(
  steps: readonly (readonly number[])[],
  origin: readonly number[],
  [x, y]: ToRas,
): Affine {
  // -0 of a flipped zero would be written into files.
  const rows = [x, y, 1].map((sign, row) =>
    [...steps, origin].map((vector) => vector[row] === 0 ? 0 : sign * vector[row]!)
  );
  return [...rows, [0, 0, 0, 1]];
}

/** @throws ScanError `geometry` */
export function requireFinite(affine: Affine, path: string): void {
  if (affine.flat().every(Number.isFinite)) return;
  throw new ScanError("geometry", `wanted a finite affine, found ${describeMatrix(affine)}`, { path });
}
