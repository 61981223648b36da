/**
 * Long, noisy curves as few points.
 *
 * @module
 */

/** [x, y] of a curve, x ascending; every y finite. */
export type Point = [x: number, y: number];

/** Mean over a centred window of `window` points, cut at the ends: a smoothed curve without lag. */
export function smooth(points: readonly Point[], window: number): Point[] {
  const half = Math.floor(window / 2);
  return points.map(([x], index) => {
    const near = points.slice(Math.max(0, index - half), index + half + 1);
    return [x, near.reduce((sum, [, y]) => sum + y, 0) / near.length];
  });
}

/** At most `most` points that keep the extremes: the least and the greatest of each of `most` / 2 stretches. */
export function thin(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const stretches = Math.floor(most / 2);
  return Array.from({ length: stretches }, (_, index) => {
    const part = points.slice(
      Math.floor(index * points.length / stretches),
      Math.floor((index + 1) * points.length / stretches),
    );
    const least = part.reduce((a, b) => b[1] < a[1] ? b : a);
    const greatest = part.reduce((a, b) => b[1] > a[1] ? b : a);
    return [least, greatest].sort((a, b) => a[0] - b[0]);
  }).flat();
}
