/**
 * Values of the three axes.
 *
 * @module
 */

/** An axis by its place, whatever the order: [z, y, x] of voxels, or [x, y, z] of the world. */
export type Axis = 0 | 1 | 2;

export const AXES = [0, 1, 2] as const;

/** One value an axis, made in the axes' order. Of the result of a `map`, types don't know that it has three. */
export function eachAxis<T>(make: (axis: Axis) => T): [T, T, T] {
  return [make(0), make(1), make(2)];
}
