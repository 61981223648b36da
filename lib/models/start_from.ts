/**
 * A network that starts where another one ended.
 *
 * @module
 */
import type { Tensor, Tensor5D, Variable } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import type { Unet } from "./unet.ts";
import { SECOND } from "./unet_pass.ts";
import { headNames } from "./unet_weights.ts";

/** A network and the organs of its channels 1, 2, …; channel 0 is background. */
interface Channelled {
  model: Unet;
  organs: LabelSet;
}

/**
 * Copies encoder, decoder and the head's rows of background and of organs that both have; other rows, and a head of another
 * kind, stay as they were drawn (METHOD section 1, stage2Start). So do a second decoder and heads of lower levels that the source lacks;
 * of those that it has, rows are copied as the head's. Where the
 * numbers of prompts differ, the first convolution takes the channels of the scan and of prompts that both have; those of further
 * prompts become zeros, so that they change nothing of what the source says before they are learnt.
 *
 * @throws Error when the networks have other forms
 */
export function startFrom({ model, organs }: Channelled, source: Channelled): void {
  const { decoders } = source.model;
  const { full, lower } = headNames(model), ofHead = [...full, ...lower];
  const rows = model.head.rowsOf(organs), others = source.model.head.rowsOf(source.organs);
  const sameHead = model.head.plan.kind === source.model.head.plan.kind;
  for (const [name, weight] of Object.entries(model.weights)) {
    if (decoders === 1 && name.startsWith(`unet_${SECOND}`)) continue;
    if (lower.includes(name) && !source.model.weights[name]) continue;
    if (ofHead.includes(name) && (!sameHead || rows)) continue;
    const other = source.model.weights[name];
    if (name === FIRST && other && differsInPromptsAlone(weight, other)) {
      copyPrompts(weight, other);
      continue;
    }
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
      const weight = model.weights[name], from = source.model.weights[name];
      if (weight && from) copyRows(weight, { from, rows, others });
    }
  }
}

/** What sees the images: [depth, height, width, 1 + prompts, output channel]. */
const FIRST = "unet_down0_a_conv/kernel";
const PROMPTS_AXIS = 3;

function differsInPromptsAlone({ shape }: Variable, other: Variable): boolean {
  const channels = shape[PROMPTS_AXIS]!;
  return channels !== other.shape[PROMPTS_AXIS] &&
    other.shape.with(PROMPTS_AXIS, channels).join() === shape.join();
}

/** Zeros where the other has no such prompt. */
function copyPrompts(weight: Variable, other: Variable): void {
  const { shape } = weight;
  const both = Math.min(shape[PROMPTS_AXIS]!, other.shape[PROMPTS_AXIS]!);
  const joined = tf.tidy((): Tensor => {
    const copied = tf.slice(other, shape.map(() => 0), shape.with(PROMPTS_AXIS, both));
    const further = tf.zeros(shape.with(PROMPTS_AXIS, shape[PROMPTS_AXIS]! - both));
    return tf.concat([copied, further], PROMPTS_AXIS);
  });
  weight.assign(joined);
  joined.dispose();
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
  const split = (w: Variable) => tf.split(w as Tensor5D, w.shape[axis]!, axis);
  const joined = tf.tidy((): Tensor => {
    const own = split(weight), given = split(from);
    return tf.concat(
      rows.map((row, i) => others.includes(row) ? given[others.indexOf(row)]! : own[i]!),
      axis,
    );
  });
  weight.assign(joined);
  joined.dispose();
}
