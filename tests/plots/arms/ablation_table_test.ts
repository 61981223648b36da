import { assert, assertEquals, assertThrows } from "@std/assert";
import { compareArms } from "../../../lib/comparison/compare_arms.ts";
import { ablationTable } from "../../../lib/plots/arms/ablation_table.ts";
import { tableToText } from "../../../lib/plots/tables/table.ts";

/** Four cases, two seeds; each case's Dice is the arm's plus its own part of `spread`. */
const arm = (dice: number, spread: readonly number[] = [0, 0, 0, 0]) =>
  [1, 2].flatMap((seed) =>
    spread.map((part, i) => ({ case: `${i}`, dataset: "full", organ: "Liver", seed, dice: dice + part }))
  );

const arms = {
  mutual: arm(0.8),
  worse: arm(0.75),
  better: arm(0.9),
  unsure: arm(0.8, [-0.1, 0.1, -0.1, 0.06]),
};

Deno.test("an ablation: mean, difference from the method, its interval, and whether that holds 0", () => {
  const { columns, rows, notes } = ablationTable(compareArms(arms));
  assertEquals(columns, ["arm", "mean Dice", "minus mutual", "95 % interval", "the interval"]);
  assertEquals(rows.slice(0, 3), [
    ["mutual", "0.800", null, null, null],
    ["worse", "0.750", "−0.050", "−0.050 to −0.050", "is below 0"],
    ["better", "0.900", "+0.100", "+0.100 to +0.100", "is above 0"],
  ]);
  // Resampled cases alone: from all four at −0.1 to all at +0.1, far on both sides of 0.
  assertEquals([...rows[3]!.slice(0, 3), rows[3]![4]], ["unsure", "0.790", "−0.010", "holds 0"]);
  assert(notes.some((note) => /holds 0, these runs do not show that the arm differs from mutual/.test(note)));
  assert(notes.some((note) => /cases and seeds/.test(note)), notes.join());
});

Deno.test("where no interval holds 0, nothing is said of it; one case has no interval and no verdict", () => {
  const { mutual, worse } = arms;
  assert(!ablationTable(compareArms({ mutual, worse })).notes.some((note) => note.includes("holds 0")));
  const one = (rows: typeof mutual) => rows.filter((row) => row.case === "0");
  assertEquals(ablationTable(compareArms({ mutual: one(mutual), worse: one(worse) })).rows[1], [
    ...["worse", "0.750", "−0.050", null, null],
  ]);
});

Deno.test("a difference that is printed as 0 is none, however sure", () => {
  const { mutual } = arms;
  for (const dice of [0.7997, 0.8004]) {
    assertEquals(ablationTable(compareArms({ mutual, hardly: arm(dice) })).rows[1], [
      ...["hardly", "0.800", "0.000", "0.000 to 0.000", "holds 0"],
    ]);
  }
});

Deno.test("it fits a terminal of 80 columns, with the longest names of the project's arms", () => {
  const { mutual, unsure } = arms;
  const drawn = tableToText(ablationTable(compareArms({ mutual, no_mutual_difference: unsure }))).split("\n");
  assertEquals(drawn.filter((line) => /^[┌│├└]/.test(line) && [...line].length > 80), []);
});

Deno.test("without a reference there is no ablation", () => {
  assertThrows(() => ablationTable(compareArms(arms, { reference: "" })), Error, "must have a reference arm");
});
