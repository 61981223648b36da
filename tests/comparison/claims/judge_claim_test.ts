import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseClaim } from "../../../lib/comparison/claims/claim.ts";
import { judgeClaim } from "../../../lib/comparison/claims/judge_claim.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { claimJson } from "../../support/claims/claim_json.ts";
import { fakeScores } from "../../support/runs/finished_run.ts";

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** Two organs in eight cases and two seeds; every case has the mean and a little of its own, seeds are alike. */
function arm(liver: number, kidney: number, dataset = "full"): ScoreRow[] {
  const cases = (mean: number) => Object.fromEntries(NAMES.map((name, i) => [name, mean + 0.001 * i]));
  const rows = fakeScores({ Liver: cases(liver), Kidney: cases(kidney) });
  return [1, 2].flatMap((seed) => rows.map((row) => ({ ...row, seed, dataset })));
}

const card = (changes: Record<string, unknown> = {}, gates: unknown[] = []) => {
  const arms = { new: { experiment: "mutual" }, old: { experiment: "independent" } };
  const outcome = { arm: "new", reference: "old", direction: "more", smallestDifference: 0.02, ...changes };
  return parseClaim(claimJson({ arms, outcome, gates }), "claim.json");
};

Deno.test("the mean over organs decides, or over those that the card names", () => {
  const rows = { old: arm(0.8, 0.8), new: arm(0.83, 0.8) };
  const { verdict, difference, metric } = judgeClaim(card(), rows);
  assertEquals([verdict, metric], ["not shown", "Dice"]);
  assertAlmostEquals(difference.value, 0.015, 1e-12);
  assertEquals(judgeClaim(card({ organs: ["Liver"] }), rows).verdict, "reproduced");
  assertEquals(judgeClaim(card({ organs: ["Kidney"], direction: "equal" }), rows).verdict, "reproduced");
  assertEquals(
    judgeClaim(card({ organs: ["Liver"], metric: "hd95", direction: "less", smallestDifference: 0.1 }), rows)
      .verdict,
    "reproduced",
  );
  assertEquals(judgeClaim(card({ organs: ["Liver"], direction: "less" }), rows).verdict, "contradicted");
});

Deno.test("a test set is a part of the cases", () => {
  const rows = {
    old: [...arm(0.8, 0.8, "here"), ...arm(0.2, 0.2, "there")],
    new: [...arm(0.8, 0.8, "here"), ...arm(0.6, 0.6, "there")],
  };
  assertAlmostEquals(judgeClaim(card({ testSets: ["there"] }), rows).difference.value, 0.4, 1e-12);
  assertAlmostEquals(judgeClaim(card({ testSets: ["here"] }), rows).difference.value, 0, 1e-12);
});

Deno.test("cells are pairs of organ and test set: others of the organ, and of the set, count nowhere", () => {
  const of = (
    here: [number, number],
    there: [number, number],
  ) => [...arm(...here, "here"), ...arm(...there, "there")];
  const rows = { old: of([0.8, 0.2], [0.2, 0.8]), new: of([0.1, 0.5], [0.6, 0.1]) };
  const cells = [["Kidney", "here"], ["Liver", "there"]];
  // 0.3 in the one, 0.4 in the other; the mean over organs.
  assertAlmostEquals(judgeClaim(card({ cells }), rows).difference.value, 0.35, 1e-12);
  assertThrows(
    () => judgeClaim(card({ cells: [["Kidney", "hree"]] }), rows),
    Error,
    "must be one of here, there",
  );
  assertThrows(
    () => card({ cells, organs: ["Liver"] }),
    Error,
    "outcome.cells: stands in place of organs and testSets",
  );
});

Deno.test("a cell that no score is of, other cases than the reference's, and an arm without scores are errors, not verdicts", () => {
  const rows = {
    old: [...arm(0.5, 0.5, "here"), ...arm(0.5, 0.5, "there")],
    new: [...arm(0.8, 0.8, "here"), ...arm(0.8, 0.8, "there").filter(({ organ }) => organ !== "Liver")],
  };
  const cells = [["Liver", "here"], ["Liver", "there"]];
  assertThrows(() => judgeClaim(card({ cells }), rows), Error, "new has no score of Liver in there");
  assertThrows(
    () => judgeClaim(card(), { ...rows, new: arm(0.8, 0.8, "here") }),
    Error,
    "must be scored on the same cases",
  );
  assertThrows(() => judgeClaim(card(), { ...rows, new: [] }), Error, "new has no score that counts");
});

Deno.test("where a control does not do what it should, nothing was tested, and each gate says what it saw", () => {
  const rows = { old: arm(0.5, 0.5), new: arm(0.8, 0.8) };
  const gates = [
    { arm: "old", atMost: 0.6, why: "the old one must fail" },
    { arm: "new", reference: "old", atLeast: 0.5, why: "the room between them" },
  ];
  const judged = judgeClaim(card({}, gates), rows);
  assertEquals(judged.verdict, "not tested");
  assertEquals(judged.gates.map(({ passed }) => passed), [true, false]);
  assertAlmostEquals(judged.gates[0]!.value, 0.5035, 1e-12);
  assertAlmostEquals(judged.gates[1]!.value, 0.3, 1e-12);
  assertEquals(judgeClaim(card({}, gates.slice(0, 1)), rows).verdict, "reproduced");
});

Deno.test("organs and test sets that no row has are errors that name those there are", () => {
  const rows = { old: arm(0.5, 0.5), new: arm(0.8, 0.8) };
  assertThrows(() => judgeClaim(card({ organs: ["Livr"] }), rows), Error, "did you mean Liver?");
  assertThrows(() => judgeClaim(card({ testSets: ["fully"] }), rows), Error, "must be one of full");
});
