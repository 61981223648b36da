import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { medianAbsoluteDeviation, percentile, summarise } from "../../lib/metrics/statistics.ts";

Deno.test("a summary tells finite, missed and undefined scores apart", () => {
  assertEquals(summarise([1, NaN, 3, Infinity, 8]), {
    mean: 4,
    std: Math.sqrt(13), // (9 + 1 + 16) / 2
    median: 5.5, // of 1, 3, 8, Infinity
    finite: 3,
    missed: 1,
    undefined: 1,
  });
  assertEquals(summarise([2, Infinity, Infinity]).median, Infinity);
  assertEquals(summarise([Infinity, Infinity]).median, Infinity);
  assertEquals(summarise(new Set([0.5])), {
    mean: 0.5,
    std: NaN,
    median: 0.5,
    finite: 1,
    missed: 0,
    undefined: 0,
  });
  const empty = { mean: NaN, std: NaN, median: NaN, finite: 0, missed: 0, undefined: 0 };
  assertEquals(summarise([]), empty);
  assertEquals(summarise([NaN, NaN]), { ...empty, undefined: 2 });
});

Deno.test("median absolute deviation of the finite values", () => {
  assertEquals(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]), 1);
  assertEquals(medianAbsoluteDeviation([1, 1, 2, Infinity, 2, 4, NaN, 6, 9]), 1);
  assertEquals(medianAbsoluteDeviation([NaN]), NaN);
});

Deno.test("percentiles are interpolated as NumPy does", () => {
  const table: [values: number[], percent: number, expected: number][] = [
    [[3, 1, 2], 50, 2],
    [[3, 1, 2], 0, 1],
    [[3, 1, 2], 100, 3],
    [[0, 10], 95, 9.5],
    [[10, 9, 100], 50, 10], // sorted as numbers, not as words
    [[1, 2, 3, 4], 25, 1.75],
    [[7], 95, 7],
    [[1, Infinity], 0, 1],
    [[1, Infinity, Infinity], 75, Infinity],
    [[1, NaN], 50, NaN],
    [[], 50, NaN],
  ];
  for (const [values, percent, expected] of table) {
    if (Number.isFinite(expected)) assertAlmostEquals(percentile(values, percent), expected, 1e-12);
    else assertEquals(percentile(values, percent), expected);
  }
  assertThrows(() => percentile([1], 101), RangeError, "must be 0 to 100, current value is 101");
});
