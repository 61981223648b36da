/** Steps in which weights of a network that learns get no gradient, and networks that nobody looks at. */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner, type Learner } from "../../lib/training/learner.ts";
import { type Objective, type Round, round, type TrainingContext } from "../../lib/training/plan.ts";
import { trainStep } from "../../lib/training/train_step.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { tinyBatch, tinyLearner } from "../support/training/tiny_learners.ts";
import {
  killedAt,
  lessonOf,
  lookOfBoth,
  type TinyPlan,
  trainTinyPlan,
  withTinyStudy,
} from "../support/training/tiny_plan.ts";
import { sharedRound } from "../support/training/tiny_rounds.ts";
import { tensorCount } from "../support/models/tensor_count.ts";

/** A term on features alone: the last layer has no part in it. */
const onFeatures = (stream = "a"): Round =>
  sharedRound(stream, ["n"], ([view]) => [
    { network: "n", name: "size", value: tf.mean(tf.square(view!.features)) as Scalar, weight: 1 },
  ]);

/** Both decoders look; the second has a term in odd steps only. */
const secondInTurn = (context: TrainingContext): Objective["rounds"] => (step) => [round({
  draws: ["a"],
  looks: ([{ tensor }]) => ({ look: lookOfBoth(tensor, { context, step }) }),
  terms({ look: { logits, second } }, [batch]) {
    const targets = targetsOf(batch, { channels: [1] });
    const first = { network: "n", name: "own", value: supervision(logits, targets), weight: 1 };
    if (step % 2 === 0) return [first];
    return [first, { network: "n", name: "second", value: supervision(second!.logits, targets), weight: 1 }];
  },
})];

const valuesOf = ({ model }: Learner) =>
  Object.fromEntries(Object.entries(model.weights).map(([name, weight]) => [name, [...weight.dataSync()]]));

Deno.test("a weight without a gradient stays as it is in that step; the others move", async () => {
  const learner = tinyLearner("n"), before = valuesOf(learner);
  await trainStep(new Map([["n", learner]]), {
    draw: () => Promise.resolve(tinyBatch({ key: 1 })),
    objective: { rounds: () => [onFeatures()] },
    step: 0,
    learningRate: 0.1,
    onTerm: () => {},
  });
  const after = valuesOf(learner);
  for (const [name, values] of Object.entries(after)) {
    (name.includes("logits") ? assertEquals : assertNotEquals)(values, before[name], name);
  }
  disposeLearner(learner);
});

Deno.test("a second decoder may have a term now and then; a stage goes on with the same bits after a crash", () =>
  withTinyStudy(async (study) => {
    const plan: TinyPlan = { networks: { n: { decoders: 2 } }, roundsOf: secondInTurn };
    const { made } = await trainTinyPlan(study, plan);
    const before = tensorCount();
    for (const step of [1, 2, 3]) {
      const recorder = killedAt(step);
      await assertRejects(() => trainTinyPlan(study, plan, recorder), Error, "killed");
      assertEquals((await trainTinyPlan(study, plan, recorder)).made, made);
    }
    assertEquals(tensorCount(), before);
  }));

Deno.test("a weight that never gets a gradient is named at the end, with its network", () =>
  withTinyStudy(async (study) => {
    const plan: TinyPlan = { networks: { n: {} }, rounds: () => [onFeatures()] };
    await assertRejects(
      () => trainTinyPlan(study, plan),
      Error,
      "Cannot train one: every weight of a network that learns must get a gradient in some step, none reaches " +
        "logits/kernel, logits/bias of n",
    );
    const other: TinyPlan = { networks: { n: { decoders: 2 } } };
    await assertRejects(
      () => trainTinyPlan(study, other),
      Error,
      /second_up0\/kernel, .+ and \d+ more of n$/,
    );
    await trainTinyPlan(study, { ...plan, rounds: (step) => [step === 3 ? lessonOf("n") : onFeatures()] });
  }));

Deno.test("from the first validation on, whoever watches is told what nothing has taught yet, until something does", () =>
  withTinyStudy(async (study) => {
    const told: [number, string | undefined][] = [];
    const recorder = memoryRecorder({
      onProgress: ({ step, activity }) => {
        if (!/^(first batch|validating)/.test(activity ?? "")) told.push([step, activity]);
      },
    });
    await trainTinyPlan(study, {
      networks: { n: {}, late: {} },
      validated: [],
      rounds: (step) => [step < 3 ? onFeatures() : lessonOf("n", "late")],
      steps: 4,
    }, recorder);
    const warning = "no gradient yet: logits/kernel, logits/bias of n; late";
    const first = told.filter(([step], i) => told.findIndex(([other]) => other === step) === i);
    assertEquals(first, [[1, undefined], [2, warning], [3, warning], [4, undefined]]);
  }));
