/**
 * The optimiser: AdamW or stochastic gradient descent over all weights of a model, resumable to the bit.
 *
 * @module
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { handleOf, KernelScope } from "../tensors/kernels.ts";
import { normOf } from "../tensors/norm_of.ts";
import { StoredTensor } from "../tensors/stored_tensor.ts";
import { tf } from "../tensors/tf.ts";
import {
  adamw,
  type AdamwOptions,
  type RuleNumbers,
  sgd,
  type SgdOptions,
  type UpdateRule,
} from "./update_rule.ts";

export interface OptimiserOptions {
  /** How weights are updated. @default { kind: "adamw" } */
  rule?: ({ kind: "adamw" } & AdamwOptions) | ({ kind: "sgd" } & SgdOptions);
  /** Gradients of a larger global norm are scaled down to it (nnU-Net's value). @default 12 */
  clipNorm?: number;
}

/** Everything needed to go on as if never stopped. */
export interface OptimiserState {
  /** The rule's vectors, such as "momentum/0", each of the shape of the variable of that number. */
  tensors: Record<string, Tensor>;
  /** Numbers, JSON-safe; those of a weight that missed updates have its number behind theirs, such as "step/7". */
  meta: Record<string, number>;
}

export interface Optimiser {
  /**
   * Updates the variables that have a gradient, and disposes neither them nor the gradients. The others stay as they are, and so
   * does what is remembered of them: to them it is as if the update had not been (so it is in PyTorch).
   *
   * @param gradients by variable name, as `tf.variableGrads` returns them; may hold other models' too
   * @returns the gradients' global norm before clipping
   * @throws when no variable has a gradient, or one is not finite; weights and state are then unchanged
   */
  apply(gradients: Record<string, Tensor>, options: { learningRate: number }): number;
  /** Updates that were made. */
  readonly updates: number;
  /** Variables that had a gradient in none of them. */
  readonly untouched: readonly Variable[];
  /** As it is now; later updates do not touch it. The caller disposes the tensors. */
  state(): OptimiserState;
  /** Takes over a saved state. The caller still disposes the tensors. */
  load(state: OptimiserState): void;
  dispose(): void;
}

/**
 * Makes an optimiser for the variables.
 *
 * It goes from weight to weight, so that what an update needs besides weights and moments is the size of the largest weight and
 * not of the network. Decay rates raised to the step are kept as accumulated products in float64 (tfjs's own Adam
 * recomputes them on loading and so cannot resume to the bit).
 */
export function createOptimiser(variables: Variable[], options: OptimiserOptions = {}): Optimiser {
  const { rule = { kind: "adamw" }, clipNorm = 12 } = options;
  const update: UpdateRule = rule.kind === "adamw" ? adamw(rule) : sgd(rule);
  const own = new KernelScope();
  /** Of each variable: where its update is made, and the rule's vectors by name. */
  const stored = variables.map((variable) => ({
    variable,
    result: new StoredTensor(own),
    vectors: Object.fromEntries(update.vectors.map((name) => [name, zeros(own, variable.shape)])),
  }));
  /** After the updates so far, and of weights that missed some of them. */
  let meta: RuleNumbers = { ...update.initial };
  let behind: ReadonlyMap<Variable, RuleNumbers> = new Map();
  const numbersOf = (variable: Variable) => behind.get(variable) ?? meta;

  function apply(gradients: Record<string, Tensor>, { learningRate }: { learningRate: number }): number {
    const moving = stored.filter(({ variable }) => gradients[variable.name]);
    if (moving.length === 0) throw new Error("Cannot update weights: no gradient reaches any of them");
    const scope = new KernelScope();
    try {
      const norm = normOf(scope, moving.map(({ variable }) => handleOf(gradients[variable.name]!)));
      if (!Number.isFinite(norm)) throw new Error(notFinite(gradients));
      const scale = Math.min(1, clipNorm / (norm + 1e-6));
      const stepFrom = (numbers: RuleNumbers) => update.step(scope, { scale, learningRate, meta: numbers });
      // Weights with equally many updates have equal numbers: mostly it is one step for all.
      const next = stepFrom(meta), steps = new Map([[meta.step, next]]);
      for (const { variable } of moving) {
        const own = numbersOf(variable);
        if (!steps.has(own.step)) steps.set(own.step, stepFrom(own));
      }
      const numbers = scope.mark();
      for (const { variable, result, vectors } of moving) {
        const gradient = handleOf(gradients[variable.name]!), step = steps.get(numbersOf(variable).step)!;
        step.update({ weight: handleOf(variable), gradient, result, vectors });
        const weight = scope.adopt(result.read(scope));
        variable.assign(weight);
        weight.dispose();
        scope.dispose(numbers);
      }
      const after = variables.map((variable) => {
        const own = numbersOf(variable);
        return [variable, gradients[variable.name] ? steps.get(own.step)!.meta : own] as const;
      });
      behind = new Map(after.filter(([, { step }]) => step !== next.meta.step));
      meta = next.meta;
      return norm;
    } finally {
      scope.dispose();
    }
  }

  function notFinite(gradients: Record<string, Tensor>): string {
    const finite = (gradient: Tensor) =>
      Number.isFinite(tf.tidy(() => tf.sum(tf.abs(gradient))).dataSync()[0]);
    const names = variables.map((variable) => variable.name)
      .filter((name) => gradients[name] && !finite(gradients[name]));
    return `Cannot update weights: the gradient is not finite at step ${meta.step + 1}, ` +
      `${names.length} of ${variables.length} weights, first ${names[0] ?? "the sum over all"}`;
  }

  const key = (name: string, index: number) => `${name}/${index}`;

  function load(state: OptimiserState): void {
    variables.forEach(({ shape }, i) => {
      for (const name of update.vectors) {
        const found = state.tensors[key(name, i)]?.shape;
        if (found?.join() !== shape.join()) {
          throw new Error(
            `Cannot load optimiser state: ${key(name, i)} must have shape [${shape}], ` +
              `current value is ${found ? `of shape [${found}]` : "missing"}`,
          );
        }
      }
    });
    const numbers = numbersFrom(state, (name) => name);
    const lagging = variables.flatMap((variable, i) =>
      key("step", i) in state.meta ? [[variable, numbersFrom(state, (name) => key(name, i))] as const] : []
    );
    stored.forEach(({ vectors }, i) => {
      for (const [name, vector] of Object.entries(vectors)) {
        vector.assign(handleOf(state.tensors[key(name, i)]!));
      }
    });
    [meta, behind] = [numbers, new Map(lagging)];
  }

  function numbersFrom(state: OptimiserState, named: (name: string) => string): RuleNumbers {
    const numbers = { ...update.initial };
    for (const name of Object.keys(numbers)) {
      const saved = state.meta[named(name)];
      if (saved === undefined) {
        throw new Error(
          `Cannot load optimiser state: ${named(name)} must be a number, current value is missing`,
        );
      }
      numbers[name] = saved;
    }
    return numbers;
  }

  function state(): OptimiserState {
    const tensors = stored.flatMap(({ vectors }, i) =>
      Object.entries(vectors).map(([name, vector]) => [key(name, i), own.adopt(vector.read(own))])
    );
    const lagging = variables.flatMap((variable, i) =>
      Object.entries(behind.get(variable) ?? {}).map(([name, number]) => [key(name, i), number])
    );
    return { tensors: Object.fromEntries(tensors), meta: { ...meta, ...Object.fromEntries(lagging) } };
  }

  function dispose(): void {
    for (const { result, vectors } of stored) {
      [result, ...Object.values(vectors)].forEach((one) => one.dispose());
    }
    own.dispose();
  }

  return {
    apply,
    get updates() {
      return meta.step;
    },
    get untouched() {
      return variables.filter((variable) => numbersOf(variable).step === 0);
    },
    state,
    load,
    dispose,
  };
}

function zeros(scope: KernelScope, shape: number[]): StoredTensor {
  const stored = new StoredTensor(scope);
  const value = tf.zeros(shape);
  stored.assign(handleOf(value));
  value.dispose();
  return stored;
}
