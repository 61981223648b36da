/** ONNX's operators by their definitions, as far as exported networks use them: slow, and in double precision. */
import { dataTypes, type OnnxModel, type OnnxNode } from "../../../lib/models/onnx/onnx_format.ts";

export interface OnnxArray {
  shape: number[];
  data: Float64Array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Places of the entries of a shape, the last axis fastest. */
function* placesIn(shape: readonly number[]): Generator<number[]> {
  for (let i = 0; i < sizeOf(shape); i++) {
    let rest = i;
    const place = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    yield place;
  }
}

/** An array by a function of the place. */
function filled(shape: number[], at: (place: number[]) => number): OnnxArray {
  return { shape, data: Float64Array.from(placesIn(shape), at) };
}

/** The entry of a place, which may have more axes in front; axes of size 1 are the same everywhere. */
function entry({ shape, data }: OnnxArray, place: readonly number[]): number {
  const front = place.length - shape.length;
  return data[
    shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : place[front + axis]!), 0)
  ]!;
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const axes = Math.max(a.length, b.length);
  const size = (shape: readonly number[], axis: number) => shape[axis - axes + shape.length] ?? 1;
  return Array.from({ length: axes }, (_, axis) => Math.max(size(a, axis), size(b, axis)));
}

const pairwise = (f: (a: number, b: number) => number) => ([a, b]: OnnxArray[]) =>
  filled(broadcast(a!.shape, b!.shape), (place) => f(entry(a!, place), entry(b!, place)));

const each = (f: (x: number) => number) => ([x]: OnnxArray[]): OnnxArray => ({
  shape: x!.shape,
  data: x!.data.map(f),
});

/** The entries along axes, reduced. */
function reduced(
  x: OnnxArray,
  { axes, keep, reduce }: { axes: readonly number[]; keep: boolean; reduce: (values: number[]) => number },
): OnnxArray {
  const inner = axes.map((axis) => x.shape[axis]!);
  const kept = filled(x.shape.map((size, axis) => axes.includes(axis) ? 1 : size), (place) => {
    const values = [...placesIn(inner)].map((within) => {
      const at = [...place];
      axes.forEach((axis, i) => at[axis] = within[i]!);
      return entry(x, at);
    });
    return reduce(values);
  });
  return keep ? kept : { ...kept, shape: kept.shape.filter((_, axis) => !axes.includes(axis)) };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

type Attributes = Record<string, number | number[]>;

function convolved(
  [x, w, bias]: OnnxArray[],
  { strides, pads }: { strides: number[]; pads: number[] },
): OnnxArray {
  const [batch, inputs, ...sizes] = x!.shape, [outputs, , ...kernel] = w!.shape;
  const out = sizes.map((size, i) =>
    Math.floor((size + pads[i]! + pads[i + 3]! - kernel[i]!) / strides[i]!) + 1
  );
  const taps = [...placesIn(kernel)];
  return filled([batch!, outputs!, ...out], ([n, o, ...at]) => {
    let total = bias?.data[o!] ?? 0;
    for (const tap of taps) {
      const from = at.map((place, i) => place * strides[i]! - pads[i]! + tap[i]!);
      if (from.some((place, i) => place < 0 || place >= sizes[i]!)) continue;
      for (let c = 0; c < inputs!; c++) total += entry(w!, [o!, c, ...tap]) * entry(x!, [n!, c, ...from]);
    }
    return total;
  });
}

/** Each voxel becomes a block: the kernel's size is the stride's. */
function unfolded([x, w]: OnnxArray[], { strides }: { strides: number[] }): OnnxArray {
  const [batch, inputs, ...sizes] = x!.shape, [, outputs] = w!.shape;
  return filled([batch!, outputs!, ...sizes.map((size, i) => size * strides[i]!)], ([n, o, ...at]) => {
    const from = at.map((place, i) => Math.floor(place / strides[i]!));
    const tap = at.map((place, i) => place % strides[i]!);
    return sum(
      Array.from({ length: inputs! }, (_, c) => entry(w!, [c, o!, ...tap]) * entry(x!, [n!, c, ...from])),
    );
  });
}

function normed([x, scale, shift]: OnnxArray[], epsilon: number): OnnxArray {
  const over = (x: OnnxArray) => reduced(x, { axes: [2, 3, 4], keep: true, reduce: mean });
  const centred = pairwise((a, b) => a - b)([x!, over(x!)]);
  const variance = over(each((value) => value ** 2)([centred]));
  return filled(
    x!.shape,
    (place) =>
      scale!.data[place[1]!]! * entry(centred, place) / Math.sqrt(entry(variance, place) + epsilon) +
      shift!.data[place[1]!]!,
  );
}

function product([a, b]: OnnxArray[]): OnnxArray {
  const inner = a!.shape.at(-1)!;
  const front = broadcast(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  return filled([...front, a!.shape.at(-2)!, b!.shape.at(-1)!], (place) => {
    const before = place.slice(0, -2), [row, column] = place.slice(-2);
    return sum(
      Array.from(
        { length: inner },
        (_, i) => entry(a!, [...before, row!, i]) * entry(b!, [...before, i, column!]),
      ),
    );
  });
}

function joined(parts: OnnxArray[], axis: number): OnnxArray {
  const shape = [...parts[0]!.shape];
  shape[axis] = sum(parts.map((part) => part.shape[axis]!));
  return filled(shape, (place) => {
    let at = place[axis]!, part = 0;
    while (at >= parts[part]!.shape[axis]!) at -= parts[part++]!.shape[axis]!;
    return entry(parts[part]!, place.with(axis, at));
  });
}

function softmax(x: OnnxArray, axis: number): OnnxArray {
  const powers = each(Math.exp)([x]);
  return pairwise((a, b) => a / b)([powers, reduced(powers, { axes: [axis], keep: true, reduce: sum })]);
}

function reshaped({ shape, data }: OnnxArray, wanted: ArrayLike<number>): OnnxArray {
  const sizes = Array.from(wanted, (size, axis) => size === 0 ? shape[axis]! : size);
  const known = sizes.filter((size) => size > 0).reduce((a, b) => a * b, 1);
  return { shape: sizes.map((size) => size === -1 ? data.length / known : size), data };
}

const list = (values: number[]): OnnxArray => ({ shape: [values.length], data: Float64Array.from(values) });

const operators: Record<string, (inputs: OnnxArray[], attributes: Attributes) => OnnxArray> = {
  Conv: (inputs, { strides, pads }) =>
    convolved(inputs, { strides: strides as number[], pads: pads as number[] }),
  ConvTranspose: (inputs, { strides }) => unfolded(inputs, { strides: strides as number[] }),
  InstanceNormalization: (inputs, { epsilon }) => normed(inputs, epsilon as number),
  LeakyRelu: (inputs, { alpha }) => each((x) => x < 0 ? x * (alpha as number) : x)(inputs),
  Relu: each((x) => Math.max(x, 0)),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Sqrt: each(Math.sqrt),
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  Div: pairwise((a, b) => a / b),
  Softmax: ([x], { axis }) => softmax(x!, axis as number),
  Concat: (inputs, { axis }) => joined(inputs, axis as number),
  ReduceProd: ([x], { axes }) =>
    reduced(x!, {
      axes: axes as number[],
      keep: true,
      reduce: (values) => values.reduce((a, b) => a * b, 1),
    }),
  ReduceSum: ([x, axes]) => reduced(x!, { axes: [...axes!.data], keep: true, reduce: sum }),
  ReduceMean: ([x], { axes, keepdims }) =>
    reduced(x!, { axes: axes as number[], keep: keepdims === 1, reduce: mean }),
  MatMul: product,
  Shape: ([x], { start = 0, end }) => list(x!.shape.slice(start as number, end as number | undefined)),
  Expand: ([x, shape]) => filled([...shape!.data], (place) => entry(x!, place)),
  Reshape: ([x, shape]) => reshaped(x!, shape!.data),
  Unsqueeze: ([x, axes]) => ({ ...x!, shape: x!.shape.toSpliced(axes!.data[0]!, 0, 1) }),
};

/** The outputs of a model by their names. @throws Error for an operator that is none of these */
export function runOnnx({ graph }: OnnxModel, inputs: Record<string, OnnxArray>): Record<string, OnnxArray> {
  const known = new Map(Object.entries(inputs));
  for (const { name, dims, dataType, rawData } of graph.initializer) {
    const { buffer } = Uint8Array.from(rawData);
    const values = dataType === dataTypes.float32 ? new Float32Array(buffer) : new BigInt64Array(buffer);
    known.set(name, { shape: dims, data: Float64Array.from(values, Number) });
  }
  for (const node of graph.node) {
    const operator = operators[node.opType];
    if (!operator) throw new Error(`Cannot run ONNX: no operator is called ${node.opType}`);
    const taken = node.input.map((name) => known.get(name)!);
    known.set(node.output[0]!, operator(taken, attributesOf(node)));
  }
  return Object.fromEntries(graph.output.map(({ name }) => [name, known.get(name)!]));
}

function attributesOf({ attribute = [] }: OnnxNode): Attributes {
  return Object.fromEntries(attribute.map(({ name, f, i, ints }) => [name, f ?? i ?? ints!]));
}
