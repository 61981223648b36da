/**
 * How accurate a model is on a batch, organ by organ.
 *
 * @module
 */
import type { Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type OrganNumber } from "../data/label_set.ts";
import type { Readout } from "../models/heads/head.ts";
import { softmaxReadout } from "../models/heads/softmax_head.ts";
import { tf } from "../tensors/tf.ts";
import { labelOfRow, type LabelTargets } from "./allowed.ts";
import { channelsFirst } from "./channels_first.ts";
import { sumByRow } from "./label_map.ts";

/**
 * Hard Dice, 2 |P ∩ Y| / (|P| + |Y|), of what the head decides, for each organ the model owns. Only samples with a
 * true label for the organ count, and no ignored voxel; organs with no true voxel in the batch are left out. Of equally
 * probable channels all count. No gradient.
 *
 * @param logits [batch, depth, height, width, channel of the head]
 * @param readout the head's
 */
export function batchDice(
  logits: Tensor5D,
  targets: LabelTargets,
  readout: Readout = softmaxReadout,
): Map<OrganNumber, number> {
  const { map: { rows, counts, hot }, tables } = targets;
  const predicted = tf.tidy(() => {
    const z = channelsFirst(readout.ranks(logits));
    const best = tf.cast(tf.equal(z, tf.max(z, 0, true)), "float32") as Tensor2D;
    return sumByRow(best, hot);
  });
  const voxels = predicted.dataSync();
  predicted.dispose();
  return new Map(tables[0].channels.flatMap((organ, index): [OrganNumber, number][] => {
    let both = 0, found = 0, truth = 0;
    rows.forEach((row, i) => {
      const { table, code } = labelOfRow(targets, row);
      if (code === IGNORED || !table.trueSet.includes(organ)) return;
      const here = voxels[(index + 1) * rows.length + i]!;
      found += here;
      if (code !== organ) return;
      both += here;
      truth += counts[row]!;
    });
    return truth > 0 ? [[organ, 2 * both / (truth + found)]] : [];
  }));
}
