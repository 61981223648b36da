import { assertEquals } from "@std/assert";
import { compareRuns } from "../../../lib/comparison/catalogue/compare_runs.ts";
import { catalogueRun, score } from "../../support/comparison/catalogue/runs.ts";

const run = (parameters: Record<string, number | string>, scores = [score("a", 0.5)], changes = {}) => ({
  name: "",
  record: catalogueRun(parameters, changes).record,
  scores,
});

Deno.test("parameters that differ, also those that only one has; what else differs in words", async () => {
  const a = run({ seed: 1, rate: 0.1, form: "label" });
  const b = run({ seed: 2, rate: 0.1, weight: 3 }, undefined, { experiment: "pooled", dataHash: "e" });
  const { parameters, others, sameCases } = await compareRuns(a, b);
  assertEquals(parameters, [
    { name: "seed", a: 1, b: 2 },
    { name: "form", a: "label", b: undefined },
    { name: "weight", a: undefined, b: 3 },
  ]);
  assertEquals([others, sameCases], [["the experiment", "the data"], true]);
});

Deno.test("organs of both; Dice by mean, HD95 by median, of which a miss is infinite; their means last", async () => {
  const a = run({}, [
    score("a", 0.5, { case: "1", hd95: 2 }),
    score("a", 0.7, { case: "2", hd95: 6 }),
    score("b", 0, { case: "1", hd95: Infinity }),
    score("only a", 0.25, { case: "1", hd95: 1 }),
  ]);
  const b = run({}, [
    score("a", 1, { case: "1", hd95: 0 }),
    score("a", NaN, { case: "2", hd95: NaN }),
    score("b", 0.5, { case: "1", hd95: 3 }),
  ]);
  const { scores, sameCases } = await compareRuns(a, b);
  const valuesOf = (metric: string) => {
    const { organs, arms } = scores.find((one) => one.metric === metric)!;
    return [...organs, "mean"].map((
      organ,
      index,
    ) => [organ, ...arms.map((arm) => (arm.organs[index] ?? arm.mean).value)]);
  };
  assertEquals(valuesOf("dice"), [
    ["a", 0.6, 1],
    ["b", 0, 0.5],
    ["only a", 0.25, NaN],
    ["mean", (0.6 + 0 + 0.25) / 3, 0.75],
  ]);
  assertEquals(valuesOf("hd95"), [
    ["a", 4, 0],
    ["b", Infinity, 3],
    ["only a", 1, NaN],
    ["mean", Infinity, 1.5],
  ]);
  assertEquals(sameCases, true);
  assertEquals((await compareRuns(a, run({}, [score("a", 1, { case: "3" })]))).sameCases, false);
});
