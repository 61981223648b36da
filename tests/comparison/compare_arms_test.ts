import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compareArms, compareByAll } from "../../lib/comparison/compare_arms.ts";
import type { ArmScore, Comparison } from "../../lib/comparison/comparison.ts";
import { metricsNamed } from "../../lib/metrics/metric_names.ts";
import { metricsOf, type ScoreRow } from "../../lib/metrics/score_row.ts";
import { scoreArms, scoreHeading } from "../../lib/comparison/score_arms.ts";
import * as peers from "../support/metrics/comparison_fixture.ts";

const { numberOf } = peers;
const peerRows: Record<string, ScoreRow[]> = {};
for (const { arm, ...row } of peers.rows) {
  (peerRows[arm] ??= []).push({
    ...row,
    dataset: "full",
    dice: numberOf(row.dice),
    hd95: numberOf(row.hd95),
  });
}

function scoreOf({ organs, arms }: Comparison, arm: string, organ: string): ArmScore {
  const { organs: scores, mean } = arms.find(({ name }) => name === arm)!;
  return organ === "mean" ? mean : scores[organs.indexOf(organ)]!;
}

function assertSame(own: number, peer: number | string | null, message: string) {
  if (peer === null) assertEquals(own, NaN, message);
  else assertAlmostEquals(own, numberOf(peer), 1e-10, message);
}

for (const metric of ["dice", "hd95"] as const) {
  const comparison = compareArms(peerRows, { metric });
  for (const answer of peers[metric]) {
    Deno.test(`${metric} of ${answer.arm}, ${answer.organ}: as pandas, SciPy and statsmodels say`, () => {
      const own = scoreOf(comparison, answer.arm, answer.organ);
      for (const key of ["value", "caseDeviation", "seedDeviation"] as const) {
        assertSame(own[key], answer[key], key);
      }
      for (const index of [0, 1] as const) {
        assertSame(own.quartiles[index], answer.quartiles[index], "quartiles");
      }
      assertEquals([own.missed, own.undefined], [answer.missed, answer.undefined]);
      assertEquals(own.difference === undefined, answer.p === undefined);
      if (!own.difference) return;
      assertSame(own.difference.value, answer.difference!, "difference");
      assertSame(own.difference.p, answer.p!, "p");
      assertSame(own.difference.adjusted, answer.adjusted!, "adjusted");
      assert(own.difference.low <= own.difference.value && own.difference.value <= own.difference.high);
    });
  }
}

const row = (
  case_: string,
  organ: string,
  dice: number,
  { hd95 = 1, seed }: Partial<ScoreRow> = {},
): ScoreRow => ({
  case: case_,
  dataset: "full",
  organ,
  dice,
  hd95,
  ...seed === undefined ? {} : { seed },
});

Deno.test("by hand: seeds first, then cases, then organs; the miss counted, the undefined left out", () => {
  const arms = {
    mutual: [
      row("a", "Liver", 0.8, { seed: 1 }),
      row("a", "Liver", 0.6, { seed: 2 }),
      row("b", "Liver", 0.1, { seed: 1 }),
    ],
    other: [
      row("a", "Liver", 0.9),
      row("b", "Liver", NaN, { hd95: NaN }),
      row("a", "Spleen", 0, { hd95: Infinity }),
    ],
  };
  const dice = compareArms(arms);
  assertEquals([dice.organs, dice.reference], [["Liver", "Spleen"], "mutual"]);
  assertAlmostEquals(scoreOf(dice, "mutual", "Liver").value, 0.4, 1e-12); // (0.7 + 0.1) / 2
  assertEquals(scoreOf(dice, "mutual", "Spleen").value, NaN);
  assertAlmostEquals(scoreOf(dice, "mutual", "mean").value, 0.4, 1e-12);
  assertAlmostEquals(scoreOf(dice, "other", "mean").value, 0.45, 1e-12); // (0.9 + 0) / 2
  assertEquals(scoreOf(dice, "other", "Liver").undefined, 1);
  const { difference } = scoreOf(dice, "other", "Liver");
  assertAlmostEquals(difference!.value, 0.2, 1e-12); // 0.9 - 0.7, case a alone
  assertEquals([difference!.pairs, difference!.p, difference!.adjusted], [1, NaN, NaN]);
  const hd95 = compareArms(arms, { metric: "hd95" });
  const { value, missed, values, cases } = scoreOf(hd95, "other", "Spleen");
  assertEquals({ value, missed, values, cases }, { value: Infinity, missed: 1, values: 1, cases: 1 });
});

const many = (shift: number, { cases = 10, seed = 1 } = {}) =>
  Array.from(
    { length: cases },
    (_, i) => row(`case_${i}`, "Liver", 0.7 + shift * (1 + i / 100) + i / 50, { seed }),
  );

Deno.test("what too little data leaves open is said", () => {
  const notes = (arms: Record<string, ScoreRow[]>) => Object.values(compareArms(arms).notes).flat().join(" ");
  const one = notes({ mutual: many(0), other: many(0.01) });
  assert(
    one.includes("bootstrap over cases (2000") && one.includes("One seed an arm") &&
      one.includes("p: Wilcoxon"),
    one,
  );
  const three = [1, 2, 3].flatMap((seed) => many(0, { seed }));
  const mixed = notes({ mutual: three, other: many(0.01) });
  assert(
    mixed.includes("over cases and seeds") &&
      mixed.includes("One seed, so an interval over cases only: other."),
    mixed,
  );
  assert(mixed.includes("Of 3 seeds at most"), mixed);
  const few = notes({ mutual: many(0, { cases: 5 }), other: many(0.01, { cases: 5 }) });
  assert(few.includes("No p-values: fewer than 6 cases differ") && !few.includes("Wilcoxon"), few);
  assert(notes({ mutual: many(0), other: many(0) }).includes("No p-values"), "no case differs");
  assert(
    notes({ mutual: many(0), other: many(0.1, { cases: 7 }) }).includes("fewer than the 10 cases: other 7."),
  );
  assert(notes({ a: many(0), b: many(0.1) }).includes("No reference arm"));
  assert(notes({ mutual: many(0, { cases: 1 }) }).includes("One case: there are no intervals."));
});

Deno.test("a miss in HD95 is worse than any distance: the test and the median see it", () => {
  const arm = (values: number[]) => values.map((hd95, i) => row(`case_${i}`, "Liver", 0.5, { hd95 }));
  const rows = { mutual: arm([1, 2, 3, 4, 5, 6, 7]), other: arm([1.1, 2.2, 3.3, 4.4, 5.5, 6.6, Infinity]) };
  const { value, difference, missed } = scoreOf(compareArms(rows, { metric: "hd95" }), "other", "Liver");
  assertEquals(value, 4.4);
  assertAlmostEquals(difference!.value, 0.4, 1e-12); // of 0.1, 0.2, …, 0.6, ∞
  assertAlmostEquals(difference!.p, 2 / 2 ** 7, 1e-12);
  assertEquals([difference!.pairs, missed], [7, 1]);
});

Deno.test("a misspelt reference, metric or organ is an error with what there is; no reference is asked for by none", () => {
  const arms = { mutual: many(0), pooled: many(0.1) };
  const wrong: [() => unknown, string][] = [
    [
      () => compareArms(arms, { reference: "muutal" }),
      "the reference must be one of mutual, pooled, current value is",
    ],
    [() => compareArms(arms, { metric: "hd59" as "hd95" }), "must be one of dice, nsd, hd95, assd"],
    [() => compareArms(arms, { organs: ["Livr"] }), "did you mean Liver?"],
    [() => metricsNamed("dice, ads"), "must be one of dice, nsd, hd95, assd, all"],
  ];
  for (const [call, message] of wrong) assertThrows(call, Error, message);
  assertEquals(compareArms(arms, { reference: "" }).arms.map(({ mean }) => mean.difference), [
    undefined,
    undefined,
  ]);
  assertEquals(compareArms({ a: many(0) }).reference, undefined);
});

Deno.test("an arm whose scores lack a metric has none; where all lack it, it is not shown", () => {
  const old = many(0).map(({ hd95: _, ...row }) => row);
  assertEquals([metricsOf(old), metricsOf(many(0))], [["dice"], ["dice", "hd95"]]);
  assertEquals(compareByAll({ mutual: old }).map(({ metric }) => metric), ["dice"]);
  const mixed = compareArms({ mutual: many(0), old }, { metric: "hd95" });
  const { mean } = mixed.arms[1]!;
  assertEquals([mean.value, mean.undefined], [NaN, 0]);
  assert(mixed.notes.cases.includes("Without HD95 in their scores: old."), mixed.notes.cases.join());
});

Deno.test("NSD has its tolerance in its name", () => {
  const at = (nsdToleranceMm: number) => many(0).map((row) => ({ ...row, nsd: 0.9, nsdToleranceMm }));
  const heading = (rows: ScoreRow[]) => scoreHeading(scoreArms(rows, { metric: "nsd" }));
  assertEquals(heading(at(3)), "mean NSD at 3 mm");
  const spleen = at(1).map((row) => ({ ...row, organ: "Spleen" }));
  assertEquals(heading([...at(3), ...spleen]), "mean NSD at 1–3 mm");
  assertEquals(heading(many(0).map((row) => ({ ...row, nsd: 0.9 }))), "mean NSD");
});

Deno.test("two rows of one case, organ and seed are an error, as is nothing at all", () => {
  assertThrows(
    () => compareArms({ mutual: [row("a", "Liver", 1), row("a", "Liver", 0)] }),
    Error,
    "mutual has two of case a, organ Liver, seed not given",
  );
  assertThrows(() => compareArms({}), Error, "Cannot compare arms: at least one row is wanted, there are 0");
});

Deno.test("cases of equal names in two datasets are two, arms and organs may have any name", () => {
  const rows = ["A", "B"].map((dataset) => ({ ...row("1", "constructor", 0.5), dataset }));
  const { arms } = compareArms({ "__proto__ <b>": rows });
  assertEquals(arms[0]?.organs[0]?.cases, 2);
});

Deno.test("scans of one person are one pair of the test and one draw of the interval, and the notes say so", () => {
  const dice = [0.5, 0.61, 0.72, 0.55, 0.8, 0.66, 0.58];
  const armOf = (shift: number, scans: number, subject?: (i: number) => string) =>
    dice.flatMap((value, i) =>
      Array.from({ length: scans }, (_, scan) => ({
        ...row(`${i}_${scan}`, "liver", value + shift * (i + 1)),
        ...subject ? { subject: subject(i) } : {},
      }))
    );
  const compared = (scans: number, subject?: (i: number) => string) =>
    compareArms({ mutual: armOf(0, scans, subject), other: armOf(0.01, scans, subject) });
  const once = compared(1), people = compared(3, (i) => `${i}_0`), cases = compared(3);
  const testOf = ({ arms }: Comparison) => arms[1]!.mean.difference!.p;
  assertAlmostEquals(testOf(people), testOf(once), 1e-12);
  assert(testOf(cases) < testOf(once));
  const { low, high } = people.arms[0]!.mean;
  assertAlmostEquals(low, once.arms[0]!.mean.low, 1e-12);
  assertAlmostEquals(high, once.arms[0]!.mean.high, 1e-12);
  assertEquals(
    people.notes.intervals[0],
    "Intervals: 95 % bootstrap over subjects (7 of 21 cases) (2000 resamplings).",
  );
  assert(people.notes.tests[0]!.includes("over subjects (seeds averaged first, then cases)"));
  // An arm that was scored before anybody said it takes part: cases are the same.
  const mixed = compareArms({ mutual: armOf(0, 3), other: armOf(0.01, 3, (i) => `${i}_0`) });
  assertEquals(testOf(mixed), testOf(people));
});
