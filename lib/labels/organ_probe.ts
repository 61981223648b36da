/**
 * A look at one organ from near: what filters of pseudo labels ask of the models that own it.
 *
 * One window about the organ's centre is enough to see how its features look, and whether the models, or one
 * model under small disturbances, agree about it; a second pass over the whole scan would cost many times that.
 *
 * @module
 */
import { addNormalNoise, createRandom } from "../data/random.ts";
import type { OrganNumber } from "../data/label_set.ts";
import { cutRegion } from "../data/region.ts";
import type { Shape } from "../imaging/volume.ts";
import { dice } from "../metrics/overlap.ts";
import { tf } from "../tensors/tf.ts";
import type { OrganModel } from "../inference/predictor.ts";

export interface ProbeOptions {
  organ: OrganNumber;
  /** [depth, height, width] of the case, voxels. */
  shape: Shape;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Models that own the organ, one at least; the first gives the features. */
  owners: readonly OrganModel[];
  /** Disturbed copies that a lone owner is compared with. 0 skips the agreement. */
  copies: number;
  /** Of the disturbances. */
  seed: number;
}

export interface OrganProbe {
  /** Mean of the last decoder features over the mask within the window, [feature]. */
  feature: Float32Array;
  /** Mean Dice between the owners, or between a lone owner and its disturbed copies; NaN when not asked. */
  agreement: number;
}

/** Standard deviation of the noise of a disturbed copy, and the largest change of its contrast, in normalised units. */
const DISTURBANCE = { noise: 0.1, contrast: 0.1 };

/**
 * @param image [depth, height, width] normalised intensities
 * @param mask [depth, height, width] the organ: 1, else 0; not empty
 */
export function probeOrgan(image: Float32Array, mask: Uint8Array, options: ProbeOptions): OrganProbe {
  const { shape, window, owners, copies } = options;
  const start = centreOf(mask, shape).map((centre, axis) => Math.round(centre - window[axis]! / 2)) as Shape;
  const region = { start, shape: window };
  const crop = cutRegion(image, { from: shape, region });
  const near = cutRegion(mask, { from: shape, region });
  const [first, ...others] = owners as [OrganModel, ...OrganModel[]];
  const look = see(first, crop, options);
  const feature = meanFeature(look.features, near);
  const votes = copies === 0
    ? []
    : others.length > 0
    ? others.map((owner) => see(owner, crop, options).organ)
    : Array.from({ length: copies }, (_, i) => see(first, disturb(crop, options.seed, i), options).organ);
  const agreements = votes.map((vote) => dice({ prediction: vote, truth: look.organ }));
  return { feature, agreement: agreements.reduce((a, b) => a + b, 0) / agreements.length };
}

function see({ model, organs }: OrganModel, crop: Float32Array, { organ, window }: ProbeOptions) {
  const [chosen, features] = tf.tidy(() => {
    const { logits, features } = model.predict(tf.tensor5d(crop, [1, ...window, 1]));
    return [tf.equal(tf.argMax(model.head.readout.ranks(logits), 4), organs.indexOf(organ) + 1), features];
  });
  // Read outside of the tidy, which would look for tensors in every single number it returns.
  const seen = { organ: chosen.dataSync() as Uint8Array, features: features.dataSync() as Float32Array };
  tf.dispose([chosen, features]);
  return seen;
}

function disturb(crop: Float32Array, seed: number, copy: number): Float32Array {
  const random = createRandom("disturbed copy", seed, copy);
  const disturbed = crop.map((value) => value * (1 + (copy % 2 ? -1 : 1) * DISTURBANCE.contrast));
  addNormalNoise(disturbed, { random, std: DISTURBANCE.noise });
  return disturbed;
}

function meanFeature(features: Float32Array, mask: Uint8Array): Float32Array {
  const channels = features.length / mask.length;
  const sums = new Float64Array(channels);
  let count = 0;
  for (let voxel = 0; voxel < mask.length; voxel++) {
    if (!mask[voxel]) continue;
    count++;
    for (let c = 0; c < channels; c++) sums[c]! += features[voxel * channels + c]!;
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** Centre of gravity, [z, y, x] in voxels. */
function centreOf(mask: Uint8Array, [, height, width]: Shape): [number, number, number] {
  let z = 0, y = 0, x = 0, count = 0;
  mask.forEach((value, voxel) => {
    if (!value) return;
    x += voxel % width;
    y += Math.floor(voxel / width) % height;
    z += Math.floor(voxel / (width * height));
    count++;
  });
  return [z / count, y / count, x / count];
}
