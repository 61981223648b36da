/**
 * The U-Net as a graph, up to its features: what unet_pass.ts computes where no backward pass follows, in float32.
 *
 * @module
 */
import { LEAK, type NetworkForm, NORM_EPSILON, type Strides } from "../unet_options.ts";
import type { Graph } from "./graph.ts";
import { onnxFilter, type WeightReader } from "./weight_reader.ts";

const ONES: Strides = [1, 1, 1];

export interface NetworkGraphOptions {
  weights: WeightReader;
  network: NetworkForm;
  /** Channels of the images that nobody will give: they are zeros, so that their part of the filter is left out. */
  prompts: number;
  /** Name of the images, [batch, 1, depth, height, width]. */
  images: string;
}

/** A tensor of the graph, [batch, channel, depth, height, width]. */
export interface GraphTensor {
  name: string;
  channels: number;
}

/** What heads see. */
export interface NetworkEnds {
  features: GraphTensor;
  /** The encoder's deepest level. */
  deepest: GraphTensor;
}

/** Adds encoder and the decoder that predicts. */
export function addNetwork(graph: Graph, options: NetworkGraphOptions): NetworkEnds {
  const { weights, network: { widths, strides, kernels, projection }, prompts } = options;
  const kernelOf = (level: number) => kernels?.[level] ?? [3, 3, 3] as Strides;
  const block = (x: GraphTensor, about: Omit<BlockOptions, "weights" | "kernel" | "width">) =>
    addBlock(graph, x, {
      ...about,
      weights,
      kernel: kernelOf(about.level),
      width: widths[about.level]!,
    });

  let x: GraphTensor = { name: options.images, channels: 1 };
  const skips: GraphTensor[] = [];
  for (const level of widths.keys()) {
    const first = level === 0 ? { unseen: prompts } : { strides: strides[level - 1]! };
    x = block(x, { label: `down${level}_a`, level, ...first });
    x = block(x, { label: `down${level}_b`, level });
    skips.push(x);
  }
  const deepest = x;
  for (let level = widths.length - 2; level >= 0; level--) {
    const label = `up${level}`;
    const up = addUpsampled(graph, x, { label, weights, strides: strides[level]!, width: widths[level]! });
    // The skip first.
    const both = graph.add("Concat", {
      name: `${label}_joined`,
      inputs: [skips[level]!.name, up.name],
      ints: { axis: 1 },
    });
    x = block({ name: both, channels: 2 * widths[level]! }, { label: `${label}_a`, level });
    x = block(x, { label: `${label}_b`, level });
  }
  if (projection !== undefined) {
    const shape = [1, 1, 1, x.channels, projection];
    x = addPointwise(graph, x, {
      name: "projection",
      filter: onnxFilter(weights("projection/kernel", shape), shape),
      outputs: projection,
    });
  }
  return { features: x, deepest };
}

interface BlockOptions {
  label: string;
  level: number;
  weights: WeightReader;
  kernel: Strides;
  width: number;
  /** @default [1, 1, 1] */
  strides?: Strides;
  /** Channels that the filter has, behind the input's, and that are zeros. @default 0 */
  unseen?: number;
}

/** Convolution, instance norm, leaky ReLU. */
function addBlock(
  graph: Graph,
  x: GraphTensor,
  { label, weights, kernel, width, strides = ONES, unseen = 0 }: BlockOptions,
): GraphTensor {
  const shape = [...kernel, x.channels + unseen, width];
  const all = onnxFilter(weights(`${label}_conv/kernel`, shape), shape),
    voxels = kernel[0] * kernel[1] * kernel[2];
  const filter = unseen === 0
    ? all
    : seenPart(all, { outputs: width, all: shape[3]! * voxels, seen: x.channels * voxels });
  const named = `${label}_conv/kernel`;
  const convolved = graph.add("Conv", {
    name: `${label}_conv`,
    inputs: [x.name, graph.numbers(named, [width, x.channels, ...kernel], filter)],
    ints: { kernel_shape: kernel, strides, pads: samePads(kernel, strides), dilations: ONES, group: 1 },
  });
  const [scale, shift] = ["scale", "shift"].map((part) => {
    const name = `${label}_norm/${part}`;
    return graph.numbers(name, [width], weights(name, [width]));
  });
  const normed = graph.add("InstanceNormalization", {
    name: `${label}_norm`,
    inputs: [convolved, scale!, shift!],
    floats: { epsilon: NORM_EPSILON },
  });
  const name = graph.add("LeakyRelu", { name: label, inputs: [normed], floats: { alpha: LEAK } });
  return { name, channels: width };
}

/** Of each output's part of a filter its beginning. */
function seenPart(
  filter: Float32Array,
  { outputs, all, seen }: { outputs: number; all: number; seen: number },
): Float32Array {
  const part = new Float32Array(outputs * seen);
  for (let o = 0; o < outputs; o++) part.set(filter.subarray(o * all, o * all + seen), o * seen);
  return part;
}

/**
 * TensorFlow's "same" padding as ONNX writes it, [before each axis…, behind each axis…]. Sizes are multiples of the strides, so that it
 * is the same for all of them: k − s in all where that is above 0, and one more behind where it is odd.
 */
export function samePads(kernel: Strides, strides: Strides): number[] {
  const totals = kernel.map((length, axis) => Math.max(0, length - strides[axis]!));
  return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
}

function addUpsampled(
  graph: Graph,
  x: GraphTensor,
  { label, weights, strides, width }: {
    label: string;
    weights: WeightReader;
    strides: Strides;
    width: number;
  },
): GraphTensor {
  const shape = [...strides, width, x.channels], named = `${label}/kernel`;
  const filter = graph.numbers(
    named,
    [x.channels, width, ...strides],
    onnxFilter(weights(named, shape), shape),
  );
  const name = graph.add("ConvTranspose", {
    name: label,
    inputs: [x.name, filter],
    ints: { kernel_shape: strides, strides, pads: [0, 0, 0, 0, 0, 0], dilations: ONES, group: 1 },
  });
  return { name, channels: width };
}

export interface PointwiseOptions {
  name: string;
  /** [output channel, input channel] */
  filter: Float32Array;
  outputs: number;
  /** [output channel]. @default none */
  bias?: Float32Array | undefined;
}

/** A convolution 1×1×1: the same linear map at each voxel. */
export function addPointwise(
  graph: Graph,
  x: GraphTensor,
  { name, filter, outputs, bias }: PointwiseOptions,
): GraphTensor {
  const constants = [
    graph.numbers(`${name}/kernel`, [outputs, x.channels, 1, 1, 1], filter),
    ...bias ? [graph.numbers(`${name}/bias`, [outputs], bias)] : [],
  ];
  graph.add("Conv", {
    name,
    inputs: [x.name, ...constants],
    ints: { kernel_shape: ONES, strides: ONES, pads: [0, 0, 0, 0, 0, 0], dilations: ONES, group: 1 },
  });
  return { name, channels: outputs };
}
