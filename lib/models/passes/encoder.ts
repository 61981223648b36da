/**
 * The way down: each level has two blocks, the first of a lower one strided.
 *
 * @module
 */
import type { Handle } from "../../tensors/kernels.ts";
import type { Strides } from "../layers.ts";
import { block, type PassContext, type WayBack } from "./blocks.ts";
import { sum } from "./consuming.ts";

export interface EncoderForm {
  widths: readonly number[];
  strides: readonly Strides[];
}

export interface Encoder {
  /** Of each level, [batch, depth, height, width, channel of the level], from full resolution down to the deepest. */
  outputs: readonly Handle[];
  /** From the gradients by the outputs, which are freed; possible once. */
  backward(gradients: readonly Handle[]): void;
}

/** @param images [batch, depth, height, width, channel]: those of the scope's own are freed when they are used up */
export function encode(context: PassContext, images: Handle, { widths, strides }: EncoderForm): Encoder {
  const outputs: Handle[] = [];
  /** Of each level's blocks. */
  const back: [a: WayBack, b: WayBack][] = [];
  widths.forEach((_, level) => {
    const a = block(context, outputs[level - 1] ?? images, {
      label: `down${level}_a`,
      ...level > 0 ? { strides: strides[level - 1]!, input: "skip" } : { input: "images" },
    });
    const b = block(context, a.y, { label: `down${level}_b` });
    outputs.push(b.y);
    back.push([a.back, b.back]);
  });

  function backward(gradients: readonly Handle[]): void {
    /** From the level below. */
    let dy: Handle | undefined;
    for (let level = widths.length - 1; level >= 0; level--) {
      const own = gradients[level]!, [a, b] = back[level]!;
      dy = a(b(dy ? sum(context.scope, dy, own) : own)!);
    }
  }

  return { outputs, backward };
}
