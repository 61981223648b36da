/**
 * Transposed convolution: the gradient tfjs lacks, and the layer the decoder uses.
 *
 * @module
 */
import type { NamedTensorMap, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";
import { conv3dTransposeBfloat16, type Precision } from "./bfloat16_convolution.ts";

/** Strides, or sizes, along [depth, height, width]. */
export type Strides = [number, number, number];

/*
 * tfjs runs `conv3dTranspose` as kernel Conv3DBackpropInputV2 and has no gradient for it (tensorflow/tfjs#6323).
 * The transposed convolution is y = Cᵀx, where C is the convolution with the same filter that takes y's shape to
 * x's. So, with g = dL/dy: dL/dx = C g, the plain convolution of the upstream gradient; and since
 * ⟨g, Cᵀx⟩ = ⟨C g, x⟩, dL/dfilter is the filter gradient of that convolution with g as its input and x as the
 * gradient of its output.
 */
tf.registerGradient({
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc: (upstream, saved, attributes) => {
    const [x, filter] = saved as Tensor5D[];
    const g = upstream as Tensor5D;
    const { strides, pad } = attributes as unknown as { strides: Strides; pad: "same" | "valid" };
    return {
      dy: () => tf.conv3d(g, filter, strides, pad),
      filter: () =>
        tf.engine().runKernel(
          "Conv3DBackpropFilterV2",
          { x: g, dy: x } as unknown as NamedTensorMap,
          { strides, pad, filterShape: filter.shape },
        ) as Tensor,
    } as unknown as NamedTensorMap & Record<string, () => Tensor>;
  },
});

/**
 * Upsamples by `strides` with a learned filter of the same size, so that the blocks it writes do not overlap.
 * No bias: an instance norm follows further down. Kernel [depth, height, width, filters, input channels].
 *
 * Weights are drawn from a normal distribution of variance 1 / input channels, since each output voxel is a sum over
 * just the input channels and no activation follows.
 */
export class TransposedConvolution3d extends tf.layers.Layer {
  static className = "TransposedConvolution3d";
  readonly #filters: number;
  readonly #strides: Strides;
  readonly #seed: number;
  readonly #precision: Precision;
  // deno-lint-ignore no-explicit-any -- LayerVariable is not exported by tfjs
  #kernel: any;

  constructor(
    config: { filters: number; strides: Strides; seed: number; precision?: Precision; name?: string },
  ) {
    super({ name: config.name });
    this.#precision = config.precision ?? "float32";
    this.#filters = config.filters;
    this.#strides = config.strides;
    this.#seed = config.seed;
  }

  override build(inputShape: number[]): void {
    const channels = inputShape[4];
    const initializer = tf.initializers.randomNormal({ stddev: Math.sqrt(1 / channels), seed: this.#seed });
    const shape = [...this.#strides, this.#filters, channels];
    this.#kernel = this.addWeight("kernel", shape, "float32", initializer);
    this.built = true;
  }

  override computeOutputShape([batch, ...rest]: number[]): number[] {
    const size = this.#strides.map((stride, axis) => rest[axis] == null ? rest[axis] : rest[axis] * stride);
    return [batch, ...size, this.#filters];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor5D;
    const filter = this.#kernel.read() as Tensor5D;
    if (this.#precision === "bfloat16") return conv3dTransposeBfloat16(x, filter, { strides: this.#strides });
    const shape = this.computeOutputShape(x.shape) as [number, number, number, number, number];
    return tf.conv3dTranspose(x, filter, shape, this.#strides, "valid");
  }

  override getConfig() {
    return {
      ...super.getConfig(),
      filters: this.#filters,
      strides: this.#strides,
      seed: this.#seed,
      precision: this.#precision,
    };
  }
}
tf.serialization.registerClass(TransposedConvolution3d);
