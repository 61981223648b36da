/**
 * Quadratic curves in a plane, and the pixels on them.
 *
 * @module
 */
import { Matrix, solve } from "ml-matrix";
import type { Plane } from "./skeleton.ts";

/** In pixels; whole numbers are the middles of pixels. */
export interface Point {
  x: number;
  y: number;
}

/** x and y as polynomials of degree 2 in t, from 0 to 1: coefficients of 1, t, t². */
export interface Curve {
  x: readonly number[];
  y: readonly number[];
}

/** Where on the curve points are drawn to the skeleton. */
const SNAPPED = [0.25, 0.75] as const;
/** The middle point stands at its share of the way, but not so near an end that the curve overshoots. */
const MIDDLE = [0.2, 0.8] as const;

/**
 * A curve from the first to the third point by the second; its points at a quarter and three quarters are moved, and the curve of least
 * squares through all five is returned.
 */
export function curveThrough(
  [start, middle, end]: readonly [Point, Point, Point],
  moved: (point: Point) => Point,
): Curve {
  const before = Math.hypot(middle.x - start.x, middle.y - start.y);
  const behind = Math.hypot(end.x - middle.x, end.y - middle.y);
  const share = before + behind === 0 ? 0.5 : before / (before + behind);
  const at = [0, Math.min(MIDDLE[1], Math.max(MIDDLE[0], share)), 1];
  const first = leastSquares(at, [start, middle, end]);
  const snapped = SNAPPED.map((t) => moved(pointAt(first, t)));
  return leastSquares([...at, ...SNAPPED], [start, middle, end, ...snapped]);
}

/** Pixels from one end of a curve to the other, each once in a row; those outside the plane are moved to its border. */
export function pointsOn(curve: Curve, { height, width }: Plane): Point[] {
  const steps = 2 * (height + width);
  const pixels: Point[] = [];
  for (let step = 0; step <= steps; step++) {
    const { x, y } = pointAt(curve, step / steps);
    const pixel = {
      x: Math.min(width - 1, Math.max(0, Math.round(x))),
      y: Math.min(height - 1, Math.max(0, Math.round(y))),
    };
    const last = pixels.at(-1);
    if (!last || last.x !== pixel.x || last.y !== pixel.y) pixels.push(pixel);
  }
  return pixels;
}

function pointAt({ x, y }: Curve, t: number): Point {
  const along = ([a, b, c]: readonly number[]) => a! + b! * t + c! * t * t;
  return { x: along(x), y: along(y) };
}

function leastSquares(at: readonly number[], points: readonly Point[]): Curve {
  const powers = new Matrix(at.map((t) => [1, t, t * t]));
  const found = solve(powers, new Matrix(points.map(({ x, y }) => [x, y])), true);
  return { x: found.getColumn(0), y: found.getColumn(1) };
}
