import { assertAlmostEquals, assertEquals } from "@std/assert";
import { holm, signedRankTest } from "../../lib/comparison/paired_test.ts";
import { holm as families, numberOf, signedRank } from "../support/metrics/comparison_fixture.ts";

for (const { name, differences, p } of signedRank) {
  Deno.test(`signed rank test as SciPy's: ${name}`, () => {
    const values = differences.map(numberOf);
    for (const sign of [1, -1]) {
      const own = signedRankTest(values.map((value) => sign * value));
      if (p === null) assertEquals(own, NaN);
      else assertAlmostEquals(own, numberOf(p), 1e-9 * Math.max(numberOf(p), 1e-9));
    }
  });
}

Deno.test("differences that only rounding tells from 0 or from each other are ties", () => {
  const noisy = [0.1 + 0.2 - 0.3, 0.1, 0.3 - 0.2, 0.4, 0.5, -0.6, 0.7];
  assertEquals(signedRankTest(noisy), signedRankTest([0, 0.1, 0.1, 0.4, 0.5, -0.6, 0.7]));
});

Deno.test("Holm's correction as statsmodels'; what was not tested does not count", () => {
  for (const { values, adjusted } of families) {
    holm([NaN, ...values]).forEach((own, index) => {
      if (index === 0) assertEquals(own, NaN);
      else assertAlmostEquals(own, adjusted[index - 1], 1e-11);
    });
  }
  assertEquals(holm([]), []);
  assertEquals(holm([NaN]), [NaN]);
});
