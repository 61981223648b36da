/** Stages from plans that no method has. */
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { streamOfEachDataset } from "../../lib/methods/shared/streams.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner } from "../../lib/training/learner.ts";
import type { BatchChange, NetworkPlan } from "../../lib/training/plan.ts";
import { trainPlan } from "../../lib/training/train.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf, tinyLearner } from "../support/training/tiny_learners.ts";
import { sharedRound } from "../support/training/tiny_rounds.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

interface Changes {
  /** Of the network "n", beside its organ and validation cases. */
  network?: Partial<NetworkPlan>;
  others?: Record<string, NetworkPlan>;
  change?: BatchChange;
  /** Whether the network "n" is. @default true */
  validated?: boolean;
}

/** Trains the network "n" alone for two steps. */
async function outcome(study: PreparedStudy, { network, others, change, validated = true }: Changes = {}) {
  const recorder = memoryRecorder();
  const { name: stream, validation } = study.datasets[0]!;
  const { models } = await trainPlan(study, recorder, {
    stage: "one",
    identity: {},
    seed: 1,
    steps: 2,
    learningRate: 0,
    rampUp: 0.2,
    plan: {
      networks: { n: { organs: [1], ...validated ? { validation } : {}, ...network }, ...others },
      streams: streamOfEachDataset(study, { change }),
      objective: () => ({
        rounds: () => [
          sharedRound(stream, ["n"], ([view], batch) => [{
            network: "n",
            name: "own",
            value: supervision(view!.logits, targetsOf(batch, { channels: [1] })),
            weight: 1,
          }]),
        ],
      }),
    },
  });
  const { inputs } = recorder.stages[0]!;
  recorder.dispose();
  const weights = models.map(({ model }) => digestOf(model));
  models.forEach(({ model }) => model.dispose());
  return { names: models.map(({ name }) => name), weights, inputs };
}

const withStudy = (test: (study: PreparedStudy) => Promise<void>) =>
  inTemporaryFolder(async (folder) => await test(await makeTinyStudy(folder, [[1]])));

Deno.test("a network that learns and that no round looks at is an error of the plan", () =>
  withStudy(async (study) => {
    await assertRejects(
      () => outcome(study, { others: { idle: { organs: [1] } } }),
      Error,
      "Cannot train one: every network that learns must be looked at, none looks at idle",
    );
    await outcome(study, { others: { idle: { organs: [1], role: "frozen" } } });
  }));

Deno.test("a cohort's share of the foreground reaches losses by the batch's targets; left out it leaves no trace", () =>
  withStudy(async (study) => {
    const { training } = study, share = { foregroundShare: 0.5 };
    const plain = await outcome(study),
      balanced = await outcome({ ...study, training: { ...training, ...share } });
    assertNotEquals(balanced.weights, plain.weights);
    assertEquals(balanced.inputs, { ...plain.inputs, ...share });
    assertEquals(Object.keys(plain.inputs).includes("foregroundShare"), false);
  }));

Deno.test("networks that are validated are kept, those that follow too", () =>
  withStudy(async (study) => {
    const { validation } = study.datasets[0]!;
    const role = { follows: "n", decay: 0 };
    const both = await outcome(study, { others: { t: { organs: [1], role, validation } } });
    assertEquals(both.names, ["n", "t"]);
    assertEquals(both.weights[1], both.weights[0], "with decay 0 it is its leader");
    const teacher = { validated: false, others: { t: { organs: [1], role, validation } } };
    assertEquals((await outcome(study, teacher)).weights, [both.weights[1]]);
  }));

Deno.test("a change of batches and the network that one starts from change what is learnt, and the identity", () =>
  withStudy(async (study) => {
    const sources = [tinyLearner("x", [1], 7), tinyLearner("x", [1], 8)];
    const darker = (by: number): BatchChange => ({
      name: "darker",
      options: { by },
      apply: (batch) => ({ ...batch, images: batch.images.map((value, i) => value - by * (i % 7)) }),
    });
    const outcomes = [
      await outcome(study),
      await outcome(study, { change: darker(1) }),
      await outcome(study, { change: darker(2) }),
      ...await Promise.all(sources.map((from) => outcome(study, { network: { from } }))),
    ];
    outcomes.forEach((one, i) =>
      outcomes.slice(i + 1).forEach((other) => {
        assertNotEquals(one.weights, other.weights);
        assertNotEquals(one.inputs, other.inputs);
      })
    );
    assertEquals(await outcome(study, { network: { from: sources[0]! } }), outcomes[3]);
    sources.forEach(disposeLearner);
  }));
