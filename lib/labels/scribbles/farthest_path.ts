/**
 * A long way along a skeleton.
 *
 * @module
 */
import { integer, type RandomGenerator } from "../../data/random.ts";
import type { Point } from "./curve.ts";
import type { Plane } from "./skeleton.ts";

/**
 * The shortest way from one end of a skeleton to the other: from a random pixel to the farthest, and from there to the farthest of
 * all. In a ring it is half of it.
 *
 * @param skeleton [height, width], 0 at its border, connected by faces and corners
 */
export function farthestPath(
  skeleton: Uint8Array,
  { width }: Plane,
  random: RandomGenerator,
): Point[] {
  const pixels = [...skeleton.keys()].filter((index) => skeleton[index] === 1);
  const [, start] = spread(pixels[integer(random, [0, pixels.length - 1])]!);
  const [from, end] = spread(start);
  const path: Point[] = [];
  for (let index: number | undefined = end; index !== undefined; index = from.get(index)) {
    path.push({ x: index % width, y: Math.floor(index / width) });
  }
  return path;

  /** Where each pixel was reached from, breadth first, and the last one. */
  function spread(start: number): [from: Map<number, number | undefined>, last: number] {
    const from = new Map<number, number | undefined>([[start, undefined]]);
    let last = start;
    // Faces before corners, so that a way does not zigzag.
    const steps = [-1, 1, -width, width, -width - 1, -width + 1, width - 1, width + 1];
    for (const index of from.keys()) {
      last = index;
      for (const step of steps) {
        const next = index + step;
        if (skeleton[next] === 1 && !from.has(next)) from.set(next, index);
      }
    }
    return [from, last];
  }
}
