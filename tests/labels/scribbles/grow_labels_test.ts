import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../../../lib/data/label_set.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { decodersPredictor, growLabels } from "../../../lib/labels/scribbles/grow_labels.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { seededNormal } from "../../support/losses/tiny_batch.ts";

/** An image's numbers choose one of these, [background, organ 1, organ 2]. */
const SAYS = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0.01, 0.01, 0.98]];

const predictor = {
  classes: 3,
  predict: (window: Tensor5D) =>
    tf.tidy(() => {
      const chosen = tf.gather(tf.tensor2d(SAYS), tf.cast(tf.reshape(window, [-1]), "int32"));
      const [batch, depth, height, width] = window.shape;
      return tf.reshape(chosen, [batch, depth, height, width, 3]) as Tensor5D;
    }),
};

const shape: Shape = [1, 1, 8], window = shape;
const __ = IGNORED;

// H(p) / ln 3 is 0 of the first three; ln 2 / ln 3 = 0.63 of the fourth; of the fifth
// (−0.98 ln 0.98 − 0.02 ln 0.01) / ln 3 = (0.0198 + 0.0921) / 1.0986 = 0.102.
const TABLE: [
  what: string,
  said: number[],
  scribbles: number[],
  labelSet: number[],
  threshold: number,
  grown: number[],
][] = [
  [
    "sure voxels join, the largest component of each class, and scribbles stay",
    [1, 1, 0, 1, 3, 2, 2, 2],
    [1, __, __, __, __, __, __, 0],
    [1, 2],
    0.1,
    [1, 1, 0, __, __, 2, 2, 0],
  ],
  [
    "organs that the case does not label are not added",
    [1, 1, 0, 1, 3, 2, 2, 2],
    [1, __, __, __, __, __, __, 0],
    [1],
    0.1,
    [1, 1, 0, __, __, __, __, 0],
  ],
  ["an entropy of 0.102 is not below 0.1", [0, 0, 4, 4, 4, 0, 0, 0], Array(8).fill(__), [1, 2], 0.1, [
    __,
    __,
    __,
    __,
    __,
    0,
    0,
    0,
  ]],
  ["it is below 0.11", [0, 0, 4, 4, 4, 0, 0, 0], Array(8).fill(__), [1, 2], 0.11, [__, __, 2, 2, 2, 0, 0, 0]],
  ["below 1 nearly everything is", Array(8).fill(3), [1, ...Array(7).fill(__)], [1, 2], 1, [
    1,
    ...Array(7).fill(0),
  ]],
  ["at 0 nothing is", Array(8).fill(1), [1, ...Array(7).fill(__)], [1, 2], 0, [1, ...Array(7).fill(__)]],
];
for (const [what, said, scribbles, labelSet, entropyThreshold, grown] of TABLE) {
  Deno.test(`grown scribbles: ${what}`, () => {
    const before = tf.memory().numTensors;
    const options = { shape, window, predictor, labelSet, entropyThreshold };
    assertEquals([...growLabels(Float32Array.from(said), Uint8Array.from(scribbles), options)], grown);
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("two decoders speak by their mean, without dropout, one by itself; nothing is left", () => {
  const before = tf.memory().numTensors;
  const form = { classes: 3, widths: [3, 4], strides: [[2, 2, 2]] as Shape[], seed: 1 };
  for (const decoders of [1, 2] as const) {
    const model = createUnet({ ...form, decoders });
    const images = seededNormal([1, 4, 4, 4, 1], 2) as Tensor5D;
    const said = tf.tidy(() => [...decodersPredictor({ model, organs: [1, 2] }).predict(images).dataSync()]);
    const { logits, features } = model.predict(images);
    const first = tf.tidy(() => [...tf.softmax(logits).dataSync()]);
    if (decoders === 1) assertEquals(said, first);
    else {
      // What the second one says, by itself: twice the mean without the first.
      const second = said.map((value, i) => 2 * value - first[i]!);
      const sums = Array.from(
        { length: 64 },
        (_, v) => second[3 * v]! + second[3 * v + 1]! + second[3 * v + 2]!,
      );
      sums.forEach((sum) => assertAlmostEquals(sum, 1, 1e-5));
      assertEquals(second.some((value, i) => Math.abs(value - first[i]!) > 1e-3), true);
    }
    tf.dispose([logits, features, images]);
    model.dispose();
  }
  assertEquals(tf.memory().numTensors, before);
});
