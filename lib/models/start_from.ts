/**
 * A network that starts where another one ended.
 *
 * @module
 */
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import type { Unet } from "./unet.ts";

/** A network and the organs of its channels 1, 2, …; channel 0 is background. */
interface Channelled {
  model: Unet;
  organs: LabelSet;
}

const KERNEL = "unet_logits/kernel", BIAS = "unet_logits/bias";

/**
 * Copies encoder, decoder and the last layer's rows of background and of organs that both have; other rows stay as they
 * were drawn (METHOD section 1, stage2Start).
 *
 * @throws Error when the networks have other forms
 */
export function startFrom({ model, organs }: Channelled, source: Channelled): void {
  const last = [KERNEL, BIAS];
  for (const [name, weight] of Object.entries(model.weights)) {
    if (last.includes(name)) continue;
    const other = source.model.weights[name];
    if (other?.shape.join() !== weight.shape.join()) {
      throw new Error(
        `Cannot start from another network: ${name} must have shape [${weight.shape}], ` +
          `current value is ${other ? `of shape [${other.shape}]` : "missing"}`,
      );
    }
    weight.assign(other);
  }
  const channelOf = (organ: number) => organ === 0 ? 0 : source.organs.indexOf(organ) + 1;
  const rows = [0, ...organs].map((organ) =>
    organ === 0 || source.organs.includes(organ) ? channelOf(organ) : -1
  );
  for (const name of last) {
    const weight = model.weights[name], axis = weight.rank - 1;
    const joined = tf.tidy((): Tensor => {
      const [own, others] = [weight, source.model.weights[name]].map((w) =>
        tf.split(w as Tensor5D, w.shape[axis], axis)
      );
      return tf.concat(own.map((row, channel) => rows[channel] >= 0 ? others[rows[channel]] : row), axis);
    });
    weight.assign(joined);
    joined.dispose();
  }
}
