import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { worstCases } from "../../lib/comparison/worst_cases.ts";

const row = (name: string, organ: string, dice: number, seed = 1) => ({
  case: name,
  dataset: "full",
  organ,
  dice,
  seed,
  hd95: 1,
});

Deno.test("lowest first by one arm, seeds averaged, undefined left out, the other arms beside", () => {
  const rows = {
    mutual: [
      row("a", "Liver", 0.9),
      row("b", "Liver", 0.2),
      row("b", "Liver", 0.4, 2),
      row("a", "Spleen", 0.5),
      row("c", "Liver", NaN),
    ],
    other: [row("b", "Liver", 0.8), row("x", "Liver", 0)],
  };
  const worst = worstCases(rows, { count: 2 });
  assertEquals(worst.map((one) => [one.case, one.organ]), [["b", "Liver"], ["a", "Spleen"]]);
  assertAlmostEquals(worst[0]!.scores.mutual!, 0.3, 1e-12);
  assertEquals(worst.map(({ scores }) => scores.other), [0.8, NaN]);
  assertEquals(worstCases(rows, { metric: "hd95", count: 1 })[0]?.scores, { mutual: 1, other: NaN });
  assertThrows(() => worstCases(rows, { of: "mutul" }), Error, "did you mean mutual?");
  assertEquals(worstCases(rows, { of: "other" }).map((one) => one.case), ["x", "b"]);
  assertThrows(() => worstCases({}), Error, "Cannot rank cases: at least one arm is wanted, there are 0");
});
