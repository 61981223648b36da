import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  differingOrigins,
  differingParameters,
  groupRuns,
} from "../../../lib/comparison/catalogue/group_runs.ts";
import { meanDice } from "../../../lib/comparison/mean_dice.ts";
import { catalogueRun, score } from "../../support/comparison/catalogue/runs.ts";

Deno.test("mean Dice: of organs, not of rows; what is undefined is left out", () => {
  const rows = [0.9, 0.7, NaN].map((dice, index) => score("a", dice, { case: `${index}` }));
  rows.push(score("b", 0.5), score("c", NaN));
  assertAlmostEquals(meanDice(rows), 0.65, 1e-12);
  assertEquals([meanDice([]), meanDice([score("c", NaN)])], [NaN, NaN]);
});

Deno.test("runs that differ in their seed only are one group; the deviation is over seeds, with n - 1", () => {
  const groups = groupRuns([
    catalogueRun({ seed: 3, rate: 0.1 }, { dice: 0.8 }),
    catalogueRun({ rate: 0.1, seed: 1 }, { dice: 0.6 }),
    catalogueRun({ seed: 1, rate: 0.2 }, { dice: 0.9 }),
    catalogueRun({ seed: 2, rate: 0.1 }, { dice: NaN, state: "failed" }),
    catalogueRun({ seed: 1, rate: 0.1 }, { dice: 0.7, experiment: "pooled" }),
    catalogueRun({ seed: 4, rate: 0.1 }, { dice: 0.7, dataHash: "other" }),
  ]);
  assertEquals(groups.map(({ seeds }) => seeds), [[1, 3], [1], [1], [4]]);
  const [first, second] = groups;
  assertAlmostEquals(first!.dice.mean, 0.7, 1e-12);
  assertAlmostEquals(first!.dice.std, Math.SQRT2 / 10, 1e-12); // ±0.1 of two: √(2·0.01 / 1)
  assertEquals(second!.dice, { mean: 0.9, std: NaN });
  assertEquals(first!.states, { finished: 2, failed: 1 });
});

Deno.test("folds of the same data are one group; without folds, or in as many others, they are another", () => {
  const fold = (part: number, of = 3, dataHash = "all") => ({
    fold: { part, of, dataHash },
    dataHash: `${part}`,
  });
  const groups = groupRuns([
    catalogueRun({ seed: 1, cohort: "toy@2/3" }, { ...fold(2), scores: [score("a", 0.5, { case: "2" })] }),
    catalogueRun({ seed: 1, cohort: "toy@1/3" }, { ...fold(1), scores: [score("a", 0.7, { case: "1" })] }),
    catalogueRun({ seed: 2, cohort: "toy@1/3" }, { ...fold(1), scores: [score("a", 0.9, { case: "1" })] }),
    catalogueRun({ seed: 1, cohort: "toy@1/3" }, { ...fold(1, 3, "corrected") }),
    catalogueRun({ seed: 1, cohort: "toy@1/5" }, { ...fold(1, 5) }),
    catalogueRun({ seed: 1, cohort: "toy" }, { dataHash: "all" }),
  ]);
  assertEquals(groups.map(({ seeds, folds }) => [seeds, folds]), [
    [[1, 2], { parts: [1, 2], of: 3 }],
    [[1], { parts: [1], of: 3 }],
    [[1], { parts: [1], of: 5 }],
    [[1], undefined],
  ]);
  // Case 1: (0.7 + 0.9) / 2; case 2 was scored once.
  assertAlmostEquals(groups[0]!.dice.mean, 0.65, 1e-12);
});

Deno.test("mean Dice of a group: a case is the mean over its seeds first, as all tables have it", () => {
  const scores = [
    [score("a", 0.9, { case: "1" }), score("a", 0.3, { case: "2" })],
    [score("a", 0.5, { case: "1" }), score("a", NaN, { case: "2" })],
  ];
  const [group] = groupRuns(
    scores.map((rows, index) => catalogueRun({ seed: index }, { scores: rows, dice: meanDice(rows) })),
  );
  const { dice } = group!;
  assertAlmostEquals(dice.mean, 0.5, 1e-12); // of 0.7 and 0.3; the mean of the runs' own, 0.6 and 0.5, were 0.55
  assertAlmostEquals(dice.std, 0.1 / Math.SQRT2, 1e-12);
});

Deno.test("a group without a finished run has no score", () => {
  const [group] = groupRuns([catalogueRun({ seed: 1 }, { state: "running", dice: NaN })]);
  assertEquals([group?.seeds, group?.dice, group?.states], [[], { mean: NaN, std: NaN }, { running: 1 }]);
});

Deno.test("parameters that differ: never cohort or seed, nor one that some experiments lack", () => {
  const runs = [
    catalogueRun({ cohort: "a", seed: 1, rate: 0.1, form: "label", clean: true }),
    catalogueRun({ cohort: "b", seed: 2, rate: 0.1, form: "recall", clean: true }),
    catalogueRun({ cohort: "b", seed: 2 }),
  ];
  assertEquals(differingParameters(runs), ["form"]);
  assertEquals(differingParameters([]), []);
});

Deno.test("origins tell runs apart that would look the same otherwise, and are not shown else", () => {
  const one = catalogueRun({ seed: 1 });
  const otherArm = catalogueRun({ seed: 1 }, { experiment: "pooled", notebookHash: "p" });
  assertEquals(differingOrigins([one, otherArm]), []);
  const edited = catalogueRun({ seed: 2 }, { notebookHash: "edited", methodVersion: 2 });
  assertEquals(differingOrigins([one, otherArm, edited]), ["methodVersion", "notebookHash"]);
});

Deno.test("a cohort by name and by path is one: of two runs of one seed the newer counts, and the seed once", () => {
  const attempt = (started: string) => [{ started, status: "finished", host: "h", process: 1 } as const];
  const runs = [
    catalogueRun({ seed: 1, cohort: "toy" }, { dice: 0.4, version: 1, attempts: attempt("2026-01-01") }),
    catalogueRun({ seed: 1, cohort: "experiments/cohorts/toy.json" }, {
      dice: 0.6,
      version: 2,
      attempts: attempt("2026-01-02"),
    }),
  ];
  const [group, ...others] = groupRuns(runs);
  assertEquals([others.length, group?.seeds, group?.dice], [0, [1], { mean: 0.6, std: NaN }]);
});
