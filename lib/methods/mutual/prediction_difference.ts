/**
 * Prediction difference (PD), stage 1: a model's organs must not contradict another dataset's labels.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import { acrossLevels, type LevelLogits } from "../../losses/across_levels.ts";
import {
  type AllowedTable,
  type LabelTargets,
  rowTable,
  rowTotals,
  sumOverVoxels,
} from "../../losses/allowed.ts";
import { channelsFirst, channelsLast, softmaxParts, voxelLogits } from "../../losses/channels_first.ts";
import {
  labelSetCrossEntropy,
  type LabelSetCrossEntropyOptions,
} from "../../losses/label_set_cross_entropy.ts";
import { spread } from "../../losses/label_map.ts";
import { probabilitySums } from "../../losses/probability_sums.ts";

/** What another model sees in the same images. */
export interface Peer {
  /** [batch, depth, height, width, peer's channels]; no gradient flows into it. */
  logits: Tensor5D;
  /** The same batch's labels, as tables of the peer's channels. */
  targets: LabelTargets;
}

export interface PredictionDifferenceOptions extends LabelSetCrossEntropyOptions {
  /** See {@linkcode predictionDifference}. */
  form: "label" | "recall" | "exclusion" | "peer";
  /** All other models that see the images; form "peer" wants two at least. @default none */
  peers?: readonly Peer[];
}

/**
 * Prediction difference of model i on a batch of dataset j. With f = Σ_{o ∈ O_i} p_o the probability of any of the model's
 * organs and G = 1 on the voxels of truly labelled organs that are not the model's:
 *
 * - "label": label-set cross-entropy with the tables of (A_x, O_i); for disjoint label sets −Σ G log(1 − f) / |V|;
 * - "recall": Σ f G / Σ G;
 * - "exclusion": exclusion Dice, 2 Σ f G / (Σ f + Σ G); it rewards false positives elsewhere;
 * - "peer": "label", and at background the largest, over all other models k that see the images, of Σ p_k,o over the organs o
 *   that neither model i owns nor the case annotates stands for G: predictions of different models on different organs must not
 *   overlap, on any image. With the dataset's own model alone it would be nothing, since what that model knows is annotated.
 *
 * What labels say is asked at all levels that have heads, what peers say at full resolution.
 *
 * @param own model i on the batch
 * @param targets the batch's labels, as tables of model i's channels
 * @returns a scalar; 0 without gradient where the batch has nothing to say
 */
export function predictionDifference(
  own: LevelLogits,
  targets: LabelTargets,
  options: PredictionDifferenceOptions,
): Scalar {
  const { form, peers = [] } = options;
  if (form === "peer" && peers.length < 2) {
    throw new Error(
      `Cannot compute prediction difference: form "peer" must come with two peers at least, current number is ${peers.length}`,
    );
  }
  const byLabels = acrossLevels(own, targets, (logits, targets) => byForeignLabels(logits, targets, options));
  return form === "peer"
    ? tf.add(byLabels, peerExclusion(own.logits, targets, { peers })) as Scalar
    : byLabels;
}

function byForeignLabels(
  logits: Tensor5D,
  targets: LabelTargets,
  options: PredictionDifferenceOptions,
): Scalar {
  const { form } = options;
  if (form === "label" || form === "peer") return labelSetCrossEntropy(logits, targets, options);
  const foreign = rowTable(targets, (table, code, c) => c > 0 ? table.foreign[code]! : 0);
  const volume = sumOverVoxels(targets, (table, code) => table.foreign[code]!);
  if (volume === 0) return tf.scalar(0);
  const anywhere = rowTable(targets, (_, code, c) => c > 0 && code !== IGNORED ? 1 : 0);
  return tf.tidy(() => {
    const sums = probabilitySums(voxelLogits(logits), targets)([foreign, anywhere]);
    const [overlap, mass] = sums.map((sum) => tf.sum(sum)) as [Scalar, Scalar];
    return (form === "recall"
      ? tf.div(overlap, volume)
      : tf.div(tf.mul(overlap, 2), tf.add(mass, volume))) as Scalar;
  });
}

/**
 * −(1/M) Σ_v G(v) log p_0(v), G = max over peers of the sum of their probabilities of organs that model i does not own and the
 * case does not annotate, at background. Since 1 − f = p_0, this is a cross-entropy with background as target and weight G:
 * ∂/∂z_c = (G/M) (p_c − [c = 0]).
 */
function peerExclusion(
  logits: Tensor5D,
  targets: LabelTargets,
  { peers }: { peers: readonly Peer[] },
): Scalar {
  const own = targets.tables[0]!.channels;
  const counted = Math.max(1, sumOverVoxels(targets, (_, code) => code === IGNORED ? 0 : 1));
  const isOpen = (table: AllowedTable, code: number, c: number) =>
    code === 0 && c > 0 && !own.includes(table.channels[c - 1]!) && table.allowed[c] === 1;
  const speaking = peers.map((peer) => ({
    ...peer,
    open: rowTable(peer.targets, (table, code, c) => isOpen(table, code, c) ? 1 / counted : 0),
  })).filter(({ targets, open }) => rowTotals(targets, open).some((total) => total > 0));
  if (speaking.length === 0) return tf.scalar(0);

  const operation = tf.customGrad((...args: unknown[]) => {
    const [logits, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const weight = speaking.map(({ logits, targets: { classes, map }, open }) => {
      const { probabilities } = softmaxParts(channelsFirst(logits));
      const where = spread(tf.tensor2d(open, [classes, map.rows.length]), map.hot);
      return tf.sum(tf.mul(probabilities, where), 0, true);
    }).reduce((most, one) => tf.maximum(most, one));
    const z = channelsFirst(logits);
    const { max, sum, probabilities } = softmaxParts(z);
    const background = tf.slice(z, [0, 0], [1, -1]);
    const loss = tf.add(tf.sub(max, background), tf.log(sum));
    const isBackground = tf.tensor2d(Array.from({ length: z.shape[0] }, (_, c) => c === 0 ? 1 : 0), [
      z.shape[0],
      1,
    ]);
    const slope = tf.mul(tf.sub(probabilities, isBackground), weight) as Tensor2D;
    save([channelsLast(slope, logits.shape)]);
    return {
      value: tf.sum(tf.mul(loss, weight)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0]!, dy),
    };
  });
  return operation(logits) as Scalar;
}
