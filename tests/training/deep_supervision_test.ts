/** Stages whose networks learn by lower levels, too. */
import type { NamedTensorMap, Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { acrossLevels } from "../../lib/losses/across_levels.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { createLearner, disposeLearner } from "../../lib/training/learner.ts";
import { type NetworkPlan, type Round, round, type TrainingContext } from "../../lib/training/plan.ts";
import { roundGradients } from "../../lib/training/round_gradients.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import { byWeight } from "../support/models/two_decoders.ts";
import { deepForm, deepStudy } from "../support/training/deep_study.ts";
import { assertLeavesNoTensors, PATCH, tinyBatch } from "../support/training/tiny_learners.ts";
import type { MemoryRecorder } from "../support/training/memory_recorder.ts";
import { assertResumes, lookOfBoth, trainTinyPlan, withTinyStudy } from "../support/training/tiny_plan.ts";
import { networksOf, sharedRound } from "../support/training/tiny_rounds.ts";

/** The networks learn by all levels that they have. */
const lessonOf = (...networks: string[]): Round =>
  sharedRound("a", networks, (views, batch) =>
    views.map((view) => ({
      network: view.network,
      name: "own",
      value: acrossLevels(view, targetsOf(batch, { channels: [1] }), supervision),
      weight: 1,
    })));

/** What a plan's networks became, and what identified the stage. */
async function outcome(
  study: PreparedStudy,
  networks: Record<string, Partial<NetworkPlan>> = { n: {} },
  recorder?: MemoryRecorder,
) {
  const plan = { networks, rounds: () => [lessonOf("n")] };
  const { made, inputs, history } = await trainTinyPlan(study, plan, recorder);
  return { made, inputs, losses: history.map(({ terms }) => terms) };
}

const withDeepStudy = (test: (deep: PreparedStudy, plain: PreparedStudy) => Promise<void>) =>
  withTinyStudy((study) => test(deepStudy(study, true), deepStudy(study)));

Deno.test("a round's gradients are those of the weighted sum over levels; what a term asks of the last layer is measured there alone", () => {
  const options = { ...deepForm, deepSupervision: true, seed: 1 };
  const learner = createLearner("n", [1], options), { model } = learner;
  // On every second row of every second plane a voxel of two is an organ's: on the coarser grid other shares are.
  const batch = tinyBatch({ key: 1, labels: (voxel) => voxel % 3 === 0 || voxel % 2 === 1 ? 1 : 0 });
  const coarser = Uint8Array.from({ length: 64 }, (_, i) => {
    const [z, y, x] = [Math.floor(i / 16), Math.floor(i / 4) % 4, i % 4];
    return batch.labels[((2 * z + 1) * 8 + 2 * y + 1) * 8 + 2 * x + 1]!;
  });
  const { gradients, terms: [own] } = roundGradients(lessonOf("n"), {
    batches: [batch],
    networks: networksOf([learner]),
    step: 0,
    measureTerms: true,
  });
  const maps = [createLabelMap(batch.labels, [1, ...PATCH]), createLabelMap(coarser, [1, 4, 4, 4])];
  const [full, lower] = maps.map((map) => targetsOf({ ...batch, map }, { channels: [1] }));
  const { value, grads } = tf.variableGrads(() => {
    const said = referenceUnet(tf.tensor5d(batch.images, [1, ...PATCH, 1]), model.weights, options);
    const below = supervision(said.lower![0]!, lower!);
    return tf.add(tf.mul(supervision(said.logits, full!), 2 / 3), tf.mul(below, 1 / 3)) as Scalar;
  }, learner.variables);
  assertAlmostEquals(own!.value, value.dataSync()[0]!, 1e-5);
  const actual = byWeight(model, gradients), wanted = byWeight(model, grads);
  assertEquals(Object.keys(actual), Object.keys(model.weights));
  for (const [name, gradient] of Object.entries(actual)) {
    const [as, expected] = [gradient.dataSync(), wanted[name]!.dataSync()];
    const largest = Math.max(...expected.map(Math.abs));
    expected.forEach((entry, i) => assertAlmostEquals(as[i]!, entry, 1e-3 * largest + 1e-5, name));
  }
  const norm = tf.tidy(() => {
    const pass = model.pass(tf.tensor5d(batch.images, [1, ...PATCH, 1]));
    const slope = tf.grad((z: Tensor) => tf.mul(supervision(z as typeof pass.logits, full!), 2 / 3))(
      pass.logits,
    );
    const norm = pass.gradientNorm({ logits: slope });
    pass.dispose();
    return norm;
  });
  assertAlmostEquals(own!.gradient!, norm, 1e-6);
  tf.dispose([gradients, grads, value, maps.map(({ hot }) => hot)] as never);
  disposeLearner(learner);
});

Deno.test("a term on full resolution alone, such as consistency, leaves lower levels as they are; no tensor is left", async () => {
  const learner = createLearner("n", [1], { ...deepForm, deepSupervision: true, seed: 1, decoders: 2 });
  const rounds: [round: Round, taught: boolean][] = [
    [lessonOf("n"), true],
    [
      sharedRound("a", ["n"], ([view]) => [
        { network: "n", name: "size", value: tf.mean(tf.square(view!.logits)) as Scalar, weight: 1 },
      ]),
      false,
    ],
  ];
  const learn = (round: Round) =>
    roundGradients(round, {
      batches: [tinyBatch({ key: 1 })],
      networks: networksOf([learner]),
      step: 0,
      measureTerms: true,
    }).gradients;
  for (const [round, taught] of rounds) {
    await assertLeavesNoTensors(() => {
      const gradients = byWeight(learner.model, learn(round));
      const ofLower = Object.keys(gradients).filter((name) => name.includes("level1"));
      assertEquals(ofLower, taught ? ["unet_level1_logits/kernel", "unet_level1_logits/bias"] : []);
      tf.dispose(gradients as NamedTensorMap);
    });
  }
  disposeLearner(learner);
});

Deno.test("both decoders learn by their lower levels", () =>
  withDeepStudy(async (study) => {
    const both = (context: TrainingContext) => (step: number) => [round({
      draws: ["a"],
      looks: ([{ tensor }]) => ({ look: lookOfBoth(tensor, { context, step }) }),
      terms({ look }, [batch]) {
        const targets = targetsOf(batch, { channels: [1] });
        return [look, look.second!].map((said, i) => ({
          network: "n",
          name: `decoder ${i + 1}`,
          value: acrossLevels(said, targets, supervision),
          weight: 0.5,
        }));
      },
    })];
    const { made } = await trainTinyPlan(study, { networks: { n: { decoders: 2 } }, roundsOf: both });
    assertEquals(made.map(({ decoders }) => decoders), [2]);
  }));

Deno.test("a stage with deep supervision goes on with the same bits after a crash, averaged or not; no tensor is left", () =>
  withDeepStudy(async (deep) => {
    const averaged = { ...deep, training: { ...deep.training, averagedWeights: 0.5 } };
    for (const study of [deep, averaged]) {
      await assertResumes((recorder) => outcome(study, undefined, recorder));
    }
  }));

Deno.test("deep supervision is in a stage's identity, and trains other weights; left out, nothing is there", () =>
  withDeepStudy(async (deep, plain) => {
    const [with_, without] = [await outcome(deep), await outcome(plain)];
    const { network, ...others } = without.inputs;
    assertEquals(with_.inputs, { ...others, network: { ...network as object, deepSupervision: true } });
    assert(!JSON.stringify(without.inputs).includes("upervis"));
    assertNotEquals(with_.made[0]!.weights, without.made[0]!.weights);
    // Said of a network where the cohort has no lower levels, it is nothing.
    const said = await outcome(plain, { n: { supervised: false } });
    assertEquals([said.inputs, said.made], [without.inputs, without.made]);
  }));

Deno.test("networks that no label teaches have no lower levels: a teacher, one that is frozen, one that is told so", () =>
  withDeepStudy(async (deep, plain) => {
    const networks: Record<string, Partial<NetworkPlan>> = {
      n: {},
      teacher: { role: { follows: "n", decay: 0.5 } },
      frozen: { role: "frozen" },
    };
    const { made } = await outcome(deep, networks);
    const [{ lowerStrides }] = made as [typeof made[number]];
    assertEquals(made.map(({ lowerStrides: strides }) => strides), [lowerStrides, [], []]);
    assertEquals(lowerStrides, [[2, 2, 2]]);
    // What it follows is what predicts; the head of level 1 is none of it.
    assertNotEquals(made[1]!.weights, made[2]!.weights);

    const alone = (study: PreparedStudy, supervised?: false) =>
      trainTinyPlan(study, {
        networks: { n: supervised === undefined ? {} : { supervised } },
        rounds: () => [sharedRound("a", ["n"], ([view]) => [
          { network: "n", name: "size", value: tf.mean(tf.square(view!.logits)) as Scalar, weight: 1 },
        ])],
      });
    const [untaught, usual] = [await alone(deep, false), await alone(plain)];
    assertEquals(untaught.made, usual.made);
    assertEquals((untaught.inputs.networks as { supervised?: boolean }[])[0]!.supervised, false);
    await assertRejects(
      () => alone(deep),
      Error,
      "every weight of a network that learns must get a gradient in some step, none reaches level1_logits/kernel, level1_logits/bias of n",
    );
  }));
