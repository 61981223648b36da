/**
 * How a weight moves along its gradient.
 *
 * @module
 */
import { attribute, FLOAT32, type Handle, type KernelScope, scalar } from "../runtime/kernels.ts";

/** One step of training. */
export interface UpdateStep {
  /** What gradients are multiplied with first (clipping). */
  scale: number;
  learningRate: number;
}

/** A weight and all that its update needs and changes, float32 and of one shape. */
export interface WeightState {
  weight: Handle;
  /** What the rule remembers, by name. */
  vectors: Record<string, Handle>;
}

export interface UpdateRule {
  /** Names of the vectors it keeps; zeros at first. */
  vectors: string[];
  /** Numbers it keeps, at first. `step` counts updates. */
  initial: Record<string, number>;
  /** The numbers after one more step, and the update of any weight in that step. New tensors live in the scope. */
  step(scope: KernelScope, options: UpdateStep & { meta: Record<string, number> }): {
    meta: Record<string, number>;
    update(state: WeightState & { gradient: Handle }): WeightState;
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
 */
export function adamw(options: AdamwOptions = {}): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 1e-5 } = options;
  return {
    vectors: ["mean", "square"],
    initial: { step: 0, beta1Power: 1, beta2Power: 1 },
    step(scope, { scale, learningRate, meta }) {
      const beta1Power = meta.beta1Power * beta1;
      const beta2Power = meta.beta2Power * beta2;
      // √(v/c) + ε = (√v + ε√c)/√c, so the corrections are numbers, not vectors.
      const correction = Math.sqrt(1 - beta2Power);
      const a = arithmetic(scope);
      const number = Object.fromEntries(
        Object.entries({
          ...{ beta1, beta2, meanShare: scale * (1 - beta1), squareShare: scale * scale * (1 - beta2) },
          ...{ epsilon: epsilon * correction, rate: learningRate * correction / (1 - beta1Power) },
          shrink: 1 - learningRate * weightDecay,
        }).map(([name, value]) => [name, scalar(scope, value)]),
      );
      return {
        meta: { step: meta.step + 1, beta1Power, beta2Power },
        update({ weight, gradient, vectors }) {
          const mean = a.add(a.mul(vectors.mean, number.beta1), a.mul(gradient, number.meanShare));
          const square = a.add(
            a.mul(vectors.square, number.beta2),
            a.mul(a.square(gradient), number.squareShare),
          );
          const move = a.div(mean, a.add(a.root(square), number.epsilon));
          return {
            weight: a.sub(a.mul(weight, number.shrink), a.mul(move, number.rate)),
            vectors: { mean, square },
          };
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
export function sgd({ momentum = 0.99, weightDecay = 3e-5 }: SgdOptions = {}): UpdateRule {
  return {
    vectors: ["momentum"],
    initial: { step: 0 },
    step(scope, { scale, learningRate, meta }) {
      const a = arithmetic(scope);
      const [byScale, byDecay, byMomentum, byRate] = [scale, weightDecay, momentum, learningRate]
        .map((value) => scalar(scope, value));
      return {
        meta: { step: meta.step + 1 },
        update({ weight, gradient, vectors }) {
          const decayed = a.add(a.mul(gradient, byScale), a.mul(weight, byDecay));
          const velocity = a.add(a.mul(vectors.momentum, byMomentum), decayed);
          const move = a.add(decayed, a.mul(velocity, byMomentum));
          return { weight: a.sub(weight, a.mul(move, byRate)), vectors: { momentum: velocity } };
        },
      };
    },
  };
}

const float = [attribute("T", "type", FLOAT32)];

/** Elementwise kernels. */
function arithmetic(scope: KernelScope) {
  const of = (kernel: string) => (...inputs: Handle[]) => scope.run(kernel, inputs, float)[0];
  return {
    ...{ add: of("AddV2"), sub: of("Sub"), mul: of("Mul"), div: of("RealDiv") },
    ...{ square: of("Square"), root: of("Sqrt") },
  };
}
