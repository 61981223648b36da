import { assertEquals } from "@std/assert";
import { withoutShared } from "../../../lib/workbench/sweeps/shared_stages.ts";

/** Stages by name, each with so many passes a step. */
const member = (seed: number, ...stages: [stage: string, passes: number][]) => ({
  parameters: { seed },
  plan: stages.map(([stage, passes]) => ({
    stage,
    work: [{ kind: "training" as const, count: 10, done: 0, passes }],
  })),
});

const staged = (seed: number, first: number, second: number) =>
  member(seed, ["partial_organ", first], ["pseudo_labels", 1], ["full_organ", second], ["test", 1]);

Deno.test("what an earlier member of the seed computes is planned once; what comes after other work is not the same", () => {
  const planned = withoutShared([
    staged(1, 4, 4), // the method
    staged(1, 2, 4), // another stage 1: its pseudo labels are others, too
    staged(1, 4, 2), // the method's stage 1
    staged(1, 4, 4), // the method's, and as much work in stage 2, which is nevertheless its own
    staged(1, 2, 2),
    staged(2, 4, 4), // another seed
  ]);
  const all = ["partial_organ", "pseudo_labels", "full_organ", "test"], late = ["full_organ", "test"];
  assertEquals(planned.map(({ plan }) => plan.map(({ stage }) => stage)), [all, all, late, late, late, all]);
});
