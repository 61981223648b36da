/**
 * Elastic deformation of a patch: displacements of a coarse grid of control points, interpolated by cubic B-splines
 * (METHOD section 0).
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { type Augmentation, ELASTIC_LIMIT } from "./augment_options.ts";
import { AXES, eachAxis } from "../../imaging/each_axis.ts";
import { addNormalNoise, chance, type RandomGenerator, uniform } from "../random.ts";
import { voxelCount } from "../region.ts";

/** A smooth field of displacements over a patch, in voxels, of what a transform has turned and scaled already. */
export interface ElasticField {
  /** Displacements of the control points, [grid z, grid y, grid x, axis]. */
  control: Float32Array;
  /** Control points along each axis. */
  grid: Shape;
  /** Of the patch's voxels along each axis. */
  splines: readonly [Spline, Spline, Spline];
  /** No voxel is displaced farther along each axis. */
  reach: Spacing;
}

/** For each voxel along an axis, the four control points that displace it. */
interface Spline {
  /** The first one, [voxel]. */
  first: Uint32Array;
  /** Of the four, [voxel, 4]; at least 0, with the sum 1. */
  weights: Float64Array;
}

export interface DrawElasticOptions {
  augmentation: Augmentation;
  /** [z, y, x] in mm. */
  spacing: Spacing;
  /** [depth, height, width], in voxels. */
  patch: Shape;
  /** Row-major 3×3 over [z, y, x], in voxels, that displaced voxels go through. */
  transform: readonly number[];
}

/**
 * Draws a field; undefined when none happens. Displacements are drawn in mm, and are then what the transform makes of them: it is
 * linear, so that transforming a displaced voxel is displacing the transformed one.
 */
export function drawElasticField(
  random: RandomGenerator,
  { augmentation, spacing, patch, transform }: DrawElasticOptions,
): ElasticField | undefined {
  if (!chance(random, augmentation.elastic)) return undefined;
  const { elasticSpacingMm: apart, elasticMm } = augmentation;
  const splines = eachAxis((axis) => splineAlong(patch[axis], spacing[axis] / apart));
  const grid = eachAxis((axis) => splines[axis].first.at(-1)! + 4);
  const control = new Float32Array(3 * voxelCount(grid));
  addNormalNoise(control, { random, std: uniform(random, elasticMm) });
  const most = ELASTIC_LIMIT * apart, reach: [number, number, number] = [0, 0, 0];
  for (let point = 0; point < control.length; point += 3) {
    const voxels = eachAxis((axis) =>
      Math.min(most, Math.max(-most, control[point + axis]!)) / spacing[axis]
    );
    for (const to of AXES) {
      let value = 0;
      for (const from of AXES) value += transform[3 * to + from]! * voxels[from];
      control[point + to] = value;
      reach[to] = Math.max(reach[to], Math.abs(value));
    }
  }
  return { control, grid, splines, reach };
}

/** @param step from voxel to voxel, in distances of control points */
function splineAlong(length: number, step: number): Spline {
  const first = new Uint32Array(length), weights = new Float64Array(4 * length);
  for (let voxel = 0; voxel < length; voxel++) {
    first[voxel] = Math.floor(voxel * step);
    const t = voxel * step - first[voxel]!;
    weights.set(
      [(1 - t) ** 3 / 6, (3 * t ** 3 - 6 * t ** 2 + 4) / 6, (1 + 3 * (t + t ** 2 - t ** 3)) / 6, t ** 3 / 6],
      4 * voxel,
    );
  }
  return { first, weights };
}

/**
 * The displacements of a patch, row by row. The 64 control points of a voxel are four of a row, which is the sum of four rows of a
 * plane, which is the sum of four planes: taken in this order, a voxel costs four terms an axis.
 *
 * @returns from a row's [z, y] to the displacements of its voxels, in voxels, [width, axis]; the next call overwrites them
 */
export function elasticRows(
  { control, grid, splines: [z, y, x] }: ElasticField,
): (i: number, j: number) => Float64Array {
  const line = 3 * grid[2];
  const plane = new Float64Array(grid[1] * line), row = new Float64Array(line);
  const shifts = new Float64Array(3 * x.first.length);
  let planeOf = -1;
  return (i, j) => {
    if (i !== planeOf) blend(control, plane, { spline: z, voxel: i, size: plane.length, at: 0 });
    planeOf = i;
    blend(plane, row, { spline: y, voxel: j, size: line, at: 0 });
    for (let k = 0; k < x.first.length; k++) blend(row, shifts, { spline: x, voxel: k, size: 3, at: 3 * k });
    return shifts;
  };
}

interface BlendOptions {
  spline: Spline;
  voxel: number;
  /** Of what belongs to one control point along the axis. */
  size: number;
  /** Where it is put. */
  at: number;
}

/** The weighted sum of what belongs to a voxel's four control points. */
function blend(
  source: Float32Array | Float64Array,
  target: Float64Array,
  { spline: { first, weights }, voxel, size, at }: BlendOptions,
): void {
  const a = weights[4 * voxel]!, b = weights[4 * voxel + 1]!;
  const c = weights[4 * voxel + 2]!, d = weights[4 * voxel + 3]!;
  for (let t = 0, from = first[voxel]! * size; t < size; t++, from++) {
    target[at + t] = a * source[from]! + b * source[from + size]! + c * source[from + 2 * size]! +
      d * source[from + 3 * size]!;
  }
}
