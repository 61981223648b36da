import { assertEquals } from "@std/assert";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { learningRate, seed } from "../../../lib/methods/shared/common_parameters.ts";
import { defineStage } from "../../../lib/methods/definition/method.ts";
import { count, share, weight, where } from "../../../lib/methods/definition/parameter.ts";
import { planStage, type Values } from "../../../lib/methods/definition/plan_stage.ts";
import type { TrainingPlan } from "../../../lib/training/plan.ts";

const plan: TrainingPlan = { networks: {}, streams: {}, objective: () => ({ rounds: () => [] }) };
const study = { training: { fullOrganSteps: 70 } } as PreparedStudy;

const withTeacher = where("teacher is not 0", ({ teacher }) => teacher !== 0);

/** The values and inputs that reached the plan, and what planStage says of them. */
function planned(values: Values, { fixed, inputs }: { fixed?: Values; inputs?: unknown } = {}) {
  let seen: Values = {}, given: unknown;
  const parameters = {
    seed,
    learningRate,
    steps: count(0, "steps"),
    teacher: weight(2, "weight of the teacher"),
    decay: share(0.9, "of the teacher", withTeacher),
    rampUp: share(0.3, "of the teacher", withTeacher),
    other: weight(5, "of another stage"),
  };
  const stage = defineStage(parameters, {
    name: "one",
    version: 1,
    steps: "steps",
    uses: ["teacher", "decay", "rampUp"],
    when: { rampUp: where("teacher is above 1", ({ teacher }) => Number(teacher) > 1) },
    cohortSteps: ({ training }) => training.fullOrganSteps,
    plan: (_, values, inputs: unknown) => ([seen, given] = [values, inputs], plan),
  });
  const { used, settings } = planStage(study, { stage, fixed }, { values, inputs });
  return { seen, given, used, settings };
}

Deno.test("values are the run's, or the defaults; what the stage does not use does not reach it", () => {
  const { seen, used, settings } = planned({ decay: 0.5, other: 6, wordOfMine: "any" });
  assertEquals(seen, { teacher: 2, decay: 0.5, rampUp: 0.3 });
  assertEquals(used, seen);
  assertEquals(settings, { seed: 1, steps: 70, learningRate: 0, rampUp: 0.3 });
});

Deno.test("steps are the run's, 0 the cohort's; seed and learning rate count in every stage", () => {
  const { settings } = planned({ steps: 3, seed: 4, learningRate: 0.1 });
  assertEquals(settings, { seed: 4, steps: 3, learningRate: 0.1, rampUp: 0.3 });
});

Deno.test("what the method fixes is what its run says otherwise", () => {
  const { seen, used } = planned({ teacher: 3, decay: 0.5 }, { fixed: { teacher: 4 } });
  assertEquals([seen.teacher, used.teacher, seen.decay], [4, 4, 0.5]);
});

Deno.test("a value without effect is the default for the plan, and no part of the identity", () => {
  const { seen, used, settings } = planned({ teacher: 0, decay: 0.5, rampUp: 0.7 });
  assertEquals(seen, { teacher: 0, decay: 0.9, rampUp: 0.3 });
  assertEquals([used, settings.rampUp], [{ teacher: 0 }, 0.3]);
  // The stage's own word on an effect counts before the table's.
  assertEquals(planned({ teacher: 1, decay: 0.5, rampUp: 0.7 }).used, { teacher: 1, decay: 0.5 });
});

Deno.test("inputs reach the plan", () => {
  const inputs = { completed: [] };
  assertEquals(planned({}, { inputs }).given === inputs, true);
});
