import { assert, assertEquals } from "@std/assert";
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { conv3dBfloat16, conv3dTransposeBfloat16 } from "../../lib/models/bfloat16_convolution.ts";
import type { Strides } from "../../lib/models/transposed_convolution.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { restoreWeights, snapshotWeights } from "../../lib/models/weights.ts";
import { hasBfloat16, packBfloat16 } from "../../lib/runtime/bfloat16.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { batchGradients, type BatchLoss } from "../../lib/stages/batch_gradients.ts";
import { targetsOf } from "../../lib/stages/batch_targets.ts";
import { createLearner, disposeLearner } from "../../lib/stages/learner.ts";
import { assertLeavesNoTensors, tinyBatch } from "../stages/tiny_learners.ts";

/** bfloat16 has 8 bits of precision: a rounding moves a number by 2⁻⁹ of itself at most. */
const ROUNDING = 2 ** -9;

/** A test that is skipped, and says so, where there is no such arithmetic. */
function inBfloat16(name: string, fn: () => void | Promise<void>): void {
  const ignore = !hasBfloat16();
  Deno.test({ name: ignore ? `${name} (skipped: no bfloat16 here)` : name, ignore, fn });
}

const distance = (a: Tensor, b: Tensor) => tf.div(tf.norm(tf.sub(a, b)), tf.norm(b)).dataSync()[0];

inBfloat16("packing rounds to the nearest bfloat16, two numbers in the bits of one", () => {
  tf.tidy(() => {
    // 1 + 2⁻⁸ lies half way between two bfloat16 numbers and goes to the even one; 1 + 3·2⁻⁹ to the nearer one.
    const packed = packBfloat16(tf.tensor2d([[1, -2], [1 + 2 ** -8, 1 + 3 * 2 ** -9], [0, 3e38]]));
    assertEquals(packed.shape, [3, 1]);
    const bits = new Uint16Array((packed.dataSync() as Float32Array).slice().buffer);
    assertEquals([...bits.slice(0, 5)], [0x3f80, 0xc000, 0x3f80, 0x3f81, 0]);
  });
});

const strides: Strides[] = [[1, 1, 1], [2, 2, 2], [1, 2, 2]];
for (const stride of strides) {
  inBfloat16(
    `convolutions in bfloat16 and their gradients are float32's but for rounding, strides ${stride}`,
    () => {
      tf.tidy(() => {
        const normal = (shape: Tensor5D["shape"], seed: number) =>
          tf.randomNormal(shape, 0, 1, "float32", seed) as Tensor5D;
        const x = normal([2, 4, 6, 8, 4], 1);
        const up: [number, number, number, number, number] = [
          2,
          4 * stride[0],
          6 * stride[1],
          8 * stride[2],
          6,
        ];
        type Convolution = (x: Tensor, filter: Tensor) => Tensor;
        const pairs: [filter: Tensor5D, half: Convolution, full: Convolution][] = [
          [
            normal([3, 3, 3, 4, 6], 2),
            (x, filter) => conv3dBfloat16(x as Tensor5D, filter as Tensor5D, { strides: stride }),
            (x, filter) => tf.conv3d(x as Tensor5D, filter as Tensor5D, stride, "same"),
          ],
          [
            normal([...stride, 6, 4], 3),
            (x, filter) => conv3dTransposeBfloat16(x as Tensor5D, filter as Tensor5D, { strides: stride }),
            (x, filter) => tf.conv3dTranspose(x as Tensor5D, filter as Tensor5D, up, stride, "valid"),
          ],
        ];
        for (const [filter, half, full] of pairs) {
          const [a, b] = [half, full].map((convolve) => {
            const loss = (x: Tensor, filter: Tensor) => tf.sum(tf.square(convolve(x, filter))) as Scalar;
            return [convolve(x, filter), ...tf.grads(loss)([x, filter])];
          });
          a.forEach((tensor, i) => {
            assertEquals(tensor.shape, b[i].shape);
            const error = distance(tensor, b[i]);
            assert(error > 0 && error < 3 * ROUNDING, `${["value", "x", "filter"][i]}: ${error}`);
          });
        }
      });
    },
  );
}

inBfloat16("a U-Net in bfloat16 has the weights of one in float32, and nearly its logits", () => {
  const options = { classes: 3, widths: [4, 6], strides: [[1, 2, 2]] as Strides[], seed: 1 };
  const [half, full] = [createUnet({ ...options, precision: "bfloat16" }), createUnet(options)];
  tf.tidy(() => {
    const weights = snapshotWeights(full);
    assertEquals(Object.keys(snapshotWeights(half)), Object.keys(weights));
    for (const [name, tensor] of Object.entries(snapshotWeights(half))) {
      assertEquals(tensor.dataSync(), weights[name].dataSync());
    }
    restoreWeights(half, weights);
    const x = tf.randomNormal([1, 4, 8, 8, 1], 0, 1, "float32", 4);
    const [a, b] = [half, full].map((model) => (model.apply(x) as Tensor[])[0]);
    const error = distance(a, b);
    assert(error > 0 && error < 20 * ROUNDING, `relative distance ${error}`);
  });
  half.dispose();
  full.dispose();
});

inBfloat16("convolutions in bfloat16 leave no tensors behind", () =>
  assertLeavesNoTensors(() => {
    const [x, filter] = [tf.ones([1, 4, 4, 4, 2]), tf.ones([3, 3, 3, 2, 2])] as Tensor5D[];
    const loss = (x: Tensor, filter: Tensor) =>
      tf.sum(conv3dBfloat16(x as Tensor5D, filter as Tensor5D, { strides: [1, 1, 1] })) as Scalar;
    tf.dispose([x, filter, ...tf.grads(loss)([x, filter])]);
  }));

inBfloat16("a learner in bfloat16 finds its way with float32 weights, gradients and optimiser", () => {
  const network = { widths: [4, 6], strides: [[1, 2, 2]] as Strides[], seed: 1 };
  const learner = createLearner("half", [1], { ...network, precision: "bfloat16" });
  const batch = tinyBatch({ key: 1 });
  const loss: BatchLoss = (batch, [view]) => [{
    ...{ learner: view.learner, name: "own", weight: 1 },
    value: supervision(view.logits, targetsOf(batch, { channels: [1] })),
  }];
  const values = Array.from({ length: 12 }, (_, step) => {
    const { gradients, terms } = batchGradients(batch, [{ learner, own: true }], { loss, step });
    learner.optimiser.apply(gradients, { learningRate: 0.02 });
    tf.dispose(gradients);
    return terms[0].value;
  });
  assert(values[11] < 0.7 * values[0], `${values}`);
  disposeLearner(learner);
});
