/**
 * How accurate a model is on a batch, organ by organ.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type OrganNumber } from "../data/label_set.ts";
import { tf } from "../runtime/tf.ts";
import type { LabelTargets } from "./allowed.ts";

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
  const result = new Map<OrganNumber, number>();
  tables[0].channels.forEach((organ, index) => {
    let both = 0, truth = 0, found = 0;
    tables.forEach(({ trueSet }, sample) => {
      if (!trueSet.includes(organ)) return;
      for (let i = sample * voxels; i < (sample + 1) * voxels; i++) {
        if (codes[i] === IGNORED) continue;
        const isTrue = codes[i] === organ, isFound = predicted[i] === index + 1;
        if (isTrue) truth++;
        if (isFound) found++;
        if (isTrue && isFound) both++;
      }
    });
    if (truth > 0) result.set(organ, 2 * both / (truth + found));
  });
  return result;
}
