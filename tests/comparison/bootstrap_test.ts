import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bootstrapDifference, bootstrapStatistic, type Interval } from "../../lib/comparison/bootstrap.ts";
import type { ScoreGrid } from "../../lib/comparison/score_grid.ts";
import { bootstrap as peers, numberOf } from "../support/metrics/comparison_fixture.ts";

const bootstrapMean = (organs: ScoreGrid[]) => bootstrapStatistic(organs, { statistic: "mean" });
const grid = (values: number[], seeds = 1): ScoreGrid => ({ values: Float64Array.from(values), seeds });

Deno.test("equal cases have an interval of no width", () => {
  assertEquals(bootstrapMean([grid([0.5, 0.5, 0.5])]), { value: 0.5, low: 0.5, high: 0.5 });
});

Deno.test("two cases, 0 and 1: both ends are drawn a quarter of the time", () => {
  assertEquals(bootstrapMean([grid([0, 1])]), { value: 0.5, low: 0, high: 1 });
});

Deno.test("two seeds, 0 and 1, of equal cases: the draw of seeds alone moves the mean", () => {
  assertEquals(bootstrapMean([grid([0, 1, 0, 1, 0, 1], 2)]), { value: 0.5, low: 0, high: 1 });
});

Deno.test("one case has no interval, no case no mean", () => {
  assertEquals(bootstrapMean([grid([0.7, NaN, NaN])]), { value: 0.7, low: NaN, high: NaN });
  assertEquals(bootstrapMean([grid([])]), { value: NaN, low: NaN, high: NaN });
  assertEquals(bootstrapMean([]), { value: NaN, low: NaN, high: NaN });
});

Deno.test("for many cases it nears the normal interval, mean ± 1.96 s/√n", () => {
  const values = Array.from({ length: 400 }, (_, i) => (i * 0.61803398875) % 1); // uniform on 0…1: s² = 1/12
  const { value, low, high } = bootstrapMean([grid(values)]);
  assertAlmostEquals(value, 0.5, 0.01);
  assertAlmostEquals((high - low) / 2, 1.96 * Math.sqrt(1 / 12 / 400), 0.002);
});

Deno.test("organs weigh the same, whatever number of cases has them", () => {
  assertAlmostEquals(bootstrapMean([grid([1, 1, 1, 1]), grid([0, NaN, NaN, NaN])]).value, 0.5, 1e-12);
});

Deno.test("all organs of a case are drawn together", () => {
  // Two organs that make up for each other in every case: their mean never moves.
  const { low, high } = bootstrapMean([grid([0.2, 0.8, 0.4]), grid([0.8, 0.2, 0.6])]);
  assertAlmostEquals(low, 0.5, 1e-12);
  assertAlmostEquals(high, 0.5, 1e-12);
});

Deno.test("a difference is paired: arms that differ by a constant in every case and seed have no spread", () => {
  const reference = grid([0.1, 0.9, 0.3, 0.5, 0.2, 0.6], 2);
  const own = grid([...reference.values].map((value) => value + 0.05), 2);
  const { value, low, high } = bootstrapDifference([{ own, reference }], {
    sameSeeds: true,
    statistic: "mean",
  });
  for (const one of [value, low, high]) assertAlmostEquals(one, 0.05, 1e-12);
  const apart = bootstrapDifference([{ own, reference }], { sameSeeds: false, statistic: "mean" });
  assert(apart.high - apart.low > 0.1, "seeds drawn apart do spread");
});

Deno.test("a case that one of the two arms lacks is no pair", () => {
  const pair = { own: grid([0.5, 0.9, 0.7]), reference: grid([0.4, NaN, 0.6]) };
  assertAlmostEquals(bootstrapDifference([pair], { sameSeeds: true, statistic: "mean" }).value, 0.1, 1e-12);
});

for (const { name, organs, reference, statistic = "mean", ...peer } of peers) {
  Deno.test(`the interval is that of all possible draws, or of 100,000: ${name}`, () => {
    const grids = organs.map((organ) => grid(organ.flat().map(numberOf), organ[0]!.length));
    const own = reference
      ? bootstrapDifference(
        grids.map((own, i) => ({ own, reference: grid(reference[i]!.flat().map(numberOf), own.seeds) })),
        { sameSeeds: true, statistic },
      )
      : bootstrapStatistic(grids, { statistic });
    const [low, high] = [numberOf(peer.low), numberOf(peer.high)];
    if (high === Infinity) return assertEquals([own.low, own.high], [low, Infinity]);
    // 2,000 draws leave an end of the interval some 3 % of the width.
    const tolerance = 0.06 * (high - low);
    assertAlmostEquals(own.low, low, tolerance);
    assertAlmostEquals(own.high, high, tolerance);
  });
}

Deno.test("a miss is larger than any distance: a median knows it, and so does the end of its interval", () => {
  const { value, low, high } = bootstrapStatistic([grid([1, 2, Infinity])], { statistic: "median" });
  assertEquals({ value, low, high }, { value: 2, low: 1, high: Infinity });
  assertEquals(bootstrapStatistic([grid([3, Infinity, Infinity])], { statistic: "median" }).value, Infinity);
  const pair = { own: grid([4, Infinity, 5]), reference: grid([3, Infinity, Infinity]) };
  // The case that both missed is no pair: the differences are 1 and -∞.
  assertEquals(bootstrapDifference([pair], { sameSeeds: true, statistic: "median" }).value, -Infinity);
});

Deno.test("the same values give the same interval", () => {
  const values = grid([0.1, 0.7, 0.4, 0.9]);
  assertEquals(bootstrapMean([values]), bootstrapMean([values]));
  assert(bootstrapMean([values]).high <= 0.9);
});

function assertNear(actual: Interval, wanted: Interval) {
  for (const key of ["value", "low", "high"] as const) {
    assertAlmostEquals(actual[key], wanted[key], 1e-12, key);
  }
}

Deno.test("cases of one subject are drawn together: as often as it is, they are no more evidence", () => {
  const values = [0.2, 0.9, 0.4, 0.7, 0.5], twice = values.flatMap((value) => [value, value]);
  for (const statistic of ["mean", "median"] as const) {
    const once = bootstrapStatistic([grid(values)], { statistic });
    const subjects = values.flatMap((_, i) => [i, i]);
    assertNear(bootstrapStatistic([grid(twice)], { statistic, subjects }), once);
    const alone = bootstrapStatistic([grid(twice)], { statistic });
    assert(alone.high - alone.low < once.high - once.low, "as subjects of their own they would be surer");
    const [own, reference] = [grid(twice), grid(twice.map((value) => value / 2))];
    const half = { own: grid(values), reference: grid(values.map((value) => value / 2)) };
    assertNear(
      bootstrapDifference([{ own, reference }], { statistic, subjects, sameSeeds: true }),
      bootstrapDifference([half], { statistic, sameSeeds: true }),
    );
  }
});

Deno.test("subjects of many cases and of few: a draw holds whole subjects", () => {
  // One subject has three cases of 1, the other one of 0: draws are all ones, all noughts, or three ones and a nought.
  const of = bootstrapStatistic([grid([1, 1, 1, 0])], { statistic: "mean", subjects: [7, 7, 7, 2] });
  assertEquals(of, { value: 0.75, low: 0, high: 1 });
  const one = bootstrapStatistic([grid([0.2, 0.4])], { statistic: "mean", subjects: [1, 1] });
  assertEquals([one.value.toFixed(3), one.low, one.high], ["0.300", NaN, NaN]);
});
