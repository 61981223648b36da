/**
 * How a weight moves along its gradient.
 *
 * @module
 */
import { attribute, type Handle, type KernelScope, OF_FLOAT32, scalar } from "../tensors/kernels.ts";
import type { StoredTensor } from "../tensors/stored_tensor.ts";

/** Of an update in place; only one runs at a time. */
const inPlace = (nesterov: boolean) => [
  ...OF_FLOAT32,
  attribute("use_locking", "bool", false),
  attribute("use_nesterov", "bool", nesterov),
];
const PLAIN = inPlace(false), NESTEROV = inPlace(true);

/** One step of training. */
export interface UpdateStep {
  /** What gradients are multiplied with first (clipping). */
  scale: number;
  learningRate: number;
}

/** A weight that is to be updated, float32 all of it and of one shape. */
export interface Update<Vector extends string = string> {
  /** Its value before. */
  weight: Handle;
  gradient: Handle;
  /** Where the updated weight goes. */
  result: StoredTensor;
  /** What the rule remembers, by name; updated in place. */
  vectors: Record<Vector, StoredTensor>;
}

/** Numbers that a rule keeps. `step` counts updates. */
export type RuleNumbers<Name extends string = string> = { step: number } & Record<Name, number>;

/** By names of its vectors and of its numbers. */
export interface UpdateRule<Vector extends string = string, Name extends string = string> {
  /** Names of the vectors it keeps; zeros at first. */
  vectors: Vector[];
  /** Numbers it keeps, at first. */
  initial: RuleNumbers<Name>;
  /** The numbers after one more step, and the update of any weight in that step. New tensors live in the scope. */
  step(scope: KernelScope, options: UpdateStep & { meta: RuleNumbers<Name> }): {
    meta: RuleNumbers<Name>;
    update(options: Update<Vector>): void;
  };
}

export interface AdamwOptions {
  /** Decay of the mean of gradients. @default 0.9 */
  beta1?: number;
  /** Decay of the mean of squared gradients. @default 0.999 */
  beta2?: number;
  /** Added to the root of the mean of squares. @default 1e-8 */
  epsilon?: number;
  /** Each step shrinks weights by this times the learning rate. @default 1e-5 */
  weightDecay?: number;
}

/**
 * AdamW (Loshchilov and Hutter 2019), as PyTorch computes it:
 *
 *     w ← w·(1 − η·λ) − η · (m / (1 − β1ᵗ)) / (√(v / (1 − β2ᵗ)) + ε)
 *
 * TensorFlow's kernel makes m, v and w ← w − η'·m / (√v + ε') of it. Since √(v/c) + ε = (√v + ε√c)/√c, the corrections
 * c = 1 − βᵗ go into η' and ε' (in float64: near 1, a power in float32 has lost most digits of its distance from 1), and the
 * kernel's own are switched off by powers of 0. It takes β as float32, so their powers are of these.
 */
export function adamw(
  options: AdamwOptions = {},
): UpdateRule<"mean" | "square", "beta1Power" | "beta2Power"> {
  const { epsilon = 1e-8, weightDecay = 1e-5 } = options;
  const beta1 = Math.fround(options.beta1 ?? 0.9), beta2 = Math.fround(options.beta2 ?? 0.999);
  return {
    vectors: ["mean", "square"],
    initial: { step: 0, beta1Power: 1, beta2Power: 1 },
    step(scope, { scale, learningRate, meta }) {
      const beta1Power = meta.beta1Power * beta1;
      const beta2Power = meta.beta2Power * beta2;
      const correction = Math.sqrt(1 - beta2Power);
      const a = arithmetic(scope);
      const number = (value: number) => scalar(scope, value);
      const shrink = number(1 - learningRate * weightDecay), byScale = number(scale), off = number(0);
      const rate = number(learningRate * correction / (1 - beta1Power));
      const betas = [number(beta1), number(beta2), number(epsilon * correction)];
      return {
        meta: { step: meta.step + 1, beta1Power, beta2Power },
        update({ weight, gradient, result, vectors: { mean, square } }) {
          a.store(result, a.mul(weight, shrink));
          const scaled = scale === 1 ? gradient : a.mul(gradient, byScale);
          const inputs = [result.handle, mean.handle, square.handle, off, off, rate, ...betas, scaled];
          scope.run("ResourceApplyAdam", inputs, PLAIN, 0);
        },
      };
    },
  };
}

export interface SgdOptions {
  /** Nesterov momentum. @default 0.99 */
  momentum?: number;
  /** L2 penalty, added to the gradient. @default 3e-5 */
  weightDecay?: number;
}

/** Stochastic gradient descent with Nesterov momentum, as PyTorch computes it; defaults are nnU-Net's. */
export function sgd({ momentum = 0.99, weightDecay = 3e-5 }: SgdOptions = {}): UpdateRule<"momentum", never> {
  return {
    vectors: ["momentum"],
    initial: { step: 0 },
    step(scope, { scale, learningRate, meta }) {
      const a = arithmetic(scope);
      const number = (value: number) => scalar(scope, value);
      const byScale = number(scale), byDecay = number(weightDecay);
      const byMomentum = number(momentum), byRate = number(learningRate);
      return {
        meta: { step: meta.step + 1 },
        update({ weight, gradient, result, vectors: { momentum: velocity } }) {
          const decayed = a.add(a.mul(gradient, byScale), a.mul(weight, byDecay));
          result.assign(weight);
          const inputs = [result.handle, velocity.handle, byRate, decayed, byMomentum];
          scope.run("ResourceApplyMomentum", inputs, NESTEROV, 0);
        },
      };
    },
  };
}

/** Elementwise kernels. */
function arithmetic(scope: KernelScope) {
  const of = (kernel: string) => (...inputs: Handle[]) => scope.run(kernel, inputs, OF_FLOAT32)[0];
  return {
    add: of("AddV2"),
    mul: of("Mul"),
    /** Hands a new tensor over. If it were alive elsewhere, the next update would have to copy it. */
    store(to: StoredTensor, value: Handle): void {
      to.assign(value);
      scope.free(value);
    },
  };
}
