/**
 * Where a prediction is wrong.
 *
 * @module
 */

/** Values of an error map. */
export const MISSED = 1, EXTRA = 2, CONFUSED = 3;

/** Names of the values 1, 2 and 3, in their order. */
export const ERRORS = ["missed", "extra", "another organ"];

/**
 * For each voxel 0 where truth and prediction agree, 1 where an organ was missed, 2 where there is none, 3 where there is another one.
 *
 * @param truth organ numbers, 0 background
 * @param prediction the same on the same grid
 */
export function errorMap(truth: Uint8Array, prediction: Uint8Array): Uint8Array {
  return truth.map((organ, voxel) => {
    const found = prediction[voxel]!;
    if (found === organ) return 0;
    return found === 0 ? MISSED : organ === 0 ? EXTRA : CONFUSED;
  });
}
