/**
 * A network that starts where another one ended.
 *
 * @module
 */
import type { Tensor, Tensor5D, Variable } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import type { Unet } from "./unet.ts";

/** A network and the organs of its channels 1, 2, …; channel 0 is background. */
interface Channelled {
  model: Unet;
  organs: LabelSet;
}

/**
 * Copies encoder, decoder and the head's rows of background and of organs that both have; other rows, and a head of another
 * kind, stay as they were drawn (METHOD section 1, stage2Start).
 *
 * @throws Error when the networks have other forms
 */
export function startFrom({ model, organs }: Channelled, source: Channelled): void {
  const ofHead = model.head.weights.map(({ name }) => `unet_${name}`);
  const rows = model.head.rowsOf(organs), others = source.model.head.rowsOf(source.organs);
  const sameHead = model.head.plan.kind === source.model.head.plan.kind;
  for (const [name, weight] of Object.entries(model.weights)) {
    if (ofHead.includes(name) && (!sameHead || rows)) continue;
    const other = source.model.weights[name];
    if (other?.shape.join() !== weight.shape.join()) {
      throw new Error(
        `Cannot start from another network: ${name} must have shape [${weight.shape}], ` +
          `current value is ${other ? `of shape [${other.shape}]` : "missing"}`,
      );
    }
    weight.assign(other);
  }
  if (sameHead && rows && others) {
    for (const name of ofHead) {
      copyRows(model.weights[name], { from: source.model.weights[name], rows, others });
    }
  }
}

interface RowOptions {
  from: Variable;
  /** What the rows stand for, of the weight and of the one that is copied. */
  rows: LabelSet;
  others: LabelSet;
}

/** Rows lie along the last axis. */
function copyRows(weight: Variable, { from, rows, others }: RowOptions): void {
  const axis = weight.rank - 1;
  const joined = tf.tidy((): Tensor => {
    const [own, given] = [weight, from].map((w) => tf.split(w as Tensor5D, w.shape[axis], axis));
    return tf.concat(rows.map((row, i) => others.includes(row) ? given[others.indexOf(row)] : own[i]), axis);
  });
  weight.assign(joined);
  joined.dispose();
}
