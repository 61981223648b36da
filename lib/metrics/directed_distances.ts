/**
 * Distances from the points of one surface to the nearest point of another, and back.
 *
 * @module
 */
import type { Shape, Spacing } from "../imaging/volume.ts";
import { distancesToNearest } from "./nearest_point.ts";

/** Distances in mm, in the order of the points in their grid. */
export interface DirectedDistances {
  /** One for each point of the prediction's surface. */
  toTruth: Float64Array;
  /** One for each point of the truth's surface. */
  toPrediction: Float64Array;
}

/**
 * Distances between two sets of grid points, both ways. When one set is empty, every distance of the other is
 * Infinity.
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
    toTruth: distancesToNearest(prediction, truth, options),
    toPrediction: distancesToNearest(truth, prediction, options),
  };
}

/** The indices at which a predicate on the value holds, ascending. */
export function indicesWhere(values: Uint8Array, holds: (value: number) => boolean): Uint32Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i]!)) count++;
  const found = new Uint32Array(count);
  for (let i = 0, next = 0; next < count; i++) if (holds(values[i]!)) found[next++] = i;
  return found;
}
