import { assertAlmostEquals, assertEquals } from "@std/assert";
import { parseClaim } from "../../../lib/comparison/claims/claim.ts";
import type { ClaimCard, JudgedCard } from "../../../lib/comparison/claims/judged_card.ts";
import { readCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { cardProblems } from "../../../lib/workbench/claims/check_card.ts";
import { pilotCard, pilotWidth } from "../../../lib/workbench/claims/pilot_card.ts";
import { claimJson } from "../../support/claims/claim_json.ts";

function card(changes: Record<string, unknown>): ClaimCard {
  return { name: "toy", path: "toy.json", claim: parseClaim(claimJson(changes), "toy.json") };
}

const gates = [{ arm: "alone", atLeast: 0.5, why: "it must" }];

Deno.test("the pilot of a card on a phantom has its two arms, its cells, other seeds and other people", async () => {
  const outcome = {
    arm: "together",
    reference: "alone",
    direction: "more",
    smallestDifference: 0.01,
    cells: [["Liver", "scanner_b"]],
  };
  const arms = {
    together: { experiment: "mutual" },
    alone: { experiment: "independent" },
    bound: { experiment: "oracle" },
  };
  const { claim } = await pilotCard(card({ arms, outcome, gates }), 2);
  assertEquals([claim.seeds, Object.keys(claim.arms), claim.gates], [[11, 12], ["together", "alone"], []]);
  assertEquals(claim.outcome.cells, [["Liver", "scanner_b"]]);
  const cohort = await readCohort(claim.cohort);
  assertEquals([cohort.name, cohort.generator!.phantom.seed], ["phantom_shift_pilot", 11]);
  assertEquals(claim.arms.alone!.cohort, claim.cohort);
  assertEquals(await cardProblems(claim), []);
});

Deno.test("of scans that are read both arms are tested on what both cohorts know of the card's datasets", async () => {
  const few = "variants/hippocampus_few";
  const arms = {
    together: { experiment: "single_marginal" },
    alone: { experiment: "single_marginal", cohort: few },
  };
  const { claim } = await pilotCard(card({ cohort: "hippocampus_levels", arms, gates }), 1);
  const [own, other] = [await readCohort(claim.cohort), await readCohort(String(claim.arms.alone!.cohort))];
  assertEquals(own.test, other.test);
  assertEquals(own.test.map(({ name, organs }) => [name, organs]), [["Parts", ["Anterior", "Posterior"]]]);
  assertEquals([own.name, other.name], ["hippocampus_levels_pilot", "hippocampus_few_pilot"]);
  assertEquals(own.datasets.map(({ validation }) => validation), [
    { fraction: [0.6, 0.635], count: 6 },
    { fraction: [0.67, (0.67 + 0.74) / 2], count: 6 },
  ]);
  assertEquals(await cardProblems(claim), []);
});

Deno.test("what a pilot lets expect falls with the root of the number of people", async () => {
  const own = card({ cohort: "tests/support/experiments/tiny.json", gates: [] });
  const row = { dataset: "test", organ: "Liver", dice: 0.5 };
  const scores = {
    together: ["a", "b", "c", "d", "a"].map((subject, i) => ({ ...row, case: `${i}`, subject })),
    alone: [],
  };
  const judged = { difference: { value: 0, low: -0.02, high: 0.04 } };
  const { halfWidth, subjects: [pilot, tested], expected } =
    (await pilotWidth(own, { ...own, scores, judged } as unknown as JudgedCard))!;
  assertEquals(pilot, 4);
  assertAlmostEquals(halfWidth, 0.03, 1e-12);
  assertAlmostEquals(expected, 0.03 * Math.sqrt(4 / tested), 1e-12);
  assertEquals(await pilotWidth(own, { ...own, scores } as unknown as JudgedCard), undefined);
  // People of test sets that do not count are none of the pilot's.
  const outcome = { ...own.claim.outcome, testSets: ["test"] };
  const narrow = { ...own, claim: { ...own.claim, outcome } };
  const others = [...scores.together, { ...row, dataset: "elsewhere", case: "9", subject: "z" }];
  const wide = { ...narrow, scores: { ...scores, together: others }, judged } as unknown as JudgedCard;
  assertEquals((await pilotWidth(narrow, wide))!.subjects[0], 4);
});
