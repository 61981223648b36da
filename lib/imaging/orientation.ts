/**
 * Which way a volume's axes point, and turning them to RAS+ and back.
 *
 * @module
 */
import { AXES, type Axis, eachAxis } from "./each_axis.ts";
import {
  closestRotation,
  columnLengths,
  composeAffines,
  describeMatrix,
  isInvertible,
  linearPart,
  matrix3,
  type Matrix4,
} from "./matrix.ts";
import type { Affine, Shape, Volume, VoxelArray } from "./volume.ts";

/** For each voxel axis (x, y, z): the world axis it runs along (0 right, 1 front, 2 head), and +1 or -1. */
export type Orientation = [x: Direction, y: Direction, z: Direction];

interface Direction {
  axis: Axis;
  sign: 1 | -1;
}

/** Two components closer than this are a tie, which the first axis wins: rounding must not decide. */
const TIE = 1e-9;

/**
 * The closest axes of an affine, as nibabel's `io_orientation` finds them: of the shearless rotation nearest to the
 * affine, the axes choose their world axis from the most to the least decided, and none is chosen twice.
 *
 * @throws Error when the affine is not invertible.
 */
export function orientationOf(affine: Affine): Orientation {
  const linear = linearPart(affine);
  const zooms = columnLengths(linear);
  const unit = matrix3((row, column) => linear[row][column] / zooms[column]);
  if (!isInvertible(linear)) {
    throw new Error(
      `Cannot orient volume: affine must be invertible, current value is ${describeMatrix(affine)}`,
    );
  }
  const rotation = closestRotation(unit);
  const column = (axis: Axis) => eachAxis((row) => Math.abs(rotation[row][axis]));
  const strength = eachAxis((axis) => Math.max(...column(axis)));
  const order = [...AXES].sort((a, b) =>
    Math.abs(strength[a] - strength[b]) < TIE ? a - b : strength[b] - strength[a]
  );
  const world: [Axis, Axis, Axis] = [...AXES];
  const free: Axis[] = [...AXES];
  for (const axis of order) {
    const components = column(axis);
    const best = Math.max(...free.map((row) => components[row]));
    world[axis] = free.find((row) => components[row] > best - TIE)!;
    free.splice(free.indexOf(world[axis]), 1);
  }
  return eachAxis((axis) => ({ axis: world[axis], sign: rotation[world[axis]][axis] < 0 ? -1 : 1 }));
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
  const { shape, affine, back } = turned(volume);
  return back ? { data: gather(volume, { shape, back }), shape, affine } : volume;
}

/** The grid that `toRas` gives. @throws Error as it */
export function rasGrid(grid: Omit<Volume, "data">): Omit<Volume, "data"> {
  const { shape, affine } = turned(grid);
  return { shape, affine };
}

/** The grid turned to RAS+, and the affine from its voxels to the given grid's, absent where they are the same. */
function turned({ shape: given, affine }: Omit<Volume, "data">) {
  const orientation = orientationOf(affine);
  if (isRas(orientation)) return { shape: given, affine };
  const [depth, height, width] = given;
  const sizes = [width, height, depth] as const;
  const shape: Shape = [0, 0, 0];
  const back: Matrix4 = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]];
  for (const from of AXES) {
    const { axis, sign } = orientation[from];
    const size = sizes[from];
    shape[2 - axis] = size;
    back[from][axis] = sign;
    back[from][3] = sign > 0 ? 0 : size - 1;
  }
  return { shape, affine: composeAffines(affine, back), back };
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
  const [depth, height, width] = original.shape;
  const sizes = [width, height, depth] as const;
  const expected: Shape = [0, 0, 0];
  // The affine from the given grid's voxels to the RAS grid's.
  const back: Matrix4 = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]];
  for (const from of AXES) {
    const { axis, sign } = orientation[from];
    const size = sizes[from];
    expected[2 - axis] = size;
    back[axis][from] = sign;
    back[axis][3] = sign > 0 ? 0 : size - 1;
  }
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
  { shape, back }: { shape: Shape; back: Matrix4 },
): T {
  const along = (column: Axis | 3) =>
    back[0][column] + width * back[1][column] + width * height * back[2][column];
  // How far one step along the new x, y or z goes in the old data, and where the new voxel (0, 0, 0) is.
  const [stepX, stepY, stepZ, origin] = [along(0), along(1), along(2), along(3)];
  const result = new (data.constructor as new (length: number) => T)(data.length);
  const [depth, rows, columns] = shape;
  let to = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < rows; y++) {
      let from = origin + z * stepZ + y * stepY;
      for (let x = 0; x < columns; x++, from += stepX) result[to++] = data[from]!;
    }
  }
  return result;
}
