/**
 * A scan's means in a thousand cells of the world, at places that all scans of one region have in common.
 *
 * @module
 */
import { inverseTransposed3, linearPart, type Vector3 } from "../matrix.ts";
import { spread } from "./row_sketch.ts";
import type { Volume } from "../volume.ts";

/** Mean by place, "x,y,z" in cells. */
export type CellMeans = Record<string, number>;

/** Edge, mm; cells kept; values along an edge. */
const EDGE = 8, KEPT = 1024, SAMPLES = 4;

/**
 * Of the cells that lie in the scan as a whole those whose places have the least hashes, with the mean of 4³ interpolated values in each.
 *
 * @throws Error when the affine is not invertible
 */
export function cellMeans(scan: Volume<Float32Array>): CellMeans {
  const toVoxel = voxelOf(scan), { shape: [depth, height, width] } = scan;
  const inside = ([x, y, z]: Vector3) =>
    x >= 0 && y >= 0 && z >= 0 && x <= width - 1 && y <= height - 1 && z <= depth - 1;
  const [low, high] = bounds(scan);
  let chosen: [order: number, place: Vector3][] = [];
  const keepLeast = () => chosen = chosen.sort(([a], [b]) => a - b).slice(0, KEPT);
  for (let x = low[0]; x < high[0]; x++) {
    for (let y = low[1]; y < high[1]; y++) {
      for (let z = low[2]; z < high[2]; z++) {
        const place: Vector3 = [x, y, z];
        if (!corners(place).every((point) => inside(toVoxel(point)))) continue;
        chosen.push([place.reduce((hash, index) => spread(hash ^ index), 1), place]);
      }
    }
    if (chosen.length > 16 * KEPT) keepLeast();
  }
  keepLeast();
  return Object.fromEntries(chosen.map(([, place]) => {
    const values = samples(place).map((point) => valueAt(scan, toVoxel(point)));
    return [place.join(","), values.reduce((sum, value) => sum + value, 0) / values.length];
  }));
}

/** Places of the values in a cell, mm: the middles of its parts. */
function samples(place: Vector3): Vector3[] {
  return grid(place, Array.from({ length: SAMPLES }, (_, index) => EDGE * (index + 0.5) / SAMPLES));
}

/** The outermost of them. */
function corners(place: Vector3): Vector3[] {
  return grid(place, [0.5, SAMPLES - 0.5].map((index) => EDGE * index / SAMPLES));
}

function grid(place: Vector3, shifts: readonly number[]): Vector3[] {
  const [x, y, z] = place.map((index) => shifts.map((shift) => index * EDGE + shift)) as [
    number[],
    number[],
    number[],
  ];
  return x.flatMap((px) => y.flatMap((py) => z.map((pz): Vector3 => [px, py, pz])));
}

/** From mm to voxels [x, y, z]. */
function voxelOf({ affine }: Pick<Volume, "affine">): (point: Vector3) => Vector3 {
  const inverse = inverseTransposed3(linearPart(affine)), shift = [0, 1, 2].map((row) => affine[row]![3]!);
  return (point) =>
    [0, 1, 2].map((axis) =>
      [0, 1, 2].reduce((sum, row) => sum + inverse[row as 0][axis]! * (point[row]! - shift[row]!), 0)
    ) as Vector3;
}

/** Least and greatest cell along x, y and z of the world that a corner lies in. */
function bounds({ affine, shape: [depth, height, width] }: Volume): [low: Vector3, high: Vector3] {
  const corners = [0, width - 1].flatMap((x) =>
    [0, height - 1].flatMap((y) => [0, depth - 1].map((z) => [x, y, z, 1]))
  );
  const along = (row: 0 | 1 | 2) =>
    corners.map((corner) =>
      corner.reduce((sum, index, column) => sum + affine[row]![column]! * index, 0) / EDGE
    );
  return [
    ([0, 1, 2] as const).map((row) => Math.floor(Math.min(...along(row)))) as Vector3,
    ([0, 1, 2] as const).map((row) => Math.ceil(Math.max(...along(row)))) as Vector3,
  ];
}

/** The value at a voxel between voxels, linearly. */
function valueAt({ data, shape: [depth, height, width] }: Volume, [x, y, z]: Vector3): number {
  const split = (at: number, size: number) => {
    const low = Math.min(Math.max(Math.floor(at), 0), Math.max(size - 2, 0));
    return [low, Math.min(low + 1, size - 1), Math.min(Math.max(at - low, 0), 1)] as const;
  };
  const [x0, x1, fx] = split(x, width), [y0, y1, fy] = split(y, height), [z0, z1, fz] = split(z, depth);
  const along = (plane: number, row: number) => {
    const from = (plane * height + row) * width;
    return data[from + x0]! * (1 - fx) + data[from + x1]! * fx;
  };
  const across = (plane: number) => along(plane, y0) * (1 - fy) + along(plane, y1) * fy;
  return across(z0) * (1 - fz) + across(z1) * fz;
}
