import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { averagePredictor } from "../../lib/inference/predictor.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { difference } from "../support/models/difference.ts";
import { inBfloat16 } from "../support/models/in_bfloat16.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import { countKernels } from "../support/training/kernel_count.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const PROMPTS = 2, FIRST = "unet_down0_a_conv/kernel";
const options = { classes: 3, widths: [3, 4], strides: [[1, 2, 2]] as Strides[], prompts: PROMPTS, seed: 1 };

const scans = (batch = 2) => seededNormal([batch, 2, 4, 4, 1], 1);
const withZeros = (scan: Tensor5D) =>
  tf.concat([scan, tf.zeros(scan.shape.with(4, PROMPTS) as Tensor5D["shape"])], 4) as Tensor5D;

/** Outputs and gradients by the names of weights, and all as numbers. */
function passed(model: Unet, x: Tensor5D): { logits: Tensor; gradients: NamedTensorMap; values: number[][] } {
  const pass = model.pass(x), logits = tf.clone(pass.logits);
  const gradients = pass.backward({ logits: seededNormal(logits.shape as Tensor5D["shape"], 2) });
  const named = Object.entries(model.weights).map(([name, { name: key }]) =>
    [name, gradients[key]!] as const
  );
  const values = [logits, ...named.map(([, gradient]) => gradient)].map((tensor) => [...tensor.dataSync()]);
  return { logits, gradients: Object.fromEntries(named), values };
}

Deno.test("a network with prompts: values and gradients equal the definition's", () => {
  const model = createUnet(options);
  assertEquals(model.prompts, PROMPTS);
  assertEquals(model.weights[FIRST]!.shape, [3, 3, 3, 1 + PROMPTS, 3]);
  tf.tidy(() => {
    const x = seededNormal([2, 2, 4, 4, 1 + PROMPTS], 1);
    const { logits, gradients } = passed(model, x);
    const { grads } = tf.variableGrads(() => {
      const wanted = referenceUnet(x, model.weights, options).logits;
      assert(difference(logits, wanted) < 1e-5);
      return tf.sum(tf.mul(wanted, seededNormal(wanted.shape, 2))) as Scalar;
    }, Object.values(model.weights));
    for (const [name, gradient] of Object.entries(gradients)) {
      const error = difference(gradient, grads[model.weights[name]!.name]!);
      assert(error < 1e-3, `gradient of ${name}: ${error}`);
    }
    // They have a say.
    assertNotEquals(passed(model, tf.slice(x, [0, 0, 0, 0, 0], [2, 2, 4, 4, 1])).values[0], [
      ...logits.dataSync(),
    ]);
  });
  model.dispose();
});

Deno.test("prompts that are not there are zeros: in training, prediction and inference", () => {
  const model = createUnet(options);
  tf.tidy(() => {
    const scan = scans(), explicit = withZeros(scan);
    const alone = passed(model, scan);
    assertEquals(alone.values, passed(model, explicit).values);
    const said = [model.predict(scan), model.predict(explicit)].map(({ logits }) => logits.dataSync());
    assertEquals(said[0], said[1]);
    assertEquals([...said[0]!], alone.values[0]);
    // Zeros teach the weights of prompts nothing.
    const [ofScan, ofPrompts] = tf.split(alone.gradients[FIRST] as Tensor5D, [1, PROMPTS], 3);
    assert(ofScan!.dataSync().every((value) => value !== 0));
    assert(ofPrompts!.dataSync().every((value) => value === 0));
    const predictor = averagePredictor([{ name: "net", organs: [1, 2], model }]);
    assertEquals(predictor.predict(scans(1)).shape, [1, 2, 4, 4, 3]);
  });
  model.dispose();
});

inBfloat16("prompts that are not there are zeros in bfloat16, too", () => {
  const model = createUnet({ ...options, precision: "bfloat16" });
  tf.tidy(() => assertEquals(passed(model, scans(1)).values, passed(model, withZeros(scans(1))).values));
  model.dispose();
});

Deno.test("images with other channels are refused, and leave no tensors behind", async () => {
  const three = createUnet(options), none = createUnet({ ...options, prompts: 0 });
  await assertLeavesNoTensors(() => {
    const x = seededNormal([1, 2, 4, 4, 2], 1);
    for (const act of ["predict", "pass"] as const) {
      assertThrows(
        () => three[act](x),
        Error,
        "Cannot pass images through the network: images must have 1 or 3 channels, current number is 2",
      );
      assertThrows(() => none[act](x), Error, "images must have 1 channel, current number is 2");
    }
    x.dispose();
  });
  [three, none].forEach((model) => model.dispose());
});

Deno.test("passes with prompts leave no tensors behind", async () => {
  const model = createUnet(options);
  await assertLeavesNoTensors(() =>
    tf.tidy(() => {
      for (const x of [scans(), withZeros(scans())]) {
        model.predict(x);
        passed(model, x);
        model.pass(x).dispose();
      }
    })
  );
  model.dispose();
});

Deno.test("a network without prompts spends nothing on them", () => {
  const [kernels, more] = [0, PROMPTS].map((prompts) => {
    const model = createUnet({ ...options, prompts }), x = scans();
    const counting = countKernels();
    tf.dispose({ ...model.predict(x) });
    counting.stop();
    tf.dispose(x);
    model.dispose();
    return counting.calls;
  });
  assertEquals(kernels!.get("ZerosLike"), undefined);
  assertEquals(more!.get("ZerosLike"), 1);
  assertEquals(more!.get("ConcatV2"), kernels!.get("ConcatV2")! + 1);
});

Deno.test("prompts are a whole number, 0 or more; no other weight depends on it", () => {
  for (const prompts of [-1, 1.5, NaN]) {
    assertThrows(
      () => createUnet({ ...options, prompts }),
      Error,
      `Cannot create U-Net: prompts must be a whole number, 0 or more, current value is ${prompts}`,
    );
  }
  const some = createUnet(options), none = createUnet({ ...options, prompts: 0 });
  for (const [name, weight] of Object.entries(some.weights)) {
    if (name !== FIRST) assertEquals(weight.dataSync(), none.weights[name]!.dataSync(), name);
  }
  [some, none].forEach((model) => model.dispose());
});
