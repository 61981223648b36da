/** Every stage of every experiment at work, on a study as small as it can be. */
import { assert, assertEquals } from "@std/assert";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";
import type { Parameter, ParameterValue } from "../../lib/methods/definition/parameter.ts";
import { experiments } from "../../lib/methods/experiments.ts";
import {
  type Method,
  type MethodArm,
  type MethodStage,
  methodVersion,
} from "../../lib/methods/definition/method.ts";
import { mutual } from "../../lib/methods/mutual/mutual.ts";
import { methods } from "../../lib/methods/registry.ts";
import { postprocessing } from "../../lib/methods/shared/common_parameters.ts";
import { pooled } from "../../lib/methods/pooled.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { withInputs } from "../support/methods/conformance.ts";
import { twoStages } from "../support/methods/two_stages.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf } from "../support/training/tiny_learners.ts";
import { completeTiny, makeTinyStudy } from "../support/training/tiny_study.ts";

/** Few steps, in which every term has its weight and everyone is taught. */
const EVERY = {
  partialOrganSteps: 2,
  fullOrganSteps: 3,
  distilSteps: 2,
  rampUp: 0,
  rest: 0,
  teacherErrors: -1000,
};

interface Trained {
  weights: Record<string, string>;
  terms: string[];
  /** Values of the terms as they were logged: of a checkpoint that later steps did not better they alone tell what was learnt. */
  losses: number[];
  identity: string;
}

interface Given {
  method: Method;
  arm?: MethodArm;
  completed: StoredCase[][];
}

function usualOf({ parameters }: Method): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries<Parameter>(parameters).map(([name, { default: value }]) => [name, value]),
  );
}

async function trained(study: PreparedStudy, stage: MethodStage, { method, arm, completed }: Given) {
  const steps = Object.values(method.stages).map(({ stage }) => [stage.steps, 2]);
  const values = { ...usualOf(method), ...Object.fromEntries(steps), ...arm?.set, ...EVERY };
  const recorder = memoryRecorder();
  const { models } = await withInputs(
    method,
    stage,
    { study, completed, values },
    (inputs) => trainMethodStage(study, recorder, { ...stage, values, inputs }),
  );
  const weights = Object.fromEntries(models.map(({ name, model }) => [name, digestOf(model)]));
  models.forEach(({ model }) => model.dispose());
  const logged = recorder.history.flatMap(({ terms }) => Object.entries(terms))
    .filter(([term]) => !/^(validation|gradient)/.test(term));
  const { name, inputs } = recorder.stages[0]!;
  const identity = JSON.stringify([name, inputs]);
  recorder.dispose();
  return {
    weights,
    identity,
    terms: [...new Set(logged.map(([term]) => term))],
    losses: logged.map(([, value]) => value),
  } satisfies Trained;
}

const learnt = new Map<string, Trained>();

const all = { ...experiments, two_stages: { method: twoStages } };

for (const [name, experiment] of Object.entries<{ method: Method; arm?: MethodArm }>(all)) {
  const { method, arm } = experiment;
  for (const [key, stage] of Object.entries(method.stages)) {
    // Stages that the defaults do not come to are trained in the conformance test.
    if (stage.when?.({ ...usualOf(method), ...arm?.set }) === false) continue;
    Deno.test(`${name}: ${key} trains, the same once more, and leaves no tensor`, () =>
      inTemporaryFolder(async (folder) => {
        // Some cases are annotated with all organs, others are not.
        const tiny = await makeTinyStudy(folder, [[1, 2], [2]]);
        const whole = { number: 201, name: "Whole", parts: [1, 2], nsdToleranceMm: 1 };
        const lacks = stage.stage.lacks?.(tiny, { ...usualOf(method), ...arm?.set });
        const study = lacks === undefined ? tiny : { ...tiny, groups: [whole] };
        const completed = await completeTiny(folder, study);
        const given = { ...experiment, completed };
        const once = await trained(study, stage, given);
        const before = tf.memory().numTensors;
        assertEquals(await trained(study, stage, given), once);
        assertEquals(tf.memory().numTensors, before);
        assert(Object.keys(once.weights).length > 0 && once.terms.length > 0);
        learnt.set(`${name} ${key}`, once);
      }));
  }
}

Deno.test("stages of the same identity learn the same, others learn something else", () => {
  const byIdentity = new Map<string, string>();
  for (const { identity, weights, losses } of learnt.values()) {
    const text = JSON.stringify([Object.values(weights), losses]);
    assertEquals(byIdentity.get(identity) ?? text, text);
    byIdentity.set(identity, text);
  }
  assertEquals(new Set(byIdentity.values()).size, byIdentity.size);
});

Deno.test("a raised stage raises every method that has it, wherever the stage is from", () => {
  const { partial_organ } = mutual.stages;
  const raised = {
    ...partial_organ,
    stage: { ...partial_organ.stage, version: partial_organ.stage.version + 2 },
  };
  for (const method of [mutual, pooled]) {
    const version = methodVersion(method);
    assertEquals(
      methodVersion({ ...method, stages: { ...method.stages, partial_organ: raised } }),
      version + 2,
    );
    assertEquals(methodVersion({ ...method, version: method.version + 1 }), version + 1);
  }
});

Deno.test("every method's test cases are postprocessed alike", () => {
  for (const { name, parameters } of methods) {
    assertEquals(
      parameters.postprocessing,
      postprocessing,
      `${name} must have the common parameter postprocessing`,
    );
  }
});
