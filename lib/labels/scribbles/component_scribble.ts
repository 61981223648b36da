/**
 * One scribble: a line that a hand might draw into a structure of a slice (METHOD section 2).
 *
 * @module
 */
import { mean } from "simple-statistics";
import { distanceTransform } from "../../imaging/distance_transform.ts";
import { integer, type RandomGenerator, uniform } from "../../data/random.ts";
import { curveThrough, type Point, pointsOn } from "./curve.ts";
import { farthestPath } from "./farthest_path.ts";
import { type Plane, skeletonOf } from "./skeleton.ts";

export interface ScribbleOptions {
  /** Of the line that is drawn this share is kept, its middle, 0…1. */
  length: number;
  /** Pixels across the line, where the structure is wide enough. */
  thickness: number;
}

/**
 * Erosions: at components of this share of the slice and less the fewest, at that one and more the most; in slices whose side is less than
 * this many pixels as many fewer, since twenty pixels of a crop would leave no background near any organ.
 */
const SHARES = [0.003, 0.15] as const, EROSIONS = [2, 20] as const, SIDE = 256;
/** The centre of mass is moved by up to √area divided by this, along each axis. */
const JITTER = 20;
/** Contour points of which the two farthest apart are taken, skeleton pixels of which the nearest is, and tries of a curve. */
const CONTOUR_POINTS = 25, SKELETON_PIXELS = 10, TRIES = 20;
/** A curve that leaves the component is tried again after so many more erosions. */
const MORE_EROSIONS = 2;
/** A hand does not reach the ends: of a whole line this share is drawn. */
const DRAWN = 0.9;

/**
 * A scribble in a connected component: never empty, never outside it. A quadratic curve through two points far apart on the contour of
 * the eroded component and one near its centre, drawn to its skeleton; where no curve stays inside, as in a ring, a path along
 * the skeleton.
 *
 * @param mask [height, width] of one component, 0 at its border
 * @param share of the slice's area that the component has
 * @returns 1 on the scribble, same size
 */
export function componentScribble(
  mask: Uint8Array,
  plane: Plane & { share: number },
  { random, length, thickness }: ScribbleOptions & { random: RandomGenerator },
): Uint8Array {
  const { width } = plane;
  const line = lineIn(mask, plane, random);
  const count = Math.max(1, Math.round(DRAWN * length * line.length)),
    first = Math.floor((line.length - count) / 2);
  const kept = line.slice(first, first + count);
  // Half of the largest diameter inscribed: that circle's radius, half a pixel of which lies within the border's pixels.
  const radius = distanceTransform(mask, [1, plane.height, width], { spacing: [1, 1, 1] }).reduce((a, b) =>
    Math.max(a, b)
  );
  const side = Math.max(1, Math.floor(Math.min(thickness, radius)));
  const before = Math.floor((side - 1) / 2);
  const scribble = new Uint8Array(mask.length);
  for (const { x, y } of kept) {
    for (let dy = -before; dy < side - before; dy++) {
      for (let dx = -before; dx < side - before; dx++) {
        const at = (y + dy) * width + x + dx;
        if (mask[at]) scribble[at] = 1;
      }
    }
  }
  return scribble;
}

/** Pixels of a line in the component, one after the other. */
function lineIn(mask: Uint8Array, plane: Plane & { share: number }, random: RandomGenerator): Point[] {
  const depth = stepsToBorder(mask, plane);
  const deepest = depth.reduce((a, b) => Math.max(a, b));
  const clipped = Math.min(1, Math.max(0, (plane.share - SHARES[0]) / (SHARES[1] - SHARES[0])));
  const scale = Math.min(1, Math.sqrt(plane.height * plane.width) / SIDE);
  const wanted = Math.max(1, Math.round(scale * (EROSIONS[0] + (EROSIONS[1] - EROSIONS[0]) * clipped)));
  for (let erosions = Math.min(wanted, deepest - 1); erosions < deepest; erosions += MORE_EROSIONS) {
    const eroded = Uint8Array.from(depth, (steps) => steps > erosions ? 1 : 0);
    const line = curveIn(eroded, mask, { ...plane, random });
    if (line) return line;
  }
  return farthestPath(skeletonOf(mask, plane), plane, random);
}

/** Steps along rows and columns to the nearest pixel outside: as many erosions by a cross as a pixel survives, and one. */
function stepsToBorder(mask: Uint8Array, { height, width }: Plane): Int32Array {
  const steps = Int32Array.from(mask, (value) => value === 0 ? 0 : height + width);
  const lower = (at: number, from: number) => steps[at] = Math.min(steps[at]!, steps[from]! + 1);
  for (let at = width; at < steps.length; at++) if (steps[at]) lower(at, at - 1), lower(at, at - width);
  for (let at = steps.length - width - 1; at >= 0; at--) {
    if (steps[at]) lower(at, at + 1), lower(at, at + width);
  }
  return steps;
}

interface CurveOptions extends Plane {
  random: RandomGenerator;
}

/** A curve of the eroded component that stays in the component; undefined where no try does. */
function curveIn(eroded: Uint8Array, mask: Uint8Array, options: CurveOptions): Point[] | undefined {
  const { width, random } = options;
  const at = (index: number): Point => ({ x: index % width, y: Math.floor(index / width) });
  const inside: number[] = [], contour: number[] = [];
  eroded.forEach((value, index) => {
    if (value === 0) return;
    inside.push(index);
    if ([-1, 1, -width, width].some((step) => eroded[index + step] === 0)) contour.push(index);
  });
  const skeleton = [...skeletonOf(eroded, options)].flatMap((value, index) => value ? [at(index)] : []);
  const pick = <T>(from: readonly T[], count: number): T[] =>
    Array.from({ length: count }, () => from[integer(random, [0, from.length - 1])]!);
  const pixels = inside.map(at),
    mass = { x: mean(pixels.map(({ x }) => x)), y: mean(pixels.map(({ y }) => y)) };
  const reach = Math.sqrt(pixels.length) / JITTER;
  const moved = (place: number) => Math.round(place + uniform(random, [-reach, reach]));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [start, end] = farthestPair(pick(contour, CONTOUR_POINTS).map(at));
    const centre = { x: moved(mass.x), y: moved(mass.y) };
    const within = eroded[centre.y * width + centre.x] === 1;
    const middle = within ? centre : nearest(pick(skeleton, SKELETON_PIXELS), centre);
    const line = pointsOn(curveThrough([start, middle, end], (point) => nearest(skeleton, point)), options);
    if (line.every(({ x, y }) => mask[y * width + x] === 1)) return line;
  }
  return undefined;
}

function farthestPair(points: readonly Point[]): [Point, Point] {
  let best: [Point, Point] = [points[0]!, points[0]!];
  for (const one of points) {
    for (const other of points) if (distance(one, other) > distance(...best)) best = [one, other];
  }
  return best;
}

function nearest(points: readonly Point[], to: Point): Point {
  return points.reduce((best, point) => distance(point, to) < distance(best, to) ? point : best);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
