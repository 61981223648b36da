/**
 * Instance normalisation followed by leaky ReLU, as one differentiable operation and one layer.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { rawKernel } from "../runtime/raw_kernel.ts";
import { tf } from "../runtime/tf.ts";

export interface InstanceNormOptions {
  /** Added to the variance. @default 1e-5 */
  epsilon?: number;
  /** Slope of the leaky ReLU for negative values; must be > 0. @default 0.01 */
  slope?: number;
}

/** Scale and shift of each channel, both [channel]. */
export interface InstanceNormWeights {
  scale: Tensor1D;
  shift: Tensor1D;
}

/**
 * y = leakyReLU(scale · (x − mean) / √(variance + ε) + shift), mean and (biased) variance over the voxels of each
 * sample and channel (Ulyanov et al. 2016).
 *
 * A batch normalisation of a batch of one *is* an instance normalisation, so each sample goes through
 * TensorFlow's fused kernel: one pass forward, one backward. Activation is included because of memory: a tape of
 * separate operations keeps what comes out of the convolution, of the norm and of the activation. Here the middle
 * one is not kept: the leaky ReLU preserves the sign (slope > 0), and its gradient asks only for the sign of its
 * input, so its output serves.
 *
 * @param x [batch, depth, height, width, channel]
 * @param weights scale and shift, [channel]
 * @returns the shape of x
 */
export function instanceNormLeakyRelu(
  x: Tensor5D,
  weights: InstanceNormWeights,
  options: InstanceNormOptions = {},
): Tensor5D {
  const { epsilon = 1e-5, slope = 0.01 } = options;
  const [batch, depth, height, width, channels] = x.shape;
  const flat: [number, number, number, number] = [1, depth, height * width, channels];
  // (A split into one would copy.)
  const samples = (t: Tensor) => (batch > 1 ? tf.split(t, batch) : [t]).map((part) => tf.reshape(part, flat));
  const joined = (parts: Tensor[]) => tf.reshape(parts.length > 1 ? tf.concat(parts) : parts[0], x.shape);
  const type = { T: ["type", "float32"] } as const;
  const norm = {
    T: ["type", "float32"],
    U: ["type", "float32"],
    epsilon: ["float", epsilon],
    data_format: ["string", "NHWC"],
    is_training: ["bool", true],
  } as const;
  const alpha = { ...type, alpha: ["float", slope] } as const;

  const operation = tf.customGrad((...args: unknown[]) => {
    const [x, scale, shift] = args as Tensor[];
    const save = args[3] as (tensors: Tensor[]) => void;
    const empty = tf.zeros([0]);
    const statistics: Tensor[] = [];
    const parts = samples(x).map((sample) => {
      const [y, , , mean, variance, third] = rawKernel(
        "FusedBatchNormV3",
        [sample, scale, shift, empty, empty],
        { attributes: norm, outputs: 6 },
      );
      statistics.push(mean, variance, third);
      return rawKernel("LeakyRelu", [y], { attributes: alpha })[0];
    });
    const value = joined(parts);
    save([x, scale, value, ...statistics]);

    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [x, scale, y, ...statistics] = saved;
      const inputs = samples(x);
      const [dNorm] = rawKernel("LeakyReluGrad", [dy, y], { attributes: alpha });
      const gradients = samples(dNorm).map((dSample, b) =>
        rawKernel(
          "FusedBatchNormGradV3",
          [dSample, inputs[b], scale, ...statistics.slice(3 * b, 3 * b + 3)],
          {
            attributes: norm,
            outputs: 5,
          },
        )
      );
      const summed = (output: number) => tf.addN(gradients.map((g) => g[output]));
      return [joined(gradients.map((g) => g[0])), summed(1), summed(2)];
    };
    return { value, gradFunc };
  });
  return operation(x, weights.scale, weights.shift) as Tensor5D;
}

/** {@linkcode instanceNormLeakyRelu} as a layer with learned scale (ones at first) and shift (zeros). */
export class InstanceNormLeakyRelu extends tf.layers.Layer {
  static className = "InstanceNormLeakyRelu";
  readonly #options: Required<InstanceNormOptions>;
  // deno-lint-ignore no-explicit-any -- LayerVariable is not exported by tfjs
  #scale: any;
  // deno-lint-ignore no-explicit-any
  #shift: any;

  constructor(config: InstanceNormOptions & { name?: string } = {}) {
    super({ name: config.name });
    const { epsilon = 1e-5, slope = 0.01 } = config;
    this.#options = { epsilon, slope };
  }

  override build(inputShape: number[]): void {
    const channels = [inputShape[inputShape.length - 1]];
    this.#scale = this.addWeight("scale", channels, "float32", tf.initializers.ones());
    this.#shift = this.addWeight("shift", channels, "float32", tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: number[]): number[] {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor5D;
    return instanceNormLeakyRelu(x, { scale: this.#scale.read(), shift: this.#shift.read() }, this.#options);
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#options };
  }
}
tf.serialization.registerClass(InstanceNormLeakyRelu);
