import { assertEquals } from "@std/assert";
import { parseClaim } from "../../../lib/comparison/claims/claim.ts";
import { cardProblems } from "../../../lib/workbench/claims/check_card.ts";
import { claimJson } from "../../support/claims/claim_json.ts";

const card = (changes: Record<string, unknown> = {}) =>
  parseClaim(
    claimJson({
      arms: { one: { experiment: "mutual" }, other: { experiment: "independent" } },
      outcome: { arm: "one", reference: "other", direction: "more", smallestDifference: 0.01 },
      ...changes,
    }),
    "card.json",
  );

Deno.test("names that are not there are told before anything is run, all at once", async () => {
  assertEquals(await cardProblems(card()), []);
  const problems = await cardProblems(card({
    arms: {
      one: { experiment: "mutaul" },
      other: { experiment: "independent", learningrate: 1 },
      third: { experiment: "oracle" },
    },
    outcome: {
      arm: "third",
      reference: "other",
      direction: "more",
      smallestDifference: 0.01,
      organs: ["Lver"],
    },
    gates: [{ arm: "third", atLeast: 0, cells: [["Liver", "scanner_d"]], why: "w" }],
  }));
  const wanted = [
    ["arms.one: ", "did you mean mutual?"],
    ["arms.other: ", "did you mean learningRate?"],
    ["outcome: an organ of third ", "did you mean Liver?"],
    ["gates[0]: a test set of third ", "must be one of scanner_a, scanner_b, scanner_c"],
  ];
  assertEquals(problems.length, wanted.length, problems.join("\n"));
  wanted.forEach(([begin, words], i) =>
    assertEquals([problems[i]!.startsWith(begin!), problems[i]!.includes(words!)], [true, true], problems[i])
  );
  const arms = { one: { experiment: "mutual", cohort: "hippocampus" }, other: { experiment: "independent" } };
  assertEquals(await cardProblems(card({ arms })), [
    "outcome: one and other must be tested on the same scans, their cohorts have none in common",
  ]);
  const cells = { arm: "one", reference: "other", direction: "more", smallestDifference: 0.01 };
  const [never] = await cardProblems(card({
    cohort: "variants/phantom_names",
    outcome: { ...cells, cells: [["Liver", "scanner_a"]] },
  }));
  assertEquals(never?.includes("scanner_a scores") && never.endsWith("not Liver"), true, never);
  const [folds] = await cardProblems(card({ cohort: "hippocampus@2/5" }));
  assertEquals(folds, "arms.one: a card has no folds, cohort is hippocampus@2/5");
});
