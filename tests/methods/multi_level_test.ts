import { assertAlmostEquals, assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import { allowedTable, labelTargets } from "../../lib/losses/allowed.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { levelHinge, levelLoss, levelViolations } from "../../lib/losses/partial/level_loss.ts";
import { levelLabels } from "../../lib/methods/multi_level/level_labels.ts";
import { multiLevel } from "../../lib/methods/multi_level/multi_level.ts";
import { singleMarginal } from "../../lib/methods/single_marginal.ts";
import { createHead } from "../../lib/models/heads/create_head.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertNoLeak } from "../support/losses/tiny_batch.ts";
import { inTinyWorld, trainAll } from "../support/methods/conformance.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

const G = 201, H = 202;
/** Organs 1 and 2 make G, 1 to 3 make H; 4 is of none. */
const groups = [{ number: G, parts: [1, 2] }, { number: H, parts: [1, 2, 3] }];
const supersets = { [G]: [1, 2], [H]: [1, 2, 3] };
const channels = [1, 2, 3, 4];
const wanted = levelLabels(groups);

Deno.test("positive labels go up, negative ones down", () => {
  const says = (trueSet: number[], code: number) => {
    const table = allowedTable(trueSet, { channels, supersets });
    return [1, 2, 3, 4, 5, 6].map((channel) => wanted(table, code, channel));
  };
  const nothing = undefined;
  assertEquals(says([1, 2], 1), [1, 0, 0, 0, 1, 1]);
  assertEquals(says([1, 2], 0), [0, 0, nothing, nothing, 0, nothing]);
  assertEquals(says([4], 4), [0, 0, 0, 1, 0, 0]);
  assertEquals(says([4], 0), [nothing, nothing, nothing, 0, nothing, nothing]);
  assertEquals(says([G], G), [nothing, nothing, 0, 0, 1, 1]);
  assertEquals(says([G], 0), [0, 0, nothing, nothing, 0, nothing]);
  assertEquals(says([H], H), [nothing, nothing, nothing, 0, nothing, 1]);
  assertEquals(says([H], 0), [0, 0, 0, nothing, 0, 0]);
  assertEquals(says([G], IGNORED), Array(6).fill(nothing));
});

const form = { organs: 2, parts: [[0, 1]] };
const ofTwo = levelLabels([{ number: G, parts: [1, 2] }]);
/** Labels of the whole: one voxel of it, one of background; then of the parts: one of organ 1, one not annotated. */
const targetsOf = (codes: number[], trueSet: number[]) =>
  labelTargets(createLabelMap(Uint8Array.from(codes), [1, 1, 1, 2]), [
    allowedTable(trueSet, { channels: [1, 2], supersets: { [G]: [1, 2] } }),
  ]);
const logits = () => tf.tensor5d([0.2, -1, 0.5, -0.3, 0.4, -2], [1, 1, 1, 2, 3]);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

Deno.test("of noisy-or a whole is there where it or a part is; by hinge it speaks for itself", () => {
  tf.tidy(() => {
    const targets = targetsOf([G, 0], [G]);
    const at = [[0.2, -1, 0.5], [-0.3, 0.4, -2]].map((z) => z.map(sigmoid));
    const or = at.map(([a, b, g]) => 1 - (1 - a!) * (1 - b!) * (1 - g!));
    const [a, b, g] = at[1] as [number, number, number];
    const dice = (p: number[]) => 1 - 2 * p[0]! / (p[0]! + p[1]! + 1);
    const absent = -Math.log(1 - a) - Math.log(1 - b);
    const noisy = (-Math.log(or[0]!) + absent - Math.log(1 - or[1]!)) / 2 + dice(or);
    const value = levelLoss(logits(), targets, { ...form, wanted: ofTwo, noisyOr: true }).dataSync()[0]!;
    assertAlmostEquals(value, noisy, 1e-4);
    const plain = (-Math.log(at[0]![2]!) + absent - Math.log(1 - g)) / 2 + dice([at[0]![2]!, g]);
    assertAlmostEquals(levelLoss(logits(), targets, { ...form, wanted: ofTwo }).dataSync()[0]!, plain, 1e-4);
    const hinge = (Math.max(0, a - g) + Math.max(0, b - g)) / 4;
    assertAlmostEquals(levelHinge(logits(), form).dataSync()[0]!, hinge, 1e-6);
    assertEquals(levelViolations(logits(), form), 0.25); // organ 2 at the second voxel
  });
});

for (const noisyOr of [false, true]) {
  Deno.test(`the gradient equals finite differences, noisy-or ${noisyOr}`, () => {
    tf.tidy(() => {
      for (const targets of [targetsOf([G, 0], [G]), targetsOf([1, IGNORED], [1, 2])]) {
        const loss = (x: ReturnType<typeof logits>) =>
          levelLoss(x, targets, { ...form, wanted: ofTwo, noisyOr });
        checkGradient((x) => loss(x as ReturnType<typeof logits>), logits());
      }
    });
  });
}

Deno.test("the gradient of the hinge equals finite differences, and very sure networks have finite losses", () => {
  tf.tidy(() => {
    checkGradient((x) => levelHinge(x as ReturnType<typeof logits>, form), logits());
    for (const size of [-80, 80]) {
      const loss = (x: ReturnType<typeof logits>) =>
        levelLoss(x, targetsOf([G, 0], [G]), { ...form, wanted: ofTwo, noisyOr: true });
      const { value, grad } = tf.valueAndGrad((x) => loss(x as ReturnType<typeof logits>))(
        tf.fill([1, 1, 1, 2, 3], size),
      );
      assertEquals([value, grad].every((tensor) => tensor.dataSync().every(Number.isFinite)), true);
    }
  });
});

Deno.test("losses of levels leave no tensor", () => {
  assertNoLeak(() =>
    tf.tidy(() => {
      const targets = targetsOf([G, 0], [G]);
      tf.grad((x) =>
        levelLoss(x as ReturnType<typeof logits>, targets, { ...form, wanted: ofTwo, noisyOr: true })
      )(logits());
      levelViolations(logits(), form);
    })
  );
});

Deno.test("what is predicted are the organs, whatever their groups say", () => {
  tf.tidy(() => {
    const { readout } = createHead({ kind: "levels", groups: 1 }, { classes: 3, features: 4 });
    const [none, first] = readout.probabilities(logits()).dataSync();
    assertAlmostEquals(first!, sigmoid(0.2), 1e-6);
    assertAlmostEquals(none!, (1 - sigmoid(0.2)) * (1 - sigmoid(-1)), 1e-6);
    assertEquals([...tf.argMax(readout.ranks(logits()), 4).dataSync()], [1, 2]);
  });
});

Deno.test("without groups it is the single network, to the bit; levels above organs are then refused", () =>
  inTinyWorld(async (world) => {
    const digest = async (method: unknown) => {
      const recorder = memoryRecorder();
      // deno-lint-ignore no-explicit-any
      const lines = await trainAll(method as any, world, { recorder, steps: 3 });
      const losses = recorder.history.flatMap(({ terms }) => "own" in terms ? [terms.own] : []);
      recorder.dispose();
      return { losses, weights: lines[0]!.split(" ")[2] };
    };
    const { stage } = multiLevel.stages.multi_level;
    // A stage's name decides its random numbers.
    const renamed = { ...multiLevel, stages: { multi_level: { stage: { ...stage, name: "single" } } } };
    assertEquals(await digest(renamed), await digest(singleMarginal));
    const values = { hierarchy: "hinge", hingeWeight: 1, prompt: false, promptDropout: 0.5 } as const;
    assertEquals(stage.lacks!(world.study, values)?.includes("no groups of organs"), true);
    assertEquals(stage.lacks!(world.study, { ...values, hierarchy: "leaf" }), undefined);
  }));

for (
  const values of [{ hierarchy: "noisy_or" }, { hierarchy: "hinge", prompt: true }, {
    prompt: true,
    promptDropout: 0,
  }]
) {
  Deno.test(`a study with groups trains, and leaves no tensor: ${JSON.stringify(values)}`, () =>
    inTinyWorld(async ({ study, completed }) => {
      const whole = { number: G, name: "Whole", parts: [1, 2], nsdToleranceMm: 1 };
      const before = tf.memory().numTensors, recorder = memoryRecorder();
      await trainAll(multiLevel, { study: { ...study, groups: [whole] }, completed }, {
        recorder,
        steps: 3,
        values,
      });
      const terms = recorder.history.flatMap(({ terms }) => "own" in terms ? [terms] : []);
      assertEquals(terms.every(({ own }) => Number.isFinite(own)), true);
      recorder.dispose();
      assertEquals(tf.memory().numTensors, before);
    }));
}
