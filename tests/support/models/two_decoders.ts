/** Networks with two decoders, their passes and what these are by definition. */
import { assertEquals } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createRandom } from "../../../lib/data/random.ts";
import type { Strides } from "../../../lib/models/layers.ts";
import { drawMask } from "../../../lib/models/passes/channel_dropout.ts";
import type { PassGradients, Unet } from "../../../lib/models/unet.ts";
import type { UnetOptions } from "../../../lib/models/unet_options.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { seededNormal } from "../losses/tiny_batch.ts";
import { type ReferenceOptions, type ReferenceOutputs, referenceUnet } from "./reference_unet.ts";

/** Of channels that are dropped. */
export const SHARE = 0.4;
export const two = {
  classes: 2,
  widths: [3, 4],
  strides: [[1, 2, 2]] as Strides[],
  decoders: 2 as const,
  seed: 1,
};
export const three: UnetOptions = { ...two, widths: [3, 4, 5], strides: [[1, 2, 2], [2, 2, 2]] };
export const images = (batch = 1) => seededNormal([batch, 4, 8, 8, 1], 1);

/** Drawn anew, the same each time. */
export const dropout = (share = SHARE) => ({ share, random: createRandom("dropout", 1) });

/** What {@linkcode dropout} drops: level by level, [batch, 1, 1, 1, channel]. */
export function masksOf({ widths }: UnetOptions, batch: number): Tensor[] {
  const drawn = dropout();
  return widths.map((width) => tf.tensor(drawMask(drawn, [batch, width]), [batch, 1, 1, 1, width]));
}

type Outputs = Pick<ReferenceOutputs, "logits" | "features" | "lower" | "second">;

/** Random slopes of all outputs. */
export function slopesOf({ logits, features, second }: Outputs) {
  const like = ({ shape }: Tensor5D, seed: number) => seededNormal(shape, seed);
  return {
    logits: like(logits, 2),
    features: like(features, 3),
    second: { logits: like(second!.logits, 4), features: like(second!.features, 5) },
  };
}

/** Σ output · slope over the slopes that are there. */
export function weighted(
  { logits, features, lower = [], second }: Outputs,
  slopes: PassGradients,
): Scalar {
  const pairs = [
    [logits, slopes.logits],
    [features, slopes.features],
    ...lower.map((logits, i) => [logits, slopes.lower?.[i]] as const),
    [second?.logits, slopes.second?.logits],
    [second?.features, slopes.second?.features],
    ...second?.lower?.map((logits, i) => [logits, slopes.second?.lower?.[i]] as const) ?? [],
  ] as const;
  return tf.addN(pairs.flatMap(([output, slope]) => slope ? [tf.sum(tf.mul(output!, slope))] : [])) as Scalar;
}

/** By the names of weights: those that something depends on. */
export function byWeight({ weights }: Unet, gradients: NamedTensorMap): NamedTensorMap {
  const known = Object.entries(weights).filter(([, { name }]) => gradients[name]);
  assertEquals(known.length, Object.keys(gradients).length);
  return Object.fromEntries(known.map(([weight, { name }]) => [weight, gradients[name]!]));
}

export function referenceGradients(
  model: Unet,
  x: Tensor5D,
  options: ReferenceOptions & { slopes: PassGradients },
) {
  const { grads } = tf.variableGrads(
    () => weighted(referenceUnet(x, model.weights, options), options.slopes),
    Object.values(model.weights),
  );
  return byWeight(model, grads);
}

/** Which slopes there are, by name. */
export function subsets(all: ReturnType<typeof slopesOf>): Record<string, PassGradients> {
  const { logits, features, second } = all;
  return {
    "all": all,
    "the first's": { logits, features },
    "the second's": { second },
    "the first's features": { features },
    "the second's features": { second: { features: second.features } },
    "features of both": { features, second: { features: second.features } },
    "logits of both": { logits, second: { logits: second.logits } },
    "the first's logits, the second's features": { logits, second: { features: second.features } },
  };
}
