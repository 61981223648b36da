import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bootstrapMean } from "../../lib/plots/bootstrap.ts";

const cases = (values: number[]) => new Map(values.map((value, index) => [`case_${index}`, value]));

Deno.test("equal cases have an interval of no width", () => {
  assertEquals(bootstrapMean([cases([0.5, 0.5, 0.5])]), { mean: 0.5, low: 0.5, high: 0.5 });
});

Deno.test("two cases, 0 and 1: both ends are drawn a quarter of the time", () => {
  assertEquals(bootstrapMean([cases([0, 1])]), { mean: 0.5, low: 0, high: 1 });
});

Deno.test("one case has no interval", () => {
  assertEquals(bootstrapMean([cases([0.7])]), { mean: 0.7, low: NaN, high: NaN });
});

Deno.test("no case has no mean", () => {
  assertEquals(bootstrapMean([cases([])]), { mean: NaN, low: NaN, high: NaN });
});

Deno.test("for many cases it nears the normal interval, mean ± 1.96 s/√n", () => {
  const values = Array.from({ length: 400 }, (_, i) => (i * 0.61803398875) % 1); // uniform on 0…1: s² = 1/12
  const { mean, low, high } = bootstrapMean([cases(values)]);
  assertAlmostEquals(mean, 0.5, 0.01);
  assertAlmostEquals((high - low) / 2, 1.96 * Math.sqrt(1 / 12 / 400), 0.002);
});

Deno.test("organs weigh the same, whatever number of cases has them", () => {
  assertAlmostEquals(bootstrapMean([cases([1, 1, 1, 1]), cases([0])]).mean, 0.5, 1e-12);
});

Deno.test("all organs of a case are drawn together", () => {
  // Two organs that make up for each other in every case: their mean never moves.
  const { low, high } = bootstrapMean([cases([0.2, 0.8, 0.4]), cases([0.8, 0.2, 0.6])]);
  assertAlmostEquals(low, 0.5, 1e-12);
  assertAlmostEquals(high, 0.5, 1e-12);
});

Deno.test("the same values give the same interval", () => {
  const values = cases([0.1, 0.7, 0.4, 0.9]);
  assertEquals(bootstrapMean([values]), bootstrapMean([values]));
  assert(bootstrapMean([values]).high <= 0.9);
});
