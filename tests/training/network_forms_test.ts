/** Stages of plans whose networks have a second decoder, prompts, or looks at images made of two batches. */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { type NetworkPlan, type Round, round, type TrainingContext } from "../../lib/training/plan.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import type { MemoryRecorder } from "../support/training/memory_recorder.ts";
import { assertResumes, lookOfBoth, trainTinyPlan } from "../support/training/tiny_plan.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

const channels = [1];

/** The outputs of both decoders learn from the labels, and from each other. */
const dualBranch = (context: TrainingContext) => (step: number) =>
  round({
    draws: ["a"],
    looks: ([{ tensor }]) => ({ look: lookOfBoth(tensor, { context, step }) }),
    terms({ look: { logits, second } }, [batch]) {
      const targets = targetsOf(batch, { channels });
      const apart = tf.mean(tf.square(tf.sub(tf.softmax(logits), tf.softmax(second!.logits)))) as Scalar;
      return [
        { network: "n", name: "first", value: supervision(logits, targets), weight: 0.5 },
        { network: "n", name: "second", value: supervision(second!.logits, targets), weight: 0.5 },
        { network: "n", name: "apart", value: apart, weight: 0.1 },
      ];
    },
  });

/** A checkerboard beside the scan. */
const prompted = () => () =>
  round({
    draws: ["a"],
    looks: ([{ tensor }]) => {
      const prompt = tf.tensor5d(Float32Array.from({ length: tensor.size }, (_, i) => i % 2), tensor.shape);
      return { look: { network: "n", images: tf.concat([tensor, prompt], 4) as Tensor5D } };
    },
    terms: ({ look: { logits } }, [batch]) => [
      { network: "n", name: "own", value: supervision(logits, targetsOf(batch, { channels })), weight: 1 },
    ],
  });

/** One look at the mean of two batches' images, with the labels of the first. */
const mixed = () => () =>
  round({
    draws: ["a", "b"],
    looks: ([one, two]) => ({
      look: { network: "n", images: tf.mul(tf.add(one.tensor, two.tensor), 0.5) as Tensor5D },
    }),
    terms: ({ look: { logits } }, [one]) => [
      { network: "n", name: "own", value: supervision(logits, targetsOf(one, { channels })), weight: 1 },
    ],
  });

interface Form {
  network: Partial<NetworkPlan>;
  others?: Record<string, NetworkPlan>;
  roundOf: (context: TrainingContext) => (step: number) => Round;
}

async function outcome(
  study: PreparedStudy,
  { network, others, roundOf }: Form,
  recorder?: MemoryRecorder,
) {
  const { made, inputs, history } = await trainTinyPlan(study, {
    networks: { n: network, ...others },
    // Only `n`, and whoever brings cases of its own.
    validated: ["n"],
    roundsOf: (context) => (step) => [roundOf(context)(step)],
  }, recorder);
  return { made, inputs, history: history.map(({ terms }) => Object.keys(terms)) };
}

const withStudy = (test: (study: PreparedStudy) => Promise<void>) =>
  inTemporaryFolder(async (folder) => await test(await makeTinyStudy(folder, [[1], [2]])));

const forms: Record<string, Form> = {
  "two decoders": { network: { decoders: 2 }, roundOf: dualBranch },
  "prompts": { network: { prompts: 1 }, roundOf: prompted },
  "mixed images": { network: {}, roundOf: mixed },
};
for (const [name, form] of Object.entries(forms)) {
  Deno.test(`${name}: a stage is trained, goes on with the same bits after a crash, and leaves no tensor`, () =>
    withStudy(async (study) => {
      const { made } = await assertResumes((recorder) => outcome(study, form, recorder));
      assertEquals(made.map(({ name, prompts, decoders }) => [name, prompts, decoders]), [
        ["n", form.network.prompts ?? 0, form.network.decoders ?? 1],
      ]);
    }));
}

Deno.test("the form of a network is part of the stage's identity; without one it is as before", () =>
  withStudy(async (study) => {
    const [plain, two, prompt] = await Promise.all([
      outcome(study, forms["mixed images"]!),
      outcome(study, forms["two decoders"]!),
      outcome(study, forms.prompts!),
    ]);
    const networkOf = ({ inputs }: typeof plain) => (inputs.networks as object[])[0]!;
    assertEquals(networkOf(two), { ...networkOf(plain), decoders: 2 });
    assertEquals(networkOf(prompt), { ...networkOf(plain), prompts: 1 });
    assertEquals(Object.keys(networkOf(plain)).filter((key) => /prompts|decoders|joint/.test(key)), []);
    // Said or not, the usual is the usual; and what a model cannot tell apart is the cases' doing, which are in the identity.
    const said = { prompts: 0, decoders: 1, joint: [1] } as const;
    const same = await outcome(study, { ...forms["mixed images"]!, network: said });
    assertEquals(networkOf(same), networkOf(plain));
    const terms = new Set(two.history.flat());
    assertEquals(["first", "second", "apart"].filter((term) => !terms.has(term)), []);
  }));

Deno.test("a teacher has the second decoder of the network that it follows", () =>
  withStudy(async (study) => {
    const { validation } = study.datasets[0]!;
    const { made: [student, teacher] } = await outcome(study, {
      ...forms["two decoders"]!,
      others: { t: { organs: channels, role: { follows: "n", decay: 0.9 }, validation } },
    });
    assertEquals([student?.decoders, teacher?.decoders], [2, 2]);
    assertNotEquals(teacher?.weights, student?.weights);
  }));

Deno.test("the second decoder is for networks that learn", () =>
  withStudy(async (study) => {
    const before = tensorCount();
    const frozen = (context: TrainingContext) => (step: number) =>
      round({
        draws: ["a"],
        looks: ([{ tensor: images }]) => ({
          own: { network: "n", images },
          other: { network: "f", images, dropout: { share: 0.5, random: context.random(step, "d") } },
        }),
        terms: () => [],
      });
    const others: Form["others"] = { f: { organs: channels, role: "frozen", decoders: 2 } };
    await assertRejects(
      () => outcome(study, { network: {}, others, roundOf: frozen }),
      Error,
      "Cannot train: the second decoder is for networks that learn, f does not, and look other has dropout",
    );
    assertEquals(tensorCount(), before);
  }));

Deno.test("a network that follows one that is not there is refused, with the nearest name", () =>
  withStudy(async (study) => {
    const others: Form["others"] = { t: { organs: channels, role: { follows: "m", decay: 0.9 } } };
    await assertRejects(
      () => outcome(study, { ...forms["mixed images"]!, others }),
      Error,
      'Cannot train: the network that t follows must be one of n, t, current value is "m"',
    );
  }));
