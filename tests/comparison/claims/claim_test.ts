import { assertEquals, assertThrows } from "@std/assert";
import { parseClaim } from "../../../lib/comparison/claims/claim.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import { claimJson } from "../../support/claims/claim_json.ts";

const card = claimJson();

Deno.test("a card has three seeds, Dice and no gates unless it says so", () => {
  const { seeds, outcome, gates } = parseClaim(card, "claim.json");
  assertEquals([seeds, outcome.metric, gates], [[1, 2, 3], "dice", []]);
});

Deno.test("all that is wrong with a card is told at once, with its place", () => {
  const wrong = {
    ...card,
    seeds: [1, 2, 1],
    arms: { together: { experiment: "mutual", seed: 2 }, alone: { fold: "1/5" } },
    outcome: { arm: "togehter", reference: "togehter", direction: "more", smallestDifference: 0.01 },
    gates: [
      { arm: "alone", why: "it says nothing" },
      { arm: "alone", reference: "nobody", atLeast: 0, atMost: 1, why: "it says two things" },
    ],
  };
  const { problems } = assertThrows(() => parseClaim(wrong, "claim.json"), InvalidFileError);
  assertEquals(problems, [
    "seeds: 1 is there twice",
    "arms.together.seed: the card's seeds are those of every arm",
    "arms.alone.experiment: must be an experiment's name",
    "arms.alone.fold: a card has no folds",
    'outcome.arm: must be one of together, alone, current value is "togehter": did you mean together?',
    'outcome.reference: must be one of together, alone, current value is "togehter": did you mean together?',
    "outcome.reference: must be another arm than outcome.arm",
    "gates[0]: must have one of atLeast and atMost",
    'gates[1].reference: must be one of together, alone, current value is "nobody"',
    "gates[1]: must have one of atLeast and atMost",
  ]);
});

Deno.test("a misspelt key, a difference of nothing and a direction that is none are refused", () => {
  const wrong = {
    ...card,
    cohrot: "toy",
    outcome: { arm: "together", reference: "alone", smallestDifference: 0, direction: "better" },
  };
  const { problems } = assertThrows(() => parseClaim(wrong, "claim.json"), InvalidFileError);
  assertEquals(problems.map((problem: string) => problem.split(":")[0]), [
    "outcome.direction",
    "outcome.smallestDifference",
    "cohrot",
  ]);
});
