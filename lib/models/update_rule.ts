/**
 * How one vector of weights moves along one vector of gradients.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";

/** Input of one update. All tensors are [all weights]. */
export interface Update {
  weights: Tensor;
  gradient: Tensor;
  /** What the gradient is multiplied with first (clipping). */
  scale: number;
  learningRate: number;
  vectors: Record<string, Tensor>;
  meta: Record<string, number>;
}

export interface UpdateRule {
  /** Names of the vectors it keeps; zeros at first. */
  vectors: string[];
  /** Numbers it keeps, at first. `step` counts updates. */
  initial: Record<string, number>;
  apply(update: Update): Pick<Update, "weights" | "vectors" | "meta">;
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
    apply({ weights, gradient, scale, learningRate, vectors, meta }) {
      const beta1Power = meta.beta1Power * beta1;
      const beta2Power = meta.beta2Power * beta2;
      const mean = tf.add(tf.mul(vectors.mean, beta1), tf.mul(gradient, scale * (1 - beta1)));
      const square = tf.add(
        tf.mul(vectors.square, beta2),
        tf.mul(tf.square(gradient), scale * scale * (1 - beta2)),
      );
      // √(v/c) + ε = (√v + ε√c)/√c, so the corrections are numbers, not vectors.
      const correction = Math.sqrt(1 - beta2Power);
      const rate = learningRate * correction / (1 - beta1Power);
      const move = tf.div(mean, tf.add(tf.sqrt(square), epsilon * correction));
      return {
        weights: tf.sub(tf.mul(weights, 1 - learningRate * weightDecay), tf.mul(move, rate)),
        vectors: { mean, square },
        meta: { step: meta.step + 1, beta1Power, beta2Power },
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
    apply({ weights, gradient, scale, learningRate, vectors, meta }) {
      const decayed = tf.add(tf.mul(gradient, scale), tf.mul(weights, weightDecay));
      const velocity = tf.add(tf.mul(vectors.momentum, momentum), decayed);
      const move = tf.add(decayed, tf.mul(velocity, momentum));
      return {
        weights: tf.sub(weights, tf.mul(move, learningRate)),
        vectors: { momentum: velocity },
        meta: { step: meta.step + 1 },
      };
    },
  };
}
