/** Every method learns by lower levels where the cohort says so, and says nothing of them where it does not. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { distilled } from "../../lib/methods/shared/distilled.ts";
import type { Method } from "../../lib/methods/definition/method.ts";
import { labelDropout } from "../../lib/methods/label_dropout.ts";
import { meanTeacher } from "../../lib/methods/mean_teacher.ts";
import { mutual } from "../../lib/methods/mutual/mutual.ts";
import { pooled } from "../../lib/methods/pooled.ts";
import { methods } from "../../lib/methods/registry.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { PARTIAL_LOSSES } from "../../lib/losses/partial/partial_loss_kind.ts";
import type { OrganModel } from "../../lib/inference/predictor.ts";
import { inTinyWorld, type TinyWorld, trainAll } from "../support/methods/conformance.ts";
import { twoStages } from "../support/methods/two_stages.ts";
import { deepStudy } from "../support/training/deep_study.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

type Values = Record<string, number | string | boolean>;

/** Digests of what the stages gave, and what identifies them, as text. */
async function trained(method: Method, world: TinyWorld, values: Values = {}) {
  const recorder = memoryRecorder();
  const digests = await trainAll(method, world, { recorder, steps: 2, values });
  const inputs = recorder.stages.map(({ inputs }) => JSON.stringify(inputs));
  recorder.dispose();
  return { digests, inputs };
}

const worldsOf = ({ study, completed }: TinyWorld) =>
  [true, undefined].map((deep): TinyWorld => ({ study: deepStudy(study, deep as true), completed }));

const distilling = {
  ...pooled,
  name: "pooled, distilled",
  stages: { ...pooled.stages, distilled: { stage: distilled } },
} as unknown as Method;

for (const method of [...methods, twoStages, distilling]) {
  Deno.test(`${method.name}: learns by lower levels where the cohort says so; else nothing speaks of them`, () =>
    inTinyWorld(async (world) => {
      const [deep, plain] = worldsOf(world) as [TinyWorld, TinyWorld];
      // Every head of a lower level got a gradient in each stage, or the training would have failed.
      const [with_, without] = [await trained(method, deep), await trained(method, plain)];
      assertEquals(with_.digests.length, without.digests.length);
      assertNotEquals(with_.digests, without.digests);
      assert(with_.inputs.every((inputs) => inputs.includes('"deepSupervision":true')));
      assert(without.inputs.every((inputs) => !/deepSupervision|supervised/.test(inputs)));
    }));
}

/** All mutual terms off. */
const independent = mutual.arms!.independent!.set as Values;

const variants: Record<string, [method: unknown, values: Values]> = {
  "own labels alone": [mutual, independent],
  "prediction difference, recall": [mutual, { predictionDifferenceForm: "recall" }],
  "prediction difference, exclusion": [mutual, { predictionDifferenceForm: "exclusion" }],
  "prediction difference, peer": [mutual, { predictionDifferenceForm: "peer" }],
  "prediction similarity of completed labels, with a KL": [mutual, { psLabels: "completed", klWeight: 0.3 }],
  "no sharing of initial weights, stage 2 from the team": [mutual, {
    sharedInitialisation: false,
    stage2Start: "team",
  }],
  "members": [pooled, { members: 2 }],
  "adaptive cross-entropy": [meanTeacher, { consistency: 0 }],
  ...Object.fromEntries(
    PARTIAL_LOSSES.map((partialLoss) => [`partial loss ${partialLoss}`, [labelDropout, { partialLoss }]]),
  ),
};
for (const [name, [method, values]] of Object.entries(variants)) {
  Deno.test(`${name}: learns by lower levels`, () =>
    inTinyWorld(async (world) => {
      const [deep] = worldsOf(world) as [TinyWorld];
      await trained(method as Method, deep, values);
    }));
}

Deno.test("who learns from labels has heads of lower levels, and stage 2 starts from them; teachers and students of teachers have none", () =>
  inTinyWorld(async (world) => {
    const [{ study, completed }] = worldsOf(world) as [TinyWorld];
    const recorder = memoryRecorder();
    const strides = (models: readonly OrganModel[]) => models.map(({ model }) => model.lowerStrides.length);
    const values = { partialOrganSteps: 2, fullOrganSteps: 2, distilSteps: 2 };
    const { models: specialists } = await trainMethodStage(study, recorder, {
      ...mutual.stages.partial_organ!,
      values,
    });
    const { models: team } = await trainMethodStage(study, recorder, {
      ...mutual.stages.full_organ!,
      values,
      inputs: { completed, specialists },
    });
    const { models: students } = await trainMethodStage(study, recorder, {
      stage: distilled,
      values: { ...values, inference: "distilled" },
      inputs: { completed, team },
    });
    const { models: teachers } = await trainMethodStage(study, recorder, {
      ...meanTeacher.stages.mean_teacher!,
      values,
    });
    assertEquals([specialists, team, students, teachers].map(strides), [[1, 1, 1], [1, 1, 1], [0], [0]]);
    for (const { model } of [...specialists, ...team, ...students, ...teachers]) model.dispose();
    recorder.dispose();
  }));
