/**
 * A convolution 1×1×1: the same linear map at each voxel.
 *
 * @module
 */
import type { Handle, KernelScope } from "../tensors/kernels.ts";
import { filterGradient } from "./filter_gradient.ts";
import { convolution, type ConvolutionOptions, transposedConvolution } from "./layers.ts";

const POINTWISE: ConvolutionOptions = { strides: [1, 1, 1], padding: "SAME" };

interface PointwiseInputs {
  /** [batch, depth, height, width, input channel] */
  x: Handle;
  /** [1, 1, 1, input channel, output channel] */
  filter: Handle;
}

/** [batch, depth, height, width, output channel] */
export function pointwise(scope: KernelScope, inputs: PointwiseInputs): Handle {
  return convolution(scope, inputs, POINTWISE);
}

/** The gradient by the filter, of whose shape it is, from `dy` by the output. */
export function pointwiseFilterGradient(
  scope: KernelScope,
  inputs: PointwiseInputs & { dy: Handle },
): Handle {
  return filterGradient(scope, inputs, POINTWISE);
}

/** The gradient by x, from `dy` by the output. */
export function pointwiseInputGradient(
  scope: KernelScope,
  { x, dy, filter }: PointwiseInputs & { dy: Handle },
): Handle {
  return transposedConvolution(scope, { dy, filter, shape: x.shape }, POINTWISE);
}
