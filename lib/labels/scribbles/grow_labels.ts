/**
 * Scribbles and whatever a network is sure of, for a training from the start (METHOD section 2, second round).
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type LabelSet } from "../../data/label_set.ts";
import { createRandom } from "../../data/random.ts";
import { largestComponent } from "../../imaging/components.ts";
import type { Shape } from "../../imaging/volume.ts";
import type { OrganModel, Predictor } from "../../inference/predictor.ts";
import { predictPlanes } from "../../inference/slabs.ts";
import { tf } from "../../tensors/tf.ts";
import { maskOf } from "../../training/validation.ts";

/** The mean of what a network's decoders say, of two or of one: no channel is dropped. */
export function decodersPredictor({ model, organs }: Pick<OrganModel, "model" | "organs">): Predictor {
  const { probabilities } = model.head.readout;
  return {
    classes: organs.length + 1,
    predict: (window) =>
      tf.tidy(() => {
        if (model.decoders === 1) return probabilities(model.predict(window).logits);
        const pass = model.pass(window, { dropout: { share: 0, random: createRandom("nothing is drawn") } });
        const mean = tf.mul(0.5, tf.add(probabilities(pass.logits), probabilities(pass.second!.logits)));
        pass.dispose();
        return mean as Tensor5D;
      }),
  };
}

export interface GrowOptions {
  /** [depth, height, width] of the case, voxels. */
  shape: Shape;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Its classes are background and all organs, by their numbers. */
  predictor: Predictor;
  /** Organs with labels in the case: of others nothing is added. */
  labelSet: LabelSet;
  /** Entropy, as a share of the largest possible one, below which a voxel is sure. */
  entropyThreshold: number;
  signal?: AbortSignal | undefined;
}

/**
 * What is scribbled stays. A voxel that is not, and whose entropy H(p) / ln C is below the threshold, is of its most probable class, as
 * far as it lies in the largest component of that class's sure voxels; all else stays not annotated.
 *
 * @param image [depth, height, width] normalised intensities
 * @param scribbles [depth, height, width] codes; IGNORED where nothing is annotated
 */
export function growLabels(image: Float32Array, scribbles: Uint8Array, options: GrowOptions): Uint8Array {
  const { shape, predictor: { classes }, labelSet, entropyThreshold } = options;
  const [, height, width] = shape, area = height * width, most = Math.log(classes);
  const sure = new Uint8Array(scribbles.length).fill(IGNORED);
  const region = { y: [0, height] as [number, number], x: [0, width] as [number, number] };
  for (const { z, probabilities } of predictPlanes(image, { ...options, overlap: 0.5, region })) {
    for (let i = 0, at = 0; i < area; i++) {
      let entropy = 0, best = 0, largest = -1;
      for (let c = 0; c < classes; c++, at++) {
        const p = probabilities[at]!;
        if (p > largest) [best, largest] = [c, p];
        if (p > 0) entropy -= p * Math.log(p);
      }
      if (entropy / most < entropyThreshold) sure[z * area + i] = best;
    }
  }
  const grown = Uint8Array.from(scribbles);
  for (const code of [0, ...labelSet]) {
    const kept = largestComponent(maskOf(sure, code), shape);
    kept.forEach((inside, voxel) => {
      if (inside && scribbles[voxel] === IGNORED) grown[voxel] = code;
    });
  }
  return grown;
}
