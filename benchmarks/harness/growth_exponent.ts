/**
 * How fast cost grows.
 *
 * @module
 */
import { linearRegression } from "simple-statistics";
import type { GrowthCurve } from "./benchmark.ts";

/**
 * The e of cost ∝ xᵉ: the slope of the straight line through the points that is best by least squares, both axes
 * logarithmic.
 *
 * @param points of a curve, all above 0
 * @throws Error when there are not two different x
 */
export function growthExponent(points: GrowthCurve["points"]): number {
  if (new Set(points.map(({ x }) => x)).size < 2) {
    throw new Error(
      `Cannot tell how cost grows: there must be at least 2 different x, current ones are [${
        points.map(({ x }) => x).join(", ")
      }]`,
    );
  }
  return linearRegression(points.map(({ x, y }) => [Math.log(x), Math.log(y)])).m;
}
