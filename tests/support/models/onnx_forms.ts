/** Networks of each form that can be exported, with what they say of images: both sides of the comparison with onnxruntime. */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { createUnet, type Unet } from "../../../lib/models/unet.ts";
import type { UnetOptions } from "../../../lib/models/unet_options.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { seededNormal } from "../losses/tiny_batch.ts";

export interface OnnxForm extends Omit<UnetOptions, "classes" | "seed"> {
  /** Of a window, [depth, height, width]. @default [4, 8, 8] */
  window?: Shape;
}

const embeddings = [[1, 0.2, -0.5, 0.1], [-0.3, 1, 0.4, 0.2], [0.1, -0.6, 0.8, -1]];
const widths = [3, 4, 5], strides: UnetOptions["strides"] = [[1, 2, 2], [2, 2, 2]];
const usual = { widths, strides };
// Of few features some voxels have nearly none, and an angle between such ones is mostly rounding: 2e-4 of a probability with 3.
const wide = { widths: [8, 8, 8], strides };

/** All are of two organs. */
export const onnxForms: Record<string, OnnxForm> = {
  "softmax": usual,
  "kernels of 1, 3 and 5": { ...usual, kernels: [[1, 3, 3], [3, 1, 5], [3, 3, 3]] },
  "strides of 3 and 4": { widths: [3, 4], strides: [[3, 4, 1]], window: [6, 8, 4] },
  "one level": { widths: [4], strides: [], window: [3, 5, 4] },
  "projection": { ...usual, projection: 6 },
  "prompts": { ...usual, prompts: 2 },
  "two decoders": { ...usual, decoders: 2 },
  "deep supervision": {
    widths: [3, 4, 4, 5],
    strides: [[1, 2, 2], [2, 2, 2], [1, 2, 2]],
    deepSupervision: true,
  },
  "sigmoid": { ...usual, head: { kind: "sigmoid" } },
  "levels": { ...usual, head: { kind: "levels", groups: 2 } },
  "datasets": { ...usual, head: { kind: "datasets", owners: [2, 1, 2, 1, 1] } },
  "cosine": { ...wide, projection: 10, head: { kind: "cosine", embeddings, temperature: 0.2 } },
  "cosine, learnt temperature": {
    ...wide,
    head: { kind: "cosine", embeddings, temperature: 0.3, learnTemperature: true },
  },
  "cosines": { ...wide, head: { kind: "cosines", scale: 5 } },
  "dynamic": { ...usual, head: { kind: "dynamic" } },
  "dynamic, projection": { ...usual, projection: 6, head: { kind: "dynamic" } },
};

export const windowOf = ({ window = [4, 8, 8] }: OnnxForm) => window;

/** A network whose weights are all unlike what they begin with: scales and shifts of norms, biases and temperatures too. */
export function networkOf({ window: _, ...form }: OnnxForm): Unet {
  const model = createUnet({ ...form, classes: 3, seed: 3 });
  Object.values(model.weights).forEach((weight, i) => {
    const changed = tf.tidy(() => tf.add(weight, tf.randomNormal(weight.shape, 0, 0.2, "float32", 100 + i)));
    weight.assign(changed);
    changed.dispose();
  });
  return model;
}

/** Images by name: two of a window's size, and one of twice as many voxels along each axis. */
export function imagesOf(form: OnnxForm): Record<"window" | "larger", Tensor5D> {
  const window = windowOf(form), larger = eachAxis((axis) => 2 * window[axis]);
  return { window: seededNormal([2, ...window, 1], 5), larger: seededNormal([1, ...larger, 1], 6) };
}

/** Channels as ONNX has them: [batch, channel, depth, height, width]. */
export const channelsFirst = (x: Tensor5D): Tensor5D => tf.transpose(x, [0, 4, 1, 2, 3]);

/** What a network says of images, channels first. */
export function answersOf(model: Unet, images: Tensor5D) {
  return tf.tidy(() => {
    const { logits } = model.predict(images), { probabilities, votes } = model.head.readout;
    return { probabilities: channelsFirst(probabilities(logits)), votes: channelsFirst(votes(logits)) };
  });
}
