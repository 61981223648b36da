/**
 * Which way a volume's axes point, and turning them to RAS+ and back.
 *
 * @module
 */
import { closestRotation, composeAffines, describeMatrix, determinant3 } from "./matrix.ts";
import type { Affine, Shape, Volume, VoxelArray } from "./volume.ts";

/** For each voxel axis (x, y, z): the world axis it runs along (0 right, 1 front, 2 head), and +1 or -1. */
export type Orientation = { axis: number; sign: 1 | -1 }[];

/** Two components closer than this are a tie, which the first axis wins: rounding must not decide. */
const TIE = 1e-9;

/**
 * The closest axes of an affine, as nibabel's `io_orientation` finds them: of the shearless rotation nearest to the
 * affine, the axes choose their world axis from the most to the least decided, and none is chosen twice.
 *
 * @throws Error when the affine is not invertible.
 */
export function orientationOf(affine: Affine): Orientation {
  const zooms = [0, 1, 2].map((column) =>
    Math.hypot(affine[0][column], affine[1][column], affine[2][column])
  );
  const unit = [0, 1, 2].map((row) => [0, 1, 2].map((column) => affine[row][column] / zooms[column]));
  if (!(Math.abs(determinant3(unit)) > 1e-12)) {
    throw new Error(
      `Cannot orient volume: affine must be invertible, current value is ${describeMatrix(affine)}`,
    );
  }
  const rotation = closestRotation(unit);
  const column = (axis: number) => rotation.map((row) => Math.abs(row[axis]));
  const strength = [0, 1, 2].map((axis) => Math.max(...column(axis)));
  const order = [0, 1, 2].sort((a, b) =>
    Math.abs(strength[a] - strength[b]) < TIE ? a - b : strength[b] - strength[a]
  );
  const orientation: Orientation = [];
  const free = [0, 1, 2];
  for (const axis of order) {
    const components = column(axis);
    const best = Math.max(...free.map((row) => components[row]));
    const world = free.find((row) => components[row] > best - TIE)!;
    free.splice(free.indexOf(world), 1);
    orientation[axis] = { axis: world, sign: rotation[world][axis] < 0 ? -1 : 1 };
  }
  return orientation;
}

/** The axes' directions in letters, x first: "RAS", "LPS"… */
export function axisCodes(affine: Affine): string {
  return orientationOf(affine).map(({ axis, sign }) => (sign > 0 ? "RAS" : "LPI")[axis]).join("");
}

/**
 * The volume with its axes permuted and flipped so that x runs most nearly to the right, y to the front and z to the
 * head. No voxel changes its value or its place in the world. A volume that lies so already is returned as it is.
 *
 * @throws Error when the affine is not invertible.
 */
export function toRas<T extends VoxelArray>(volume: Volume<T>): Volume<T> {
  const orientation = orientationOf(volume.affine);
  if (isRas(orientation)) return volume;
  const size = [...volume.shape].reverse();
  const shape: Shape = [0, 0, 0];
  // The affine from the RAS grid's voxels to the given grid's.
  const back: Affine = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]];
  orientation.forEach(({ axis, sign }, from) => {
    shape[2 - axis] = size[from];
    back[from][axis] = sign;
    back[from][3] = sign > 0 ? 0 : size[from] - 1;
  });
  const affine = composeAffines(volume.affine, back);
  return { data: gather(volume, { shape, back }), shape, affine };
}

/**
 * The way back: a volume on `toRas(original)`'s grid is laid on `original`'s.
 *
 * @throws Error when the volume is not on that grid.
 */
export function fromRas<T extends VoxelArray>(
  volume: Volume<T>,
  original: Pick<Volume, "shape" | "affine">,
): Volume<T> {
  const orientation = orientationOf(original.affine);
  const size = [...original.shape].reverse();
  const expected: Shape = [0, 0, 0];
  // The affine from the given grid's voxels to the RAS grid's.
  const back: Affine = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]];
  orientation.forEach(({ axis, sign }, from) => {
    expected[2 - axis] = size[from];
    back[axis][from] = sign;
    back[axis][3] = sign > 0 ? 0 : size[from] - 1;
  });
  if (volume.shape.some((length, axis) => length !== expected[axis])) {
    throw new Error(
      `Cannot lay volume on the original grid: shape must be ${expected.join("×")}, current value is ` +
        volume.shape.join("×"),
    );
  }
  const { shape, affine } = original;
  return isRas(orientation)
    ? { data: volume.data, shape, affine }
    : { data: gather(volume, { shape, back }), shape, affine };
}

function isRas(orientation: Orientation): boolean {
  return orientation.every(({ axis, sign }, index) => axis === index && sign === 1);
}

/** Reads `volume` at `back` of every voxel of `shape`; `back` permutes and flips. */
function gather<T extends VoxelArray>(
  { data, shape: [, height, width] }: Volume<T>,
  { shape, back }: { shape: Shape; back: Affine },
): T {
  const strides = [1, width, width * height];
  // How far one step along the new x, y or z goes in the old data, and where the new voxel (0, 0, 0) is.
  const step = [0, 1, 2].map((column) =>
    strides.reduce((sum, stride, row) => sum + stride * back[row][column], 0)
  );
  const origin = strides.reduce((sum, stride, row) => sum + stride * back[row][3], 0);
  const result = new (data.constructor as new (length: number) => T)(data.length);
  const [depth, rows, columns] = shape;
  let to = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < rows; y++) {
      let from = origin + z * step[2] + y * step[1];
      for (let x = 0; x < columns; x++, from += step[0]) result[to++] = data[from];
    }
  }
  return result;
}
