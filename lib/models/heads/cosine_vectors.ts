/**
 * What heads of cosines are made from. Nothing here loads TensorFlow.
 *
 * @module
 */
import type { CosinePlan } from "./head_plan.ts";

/** Added to squared lengths: vectors that nearly vanish have finite logits. */
export const COSINE_EPSILON = 1e-8;

/**
 * T_c / |T_c|, [class, dimension].
 *
 * @throws Error when the vectors do not fit the classes
 */
export function unitVectors({ embeddings }: CosinePlan, classes: number): Float32Array<ArrayBuffer> {
  const dimensions = embeddings.map(({ length }) => length);
  const lengths = embeddings.map((vector) => Math.hypot(...vector));
  if (embeddings.length !== classes || new Set(dimensions).size > 1 || !lengths.every((l) => l > 0)) {
    throw new Error(
      `Cannot create cosine head: embeddings must be ${classes} vectors of one dimension, none of length 0, current ` +
        `dimensions are [${dimensions}], current lengths [${lengths}]`,
    );
  }
  return Float32Array.from(embeddings.flatMap((vector, c) => vector.map((value) => value / lengths[c]!)));
}
