import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor3D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createRandom } from "../../lib/data/random.ts";
import type { Head, HeadPass } from "../../lib/models/heads/head.ts";
import { SOFTMAX } from "../../lib/models/heads/head_plan.ts";
import { softmaxReadout } from "../../lib/models/heads/softmax_head.ts";
import { cast, identity, type Strides, typeNumber } from "../../lib/models/layers.ts";
import { drawMask } from "../../lib/models/passes/channel_dropout.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { type UnetPass, unetPass } from "../../lib/models/unet_pass.ts";
import { initialWeights } from "../../lib/models/unet_weights.ts";
import { type Handle, handleOf, KernelScope } from "../../lib/tensors/kernels.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { difference } from "../support/models/difference.ts";
import { inBfloat16, relativeDistance, rounded, ROUNDING } from "../support/models/in_bfloat16.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import { countKernels } from "../support/training/kernel_count.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const FEATURES = 3, CLASSES = 2, SHARE = 0.4;
const KERNEL = "logits/kernel", GENERATOR = "logits/generator";

/** Each sample's logits by a matrix of its own, W and what V makes of its pooled features. */
function generatedLogits(features: Tensor, pooled: Tensor, [w, v]: readonly Tensor[]): Tensor {
  const [batch, ...size] = features.shape.slice(0, 4);
  const own = tf.reshape(tf.matMul(pooled as never, v as never), [batch!, FEATURES, CLASSES]);
  const rows = tf.reshape(features, [batch!, -1, FEATURES]) as Tensor3D;
  return tf.reshape(tf.matMul(rows, tf.add(w!, own) as Tensor3D), [batch!, ...size, CLASSES]);
}

/** A head of that kind, which has tfjs's tape do its gradients: what is tested is what the network makes of them. */
function dynamicHead(deepest: number): Head {
  return {
    plan: SOFTMAX,
    readout: softmaxReadout,
    pooled: true,
    weights: [
      { name: KERNEL, shape: [FEATURES, CLASSES], initial: { variance: 1 } },
      { name: GENERATOR, shape: [deepest, FEATURES * CLASSES], initial: { variance: 1 } },
    ],
    rowsOf: () => undefined,
    pass(scope, inputs, weight): HeadPass {
      const handles = [inputs.features, inputs.pooled!, weight(KERNEL), weight(GENERATOR)];
      const run = (...[features, pooled, ...weights]: Tensor[]) =>
        generatedLogits(features!, pooled!, weights);
      const taped = (work: (tensors: Tensor[]) => Tensor[]): Handle[] => {
        const made: Handle[] = [];
        tf.tidy(() => {
          const tensors = handles.map((handle) => scope.adopt(identity(scope, handle)));
          made.push(...work(tensors).map((tensor) => identity(scope, handleOf(tensor))));
        });
        return made;
      };
      const [logits] = taped((tensors) => [run(...tensors)]);
      return {
        logits: logits!,
        backward(dLogits) {
          const [features, pooled, kernel, generator] = taped((tensors) =>
            tf.grads(run)(tensors, scope.adopt(identity(scope, dLogits)))
          );
          scope.free(logits!);
          return {
            inputs: { features: features!, pooled: pooled! },
            weights: { [KERNEL]: kernel!, [GENERATOR]: generator! },
          };
        },
      };
    },
  };
}

type Form = { widths: number[]; strides: Strides[] };

const forms: Record<string, Form> = {
  "one level": { widths: [FEATURES], strides: [] },
  "two levels": { widths: [FEATURES, 4], strides: [[1, 2, 2]] },
  "three levels": { widths: [FEATURES, 4, 5], strides: [[1, 2, 2], [2, 2, 2]] },
};
const dropout = () => ({ share: SHARE, random: createRandom("dropout", 1) });
type Precision = keyof typeof typeNumber;

/** A network with such a head: its weights, and a pass with both decoders in a scope of its own. */
function network(form: Form, precision: Precision = "float32") {
  const head = dynamicHead(form.widths.at(-1)!);
  const weights = initialWeights({ ...form, head: head.weights, decoders: 2, seed: 1 });
  const dtype = typeNumber[precision];

  function pass<T>(x: Tensor5D, work: (pass: UnetPass, scope: KernelScope) => T): T {
    const scope = new KernelScope();
    const float32 = (name: string) => handleOf(weights[`unet_${name}`]!);
    const typed = (name: string) => dtype === 1 ? float32(name) : cast(scope, float32(name), dtype);
    try {
      const given = { ...form, projection: false, head, prompts: 0, dtype, weights: { float32, typed } };
      return work(unetPass(scope, handleOf(x), { ...given, keep: true, dropout: dropout() }), scope);
    } finally {
      scope.dispose();
    }
  }

  /** Logits of both decoders, and gradients by the names of weights. */
  function outcome(x: Tensor5D, slopes: { logits?: Tensor; second?: Tensor; features?: Tensor }) {
    return pass(x, (pass, scope) => {
      const tensor = (handle: Handle) => scope.adopt(identity(scope, handle));
      const logits = tensor(pass.logits), second = tensor(pass.second!.logits);
      const gradients = pass.backward({
        logits: slopes.logits && handleOf(slopes.logits),
        features: slopes.features && handleOf(slopes.features),
        second: slopes.second && { logits: handleOf(slopes.second) },
      });
      const adopted = Object.entries(gradients).map(([name, handle]) => [
        `unet_${name}`,
        scope.adopt(handle),
      ]);
      return { logits, second, gradients: Object.fromEntries(adopted) as NamedTensorMap };
    });
  }

  return { weights, outcome };
}

type Weights = ReturnType<typeof network>["weights"];
type Slopes = Parameters<ReturnType<typeof network>["outcome"]>[1];

/** The same by the definition. */
function referenceOutcome(weights: Weights, x: Tensor5D, { form, slopes, round }: ReferenceRun) {
  const drawn = dropout(), [batch] = x.shape;
  const masks = form.widths.map((width) =>
    tf.tensor(drawMask(drawn, [batch, width]), [batch, 1, 1, 1, width])
  );
  const run = () =>
    referenceUnet(x, weights, {
      ...form,
      ...round && { round },
      masks,
      logitsOf: ({ features, pooled, weight }) =>
        generatedLogits(features, pooled, [weight(KERNEL), weight(GENERATOR)]),
    });
  const { grads } = tf.variableGrads(() => {
    const { logits, features, second } = run();
    const pairs = [[logits, slopes.logits], [features, slopes.features], [second!.logits, slopes.second]];
    return tf.addN(
      pairs.flatMap(([output, slope]) => output && slope ? [tf.sum(tf.mul(output, slope))] : []),
    ) as Scalar;
  }, Object.values(weights));
  const { logits, second } = run();
  const named = Object.entries(weights).filter(([, { name }]) => grads[name]);
  const gradients = Object.fromEntries(named.map(([name, { name: key }]) => [name, grads[key]!]));
  return { logits, second: second!.logits, gradients };
}

interface ReferenceRun {
  form: Form;
  slopes: Slopes;
  round?: (x: Tensor) => Tensor;
}

const slopesOf = (batch: number) => ({
  logits: seededNormal([batch, 4, 8, 8, CLASSES], 2),
  second: seededNormal([batch, 4, 8, 8, CLASSES], 3),
  features: seededNormal([batch, 4, 8, 8, FEATURES], 4),
});

for (const [name, form] of Object.entries(forms)) {
  for (const batch of [1, 2]) {
    Deno.test(`a head that sees pooled features, ${name}, batch of ${batch}: gradients equal tfjs's`, () => {
      const { weights, outcome } = network(form);
      tf.tidy(() => {
        const x = seededNormal([batch, 4, 8, 8, 1], 1), all = slopesOf(batch);
        const { logits, second, features } = all;
        for (const slopes of [all, { logits }, { second }, { features }]) {
          const actual = outcome(x, slopes), wanted = referenceOutcome(weights, x, { form, slopes });
          assert(difference(actual.logits, wanted.logits) < 1e-5);
          assert(difference(actual.second, wanted.second) < 1e-5);
          assertEquals(
            Object.keys(actual.gradients).toSorted(),
            Object.keys(wanted.gradients).toSorted(),
          );
          for (const [name, expected] of Object.entries(wanted.gradients)) {
            // Sums of hundreds of numbers of about 1, of any sign, which may nearly cancel out.
            const [largest] = tf.max(tf.abs(expected)).dataSync();
            const error = difference(actual.gradients[name]!, expected) * largest!;
            assert(
              error < 1e-3 * largest! + 1e-4,
              `gradient of ${name} by ${Object.keys(slopes)}: ${error}`,
            );
          }
        }
      });
      tf.dispose(weights);
    });
  }
}

inBfloat16("a head that sees pooled features in bfloat16 is its definition with these roundings", () => {
  // One level only, as in unet_bfloat16_test.ts.
  const form = forms["one level"]!, { weights, outcome } = network(form, "bfloat16");
  tf.tidy(() => {
    const x = seededNormal([2, 4, 8, 8, 1], 1), slopes = slopesOf(2);
    const actual = outcome(x, slopes);
    const wanted = referenceOutcome(weights, x, { form, slopes, round: rounded });
    assert(relativeDistance(actual.logits, wanted.logits) < ROUNDING);
    assert(relativeDistance(actual.second, wanted.second) < ROUNDING);
    const flat = (gradients: NamedTensorMap) =>
      tf.concat(Object.keys(wanted.gradients).map((name) => tf.reshape(gradients[name]!, [-1])));
    const error = relativeDistance(flat(actual.gradients), flat(wanted.gradients));
    // The deepest level's gradient is a sum of four, each addition a rounding.
    assert(error < 4 * ROUNDING, `gradients: ${error}`);
  });
  tf.dispose(weights);
});

Deno.test("heads that do not ask for pooled features cost no pooling", () => {
  const model = createUnet({ ...forms["two levels"]!, classes: CLASSES, seed: 1 });
  const x = seededNormal([1, 4, 8, 8, 1], 1), counting = countKernels();
  tf.dispose({ ...model.predict(x) });
  counting.stop();
  assertEquals(counting.calls.get("Mean"), undefined);
  x.dispose();
  model.dispose();
});

Deno.test("a head that sees pooled features leaves no tensors behind", async () => {
  const { weights, outcome } = network(forms["three levels"]!);
  await assertLeavesNoTensors(() =>
    tf.tidy(() => {
      const x = seededNormal([2, 4, 8, 8, 1], 1), slope = seededNormal([2, 4, 8, 8, CLASSES], 2);
      for (const some of [{ logits: slope }, { second: slope }, { logits: slope, second: slope }]) {
        outcome(x, some);
      }
    })
  );
  tf.dispose(weights);
});
