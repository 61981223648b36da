/**
 * Distances from the points of one surface to the nearest point of another, and back.
 *
 * @module
 */
import { distanceTransform } from "../imaging/distance_transform.ts";
import type { Shape, Spacing } from "../imaging/volume.ts";

/** Distances in mm, in the order of the points in their grid. */
export interface DirectedDistances {
  /** One for each point of the prediction's surface. */
  toTruth: Float64Array;
  /** One for each point of the truth's surface. */
  toPrediction: Float64Array;
}

/**
 * Distances between two sets of grid points, both ways: the exact Euclidean distance transform of one set,
 * read at the points of the other. When one set is empty, every distance of the other is Infinity.
 *
 * @param prediction Flat indices of the prediction's points in the grid.
 * @param truth Flat indices of the truth's points in the grid.
 */
export function directedDistances(
  prediction: Uint32Array,
  truth: Uint32Array,
  options: { shape: Shape; spacing: Spacing },
): DirectedDistances {
  return {
    toTruth: distancesTo(truth, { ...options, from: prediction }),
    toPrediction: distancesTo(prediction, { ...options, from: truth }),
  };
}

function distancesTo(
  points: Uint32Array,
  options: { from: Uint32Array; shape: Shape; spacing: Spacing },
): Float64Array {
  const { from, shape, spacing } = options;
  const distances = new Float64Array(from.length).fill(Infinity);
  if (points.length === 0 || from.length === 0) return distances;
  const free = new Uint8Array(shape[0] * shape[1] * shape[2]).fill(1);
  for (const point of points) free[point] = 0;
  const map = distanceTransform(free, shape, { spacing });
  for (let i = 0; i < from.length; i++) distances[i] = map[from[i]];
  return distances;
}

/** The indices at which a predicate on the value holds, ascending. */
export function indicesWhere(values: Uint8Array, holds: (value: number) => boolean): Uint32Array {
  const found = new Uint32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i])) found[count++] = i;
  return found.slice(0, count);
}
