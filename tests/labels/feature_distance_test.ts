import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { featureDistances, leaveOneOutDistances } from "../../lib/labels/feature_distance.ts";
import fixture from "../fixtures/feature_distance.json" with { type: "json" };

fixture.cases.forEach(({ features, reference, distances }) => {
  const [n, d] = [reference.length, reference[0]!.length];
  Deno.test(`Mahalanobis distances to ${n} features of ${d} numbers are NumPy's`, () => {
    featureDistances(features, reference)
      .forEach((distance, i) => assertAlmostEquals(distance, distances[i], 1e-6 * distances[i]!));
  });
});

Deno.test("by hand: equal variances along the axes", () => {
  const reference = [[-2, 1], [2, 1], [0, 1], [0, 1], [0, -1], [0, 3]];
  // S = diag(8/5, 8/5): shrinking changes nothing.
  const [distance] = featureDistances([[3, 1]], reference);
  assertAlmostEquals(distance, 3 / Math.sqrt(1.6), 1e-6);
});

Deno.test("equal reference features make a far feature far, not a NaN", () => {
  const [same, other] = featureDistances([[1, 2], [1, 3]], [[1, 2], [1, 2]]);
  assertEquals(same, 0);
  assert(other! > 1e6 && Number.isFinite(other));
});

Deno.test("what is no number is at no distance, and nothing is at one from it", () => {
  const good = [[1, 2], [2, 5], [3, 1]], bad = [[NaN, 1]];
  assertEquals(featureDistances([...bad, good[0]!], good).map(Number.isNaN), [true, false]);
  assertEquals(featureDistances(good, [...good, ...bad]), [NaN, NaN, NaN]);
  assertEquals(leaveOneOutDistances([...good, ...bad]).map(Number.isNaN), [true, true, true, true]);
});

Deno.test("leave-one-out: each feature is held against the others alone", () => {
  // Along one axis, by hand: 6 against 0, 2, 4 (mean 2, variance 4) and 2 against 0, 4, 6 (mean 10/3, variance 28/3).
  const [, second, , last] = leaveOneOutDistances([[0], [2], [4], [6]]);
  assertAlmostEquals(last!, 4 / Math.sqrt(4), 1e-6);
  assertAlmostEquals(second!, (4 / 3) / Math.sqrt(28 / 3), 1e-6);
});

Deno.test("leave-one-out distances of equal features are exactly none", () => {
  assertEquals(leaveOneOutDistances(Array(7).fill([0.1, 1 / 3].map(Math.fround))), Array(7).fill(0));
});
