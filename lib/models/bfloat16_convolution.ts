/**
 * Convolutions whose arithmetic is in bfloat16: operands are rounded, sums are kept in float32 by the kernels, and what
 * comes out, weights and their gradients are float32 to everything else (the recipe of mixed-precision training,
 * Micikevicius et al. 2018, with bfloat16's range, which needs no loss scaling: Kalamkar et al. 2019).
 *
 * @module
 */
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { bfloat16Convolution, packBfloat16 } from "../runtime/bfloat16.ts";
import { tf } from "../runtime/tf.ts";

/** The arithmetic of convolutions. */
export type Precision = "float32" | "bfloat16";

export interface Bfloat16Options {
  /** Along [depth, height, width]. */
  strides: [number, number, number];
}

/**
 * y = convolution of x with the filter, "same" padding. Gradients are computed in bfloat16 too. The tape keeps the rounded
 * operands: half of what a float32 convolution keeps.
 *
 * @param x [batch, depth, height, width, channel], an even number of channels
 * @param filter [depth, height, width, channel, filter], an even number of filters
 * @returns [batch, depth / stride, height / stride, width / stride, filter]
 */
export function conv3dBfloat16(x: Tensor5D, filter: Tensor5D, { strides }: Bfloat16Options): Tensor5D {
  const options = { strides: [1, ...strides, 1], padding: "SAME" as const };
  const operation = tf.customGrad((...args: unknown[]) => {
    const [x, filter, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const packed = [packBfloat16(x), packBfloat16(filter)];
    const value = bfloat16Convolution("Conv3D", packed.map((packed) => ({ packed })), options);
    save(packed);
    const gradFunc = (dy: Tensor, [x, filter]: Tensor[]) => {
      const packed = { x: { packed: x }, filter: { packed: filter }, dy: { packed: packBfloat16(dy) } };
      const [xShape, filterShape] = [x, filter].map(unpackedShape);
      return [
        bfloat16Convolution("Conv3DBackpropInputV2", [xShape, packed.filter, packed.dy], options),
        bfloat16Convolution("Conv3DBackpropFilterV2", [packed.x, filterShape, packed.dy], options),
      ];
    };
    return { value, gradFunc };
  });
  return operation(x, filter) as Tensor5D;
}

/**
 * The transposed convolution Cᵀx, as in transposed_convolution.ts: blocks of the filter's size that do not overlap.
 *
 * @param x [batch, depth, height, width, channel], an even number of channels
 * @param filter [depth, height, width, filter, channel], of the strides' size
 * @returns [batch, depth · stride, height · stride, width · stride, filter]
 */
export function conv3dTransposeBfloat16(
  x: Tensor5D,
  filter: Tensor5D,
  { strides }: Bfloat16Options,
): Tensor5D {
  const options = { strides: [1, ...strides, 1], padding: "VALID" as const };
  const [batch, depth, height, width] = x.shape;
  const shape = [batch, depth * strides[0], height * strides[1], width * strides[2], filter.shape[3]];
  const operation = tf.customGrad((...args: unknown[]) => {
    const [x, filter, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const packed = [packBfloat16(x), packBfloat16(filter)];
    const inputs = [{ plain: tf.tensor1d(shape, "int32") }, { packed: packed[1] }, { packed: packed[0] }];
    const value = bfloat16Convolution("Conv3DBackpropInputV2", inputs, options);
    save(packed);
    const gradFunc = (dy: Tensor, [x, filter]: Tensor[]) => {
      const g = { packed: packBfloat16(dy) };
      return [
        bfloat16Convolution("Conv3D", [g, { packed: filter }], options),
        bfloat16Convolution("Conv3DBackpropFilterV2", [g, unpackedShape(filter), { packed: x }], options),
      ];
    };
    return { value, gradFunc };
  });
  return operation(x, filter) as Tensor5D;
}

/** The shape of a packed tensor's values, as a kernel's input. */
function unpackedShape({ shape }: Tensor): { plain: Tensor } {
  return { plain: tf.tensor1d([...shape.slice(0, -1), shape[shape.length - 1] * 2], "int32") };
}

/**
 * A convolution 3×3×3 without bias like tfjs's own layer, with the same name of its weights: a checkpoint of one is a
 * checkpoint of the other.
 */
export class Bfloat16Convolution3d extends tf.layers.Layer {
  static className = "Bfloat16Convolution3d";
  readonly #filters: number;
  readonly #strides: [number, number, number];
  readonly #initializer: Initializer;
  // deno-lint-ignore no-explicit-any -- LayerVariable is not exported by tfjs
  #kernel: any;

  constructor(
    config: {
      filters: number;
      strides: [number, number, number];
      kernelInitializer: Initializer;
      name?: string;
    },
  ) {
    super({ name: config.name });
    this.#filters = config.filters;
    this.#strides = config.strides;
    this.#initializer = config.kernelInitializer;
  }

  override build(inputShape: number[]): void {
    const shape = [3, 3, 3, inputShape[4], this.#filters];
    this.#kernel = this.addWeight("kernel", shape, "float32", this.#initializer);
    this.built = true;
  }

  override computeOutputShape([batch, ...rest]: number[]): number[] {
    const size = this.#strides.map((stride, axis) =>
      rest[axis] == null ? rest[axis] : Math.ceil(rest[axis] / stride)
    );
    return [batch, ...size, this.#filters];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor5D;
    return conv3dBfloat16(x, this.#kernel.read() as Tensor5D, { strides: this.#strides });
  }
}
tf.serialization.registerClass(Bfloat16Convolution3d);

type Initializer = ReturnType<typeof tf.initializers.randomNormal>;
