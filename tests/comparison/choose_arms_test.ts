import { assertEquals, assertThrows } from "@std/assert";
import type { Arm } from "../../lib/comparison/arms.ts";
import { chooseArms, describeUnfinished } from "../../lib/comparison/choose_arms.ts";

const arms = ["independent", "mutual", "mutual/ramp_up_0.5", "nnunet"].map((name) => ({
  name,
  runs: [] as unknown as Arm["runs"], // none is looked at
  rows: [],
  notes: [],
}));
const unfinished = [{ name: "pooled", state: "it was not started" }];

function chosen(names: string, besides = ""): string[] {
  const found = chooseArms(arms, names, { besides, unfinished });
  return [...found.arms.map(({ name }) => name), ...describeUnfinished(found.unfinished)];
}

Deno.test("arms are chosen by name, in the order asked for; what is not finished is told with its state", () => {
  assertEquals(chosen(" nnunet, mutual/ramp_up_0.5,pooled"), [
    ...["nnunet", "mutual/ramp_up_0.5", "pooled has no finished run: it was not started"],
  ]);
  assertEquals(chosen("all"), ["independent", "mutual", "mutual/ramp_up_0.5", "nnunet"]);
  assertEquals(chosen("mutual, others", "mutual, independent"), ["mutual", "nnunet"]);
});

Deno.test("a misspelt arm is an error that names what there is and the nearest, wherever it stands", () => {
  for (const [names, besides] of [["mutul, nnunet", ""], ["nnunet, others", "mutul"]] as const) {
    assertThrows(
      () => chosen(names, besides),
      Error,
      "an arm must be one of independent, mutual, mutual/ramp_up_0.5, nnunet, pooled, all, others, " +
        'current value is "mutul": did you mean mutual?',
    );
  }
  assertThrows(() => chosen("pooled"), Error, "pooled has no finished run: it was not started; finished are");
  assertThrows(() => chosen(""), Error, "none is named");
});
