import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { mahalanobisDistances } from "../../lib/labels/outliers.ts";
import fixture from "../fixtures/outliers.json" with { type: "json" };

const vectors = (rows: number[][]) => rows.map((row) => Float32Array.from(row));

fixture.cases.forEach(({ features, reference, distances }) => {
  const [n, d] = [reference.length, reference[0]!.length];
  Deno.test(`Mahalanobis distances to ${n} features of ${d} numbers are NumPy's`, () => {
    mahalanobisDistances(vectors(features), vectors(reference))
      .forEach((distance, i) => assertAlmostEquals(distance, distances[i], 1e-6 * distances[i]!));
  });
});

Deno.test("by hand: equal variances along the axes", () => {
  const reference = vectors([[-2, 1], [2, 1], [0, 1], [0, 1], [0, -1], [0, 3]]);
  // S = diag(8/5, 8/5): shrinking changes nothing.
  const [distance] = mahalanobisDistances(vectors([[3, 1]]), reference);
  assertAlmostEquals(distance, 3 / Math.sqrt(1.6), 1e-6);
});

Deno.test("equal reference features make a far feature far, not a NaN", () => {
  const [same, other] = mahalanobisDistances(vectors([[1, 2], [1, 3]]), vectors([[1, 2], [1, 2]]));
  assertEquals(same, 0);
  assert(other! > 1e6 && Number.isFinite(other));
});

Deno.test("what is no number is at no distance, and nothing is at one from it", () => {
  const good = vectors([[1, 2], [2, 5], [3, 1]]), bad = vectors([[NaN, 1]]);
  assertEquals(mahalanobisDistances([...bad, good[0]!], good).map(Number.isNaN), [true, false]);
  assertEquals(mahalanobisDistances(good, [...good, ...bad]), [NaN, NaN, NaN]);
});
