/**
 * A small network and a made-up batch, whose training step uses every kernel that the passes of networks use.
 *
 * @module
 */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { allowedTable, labelTargets } from "../losses/allowed.ts";
import { selectVoxels, voxelsOf } from "../losses/select_voxels.ts";
import { supervision } from "../losses/supervision.ts";
import { createOptimiser } from "../models/optimiser.ts";
import { createUnet } from "../models/unet.ts";
import type { Precision } from "../models/unet_options.ts";
import { addNormalNoise, createRandom } from "../data/random.ts";
import { tf } from "../tensors/tf.ts";
import { learnFrom } from "../training/single_round.ts";

export interface ProbeNetworkOptions {
  /** Samples, and the sides of their cubes in voxels. */
  shape: [batch: number, side: number];
  /** Feature channels of each level. */
  widths: number[];
  precision: Precision;
}

const ORGANS: [number, ...number[]] = [1, 2, 3, 4];
const LEARNING_RATE = 0.01;

/** Makes the network; returns one training step, which answers its loss. */
export function createProbeNetwork(
  { shape: [batch, side], widths, precision }: ProbeNetworkOptions,
): () => number {
  const strides = widths.slice(1).map((): [number, number, number] => [2, 2, 2]);
  const model = createUnet({ classes: ORGANS.length + 1, widths, strides, precision, seed: 1 });
  const variables = Object.values(model.weights);
  const optimiser = createOptimiser(variables);
  const best = { score: -Infinity, step: 0, weights: {} };
  const learner = {
    name: "probe",
    organs: ORGANS,
    model,
    variables,
    role: "learns",
    optimiser,
    best,
  } as const;
  const labels = new Uint8Array(batch * side ** 3), images = new Float32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    // Organs are slabs, each a little brighter than the one before.
    const organ = Math.floor((i % side) * (ORGANS.length + 1) / side);
    labels[i] = organ;
    images[i] = organ / ORGANS.length;
  }
  addNormalNoise(images, { random: createRandom("probe", 1), std: 0.5 });
  const patch: [number, number, number] = [side, side, side];
  const samples = <T>(value: T) => Array.from({ length: batch }, () => value);
  const [labelSets, pseudoSets, cases] = [samples(ORGANS), samples([]), samples("probe")];
  const table = allowedTable(ORGANS, { channels: ORGANS });
  return () => {
    const input = { batch, patch, images, labels, labelSets, pseudoSets, cases };
    const { gradients, terms } = learnFrom(input, learner, ({ logits, features }, { map }) => {
      const targets = labelTargets(map, samples(table));
      const chosen = tf.mean(tf.square(selectVoxels(features, voxelsOf(targets, ORGANS[0])))) as Scalar;
      return [
        { name: "own", value: supervision(logits, targets), weight: 1 },
        // Mutual terms look at the features of chosen voxels.
        { name: "features", value: chosen, weight: 0.01 },
      ];
    });
    optimiser.apply(gradients, { learningRate: LEARNING_RATE });
    tf.dispose(gradients);
    return terms[0]!.value;
  };
}
