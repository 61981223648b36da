/**
 * How accurate a model is on a batch, organ by organ.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type OrganNumber } from "../data/label_set.ts";
import { tf } from "../runtime/tf.ts";
import type { LabelTargets } from "./allowed.ts";
import { CODES } from "./label_map.ts";

/**
 * Hard Dice, 2 |P ∩ Y| / (|P| + |Y|), of the most probable channel, for each organ the model owns. Only samples with a
 * true label for the organ count, and no ignored voxel; organs with no true voxel in the batch are left out. No
 * gradient.
 *
 * @param logits [batch, depth, height, width, channel]
 */
export function batchDice(logits: Tensor5D, targets: LabelTargets): Map<OrganNumber, number> {
  const { map: { codes }, tables } = targets;
  // Read outside of a tidy, which would look for tensors in every single number it returns (30 times as slow).
  const best = tf.argMax(logits, -1);
  const predicted = best.dataSync();
  best.dispose();
  const voxels = codes.length / tables.length;
  const channels = tables[0].channels;
  const [both, found, truth] = Array.from({ length: 3 }, () => new Uint32Array(channels.length));
  tables.forEach(({ trueSet }, sample) => {
    // One look at each voxel serves all organs.
    const [inBoth, inPrediction, inTruth] = Array.from({ length: 3 }, () => new Uint32Array(CODES));
    for (let i = sample * voxels; i < (sample + 1) * voxels; i++) {
      const code = codes[i];
      if (code === IGNORED) continue;
      const channel = predicted[i];
      inTruth[code]++;
      inPrediction[channel]++;
      if (channel > 0 && channels[channel - 1] === code) inBoth[channel]++;
    }
    channels.forEach((organ, index) => {
      if (!trueSet.includes(organ)) return;
      both[index] += inBoth[index + 1];
      found[index] += inPrediction[index + 1];
      truth[index] += inTruth[organ];
    });
  });
  return new Map(
    channels.flatMap((organ, index): [OrganNumber, number][] =>
      truth[index] > 0 ? [[organ, 2 * both[index] / (truth[index] + found[index])]] : []
    ),
  );
}
