import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import type { OrganModel } from "../../../lib/inference/predictor.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { defineStage } from "../../../lib/methods/definition/method.ts";
import { weight } from "../../../lib/methods/definition/parameter.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import { oneNetworkPlan, organsOf } from "../../../lib/methods/shared/one_network.ts";
import { learningRate, seed, stepsOfBoth } from "../../../lib/methods/shared/common_parameters.ts";
import { targetsOf } from "../../../lib/training/batch_targets.ts";
import { disposeLearner } from "../../../lib/training/learner.ts";
import { inTemporaryFolder } from "../../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../../support/training/memory_recorder.ts";
import { tinyLearner } from "../../support/training/tiny_learners.ts";
import { makeTinyStudy } from "../../support/training/tiny_study.ts";

interface Inputs {
  teachers: readonly OrganModel[];
}

/** One network; its stage has a parameter of this name, and models of an earlier stage that only its loss would ask. */
function stageWith(name: string) {
  const parameters = { seed, learningRate, fullOrganSteps: stepsOfBoth, [name]: weight(1, "of nothing") };
  return defineStage(parameters, {
    name: "one",
    version: 1,
    steps: "fullOrganSteps",
    uses: [name as "seed"],
    inputs: ["teachers"],
    cohortSteps: () => 1,
    plan: (study, _, __: Inputs) =>
      oneNetworkPlan(study, {
        name: "network",
        loss: () =>
          Promise.resolve((logits, batch) =>
            supervision(logits, targetsOf(batch, { channels: organsOf(study) }))
          ),
      }),
  });
}

const withStudy = (test: (study: PreparedStudy) => Promise<void>) =>
  inTemporaryFolder(async (folder) => await test(await makeTinyStudy(folder, [[1]])));

async function identityOf(study: PreparedStudy, teachers: readonly object[]) {
  const recorder = memoryRecorder();
  const stage = stageWith("wanted");
  const { models } = await trainMethodStage(study, recorder, { stage, values: {}, inputs: { teachers } });
  models.forEach(({ model }) => model.dispose());
  const { inputs } = recorder.stages[0]!;
  recorder.dispose();
  return inputs;
}

Deno.test("a parameter named like something of the stage's identity is refused: its value would be lost there", () =>
  withStudy(async (study) => {
    for (const name of ["version", "models", "engine", "spacing", "networks", "steps"]) {
      const recorder = memoryRecorder();
      await assertRejects(
        () =>
          trainMethodStage(study, recorder, { stage: stageWith(name), values: {}, inputs: { teachers: [] } }),
        Error,
        name,
      );
      assertEquals(recorder.stages, []);
    }
  }));

Deno.test("models of earlier stages are in a stage's identity, whatever it does with them", () =>
  withStudy(async (study) => {
    const [one, other] = [tinyLearner("t", [1], 1), tinyLearner("t", [1], 2)];
    const without = await identityOf(study, []);
    assertEquals("models" in without, false);
    const first = await identityOf(study, [one]);
    assertEquals(await identityOf(study, [one]), first);
    assertNotEquals(await identityOf(study, [other]), first);
    assertNotEquals(await identityOf(study, [{ ...one, organs: [2] }]), first);
    assertNotEquals(await identityOf(study, [{ ...one, validationDice: 0.5 }]), first);
    [one, other].forEach(disposeLearner);
  }));
