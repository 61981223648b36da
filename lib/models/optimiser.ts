/**
 * The optimiser: AdamW or stochastic gradient descent over all weights of a model at once, resumable to the bit.
 *
 * @module
 */
import type { Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";
import { adamw, type AdamwOptions, sgd, type SgdOptions } from "./update_rule.ts";

export interface OptimiserOptions {
  /** How weights are updated. @default { kind: "adamw" } */
  rule?: ({ kind: "adamw" } & AdamwOptions) | ({ kind: "sgd" } & SgdOptions);
  /** Gradients of a larger global norm are scaled down to it (nnU-Net's value). @default 12 */
  clipNorm?: number;
}

/** Everything needed to go on as if never stopped. */
export interface OptimiserState {
  /** The rule's vectors, such as "momentum", each [all weights]. */
  tensors: Record<string, Tensor>;
  /** Numbers, JSON-safe. */
  meta: Record<string, number>;
}

export interface Optimiser {
  /**
   * Updates the variables, and disposes neither them nor the gradients.
   *
   * @param gradients by variable name, as `tf.variableGrads` returns them; may hold other models' too
   * @returns the gradients' global norm before clipping
   * @throws when a gradient is missing or not finite; weights and state are then unchanged
   */
  apply(gradients: Record<string, Tensor>, options: { learningRate: number }): number;
  /** Shares memory with the optimiser until the next update. The caller disposes the tensors. */
  state(): OptimiserState;
  /** Takes over a saved state. The caller still disposes the tensors. */
  load(state: OptimiserState): void;
  dispose(): void;
}

/**
 * Makes an optimiser for the variables.
 *
 * Gradients are concatenated to one vector, and each moment is one vector: an update costs a dozen kernels for the
 * whole network instead of for every variable. Decay rates raised to the step are kept as accumulated products in
 * float64 (tfjs's own Adam recomputes them on loading and so cannot resume to the bit).
 */
export function createOptimiser(variables: Variable[], options: OptimiserOptions = {}): Optimiser {
  const { rule = { kind: "adamw" }, clipNorm = 12 } = options;
  const sizes = variables.map((variable) => variable.size);
  const total = sizes.reduce((a, b) => a + b, 0);
  const update = rule.kind === "adamw" ? adamw(rule) : sgd(rule);
  const vectors: Record<string, Variable> = {};
  for (const name of update.vectors) vectors[name] = tf.tidy(() => tf.variable(tf.zeros([total]), false));
  let meta = { ...update.initial };

  const flat = (tensors: Tensor[]) =>
    tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]))) as Tensor1D;

  function apply(gradients: Record<string, Tensor>, { learningRate }: { learningRate: number }): number {
    const missing = variables.filter((variable) => !gradients[variable.name]).map((variable) =>
      variable.name
    );
    if (missing.length > 0) {
      throw new Error(`Cannot update weights: no gradient reaches ${missing.join(", ")}`);
    }
    return tf.tidy(() => {
      const gradient = flat(variables.map((variable) => gradients[variable.name]));
      const norm = Math.sqrt(tf.sum(tf.square(gradient)).dataSync()[0]);
      if (!Number.isFinite(norm)) throw new Error(notFinite(gradients));
      const scale = Math.min(1, clipNorm / (norm + 1e-6));
      const result = update.apply({
        weights: flat(variables),
        gradient,
        scale,
        learningRate,
        vectors,
        meta,
      });
      for (const name of update.vectors) vectors[name].assign(result.vectors[name]);
      tf.split(result.weights, sizes).forEach((part, i) =>
        variables[i].assign(tf.reshape(part, variables[i].shape))
      );
      meta = result.meta;
      return norm;
    });
  }

  function notFinite(gradients: Record<string, Tensor>): string {
    const names = variables.map((variable) => variable.name)
      .filter((name) => !Number.isFinite(tf.sum(tf.abs(gradients[name])).dataSync()[0]));
    return `Cannot update weights: the gradient is not finite at step ${meta.step + 1}, ` +
      `${names.length} of ${variables.length} weights, first ${names[0] ?? "the sum over all"}`;
  }

  function load(state: OptimiserState): void {
    for (const name of update.vectors) {
      const found = state.tensors[name]?.size;
      if (found !== total) {
        throw new Error(
          `Cannot load optimiser state: ${name} must have ${total} values, current number is ${found ?? 0}`,
        );
      }
    }
    for (const name of update.vectors) vectors[name].assign(state.tensors[name]);
    meta = { ...state.meta };
  }

  return {
    apply,
    state: () => ({
      tensors: Object.fromEntries(update.vectors.map((name) => [name, tf.clone(vectors[name])])),
      meta: { ...meta },
    }),
    load,
    dispose: () => tf.dispose(vectors),
  };
}
