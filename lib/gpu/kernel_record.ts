/**
 * What TensorFlow's kernels were given and what they answered, so that another device can be asked the same.
 *
 * @module
 */
import { attribute, BFLOAT16, FLOAT32, INT32, INT64 } from "../tensors/kernels.ts";
import { int64Halves } from "../tensors/index_tensor.ts";
import { layOverBinding } from "../tensors/binding_layer.ts";
import { tf } from "../tensors/tf.ts";

/** A tensor as plain data; bfloat16 is kept as float32, which holds each of its numbers. */
export interface RecordedTensor {
  shape: number[];
  /** TensorFlow's number of its type. */
  dtype: number;
  values: number[];
}

/** One run of a kernel. */
export interface RecordedKernel {
  name: string;
  attributes: { name: string; type: number; value: unknown }[];
  inputs: RecordedTensor[];
  outputs: RecordedTensor[];
}

interface Handle {
  id: number;
  shape: number[];
  dtype: number;
}

interface Binding {
  executeOp(
    name: string,
    attributes: RecordedKernel["attributes"],
    inputs: number[],
    outputs: number,
  ): Handle[];
  createTensor(shape: number[], dtype: number, values: unknown): number;
  tensorDataSync(id: number): ArrayLike<number | bigint>;
  deleteTensor(id: number): void;
}

const NUMBERS = [FLOAT32, INT32, INT64, BFLOAT16];

const backend = () => tf.backend() as unknown as { binding: Binding };

/** What tells one use of a kernel from another: its name, its settings and the number of axes of what it is given. */
function useOf(name: string, attributes: RecordedKernel["attributes"], inputs: readonly Handle[]): string {
  return JSON.stringify([name, attributes, inputs.map(({ shape }) => shape.length)]);
}

/**
 * Does the work and records the first run of each use of a kernel. Kernels of variables, which have no numbers as inputs,
 * are left out; so are those given tensors that were made before.
 */
export function recordKernels(work: () => void): RecordedKernel[] {
  const { binding } = backend();
  const known = new Map<number, Handle>();
  const records = new Map<string, RecordedKernel>();
  const recorded = ({ id, shape, dtype }: Handle): RecordedTensor => ({
    shape,
    dtype,
    values: numbersOf(binding, id, dtype),
  });
  const lift = layOverBinding<Binding>(() => ({
    createTensor(shape: number[], dtype: number, values: unknown): number {
      const id = binding.createTensor(shape, dtype, values);
      known.set(id, { id, shape, dtype });
      return id;
    },
    executeOp(
      name: string,
      attributes: RecordedKernel["attributes"],
      ids: number[],
      count: number,
    ): Handle[] {
      const inputs = ids.map((id) => known.get(id));
      const complete = inputs.every((input) => input !== undefined && NUMBERS.includes(input.dtype));
      const use = complete ? useOf(name, attributes, inputs as Handle[]) : "";
      const wanted = complete && !records.has(use);
      // Read before the kernel runs: some work in place.
      const before = wanted ? inputs.map((input) => recorded(input!)) : [];
      const outputs = binding.executeOp(name, attributes, ids, count);
      for (const output of outputs) known.set(output.id, output);
      if (wanted && outputs.every(({ dtype }) => NUMBERS.includes(dtype))) {
        records.set(use, {
          name,
          attributes: [...attributes],
          inputs: before,
          outputs: outputs.map(recorded),
        });
      }
      return outputs;
    },
  }));
  try {
    work();
  } finally {
    lift();
  }
  return [...records.values()];
}

/** Runs a recorded kernel here; its outputs. */
export function replayKernel({ name, attributes, inputs, outputs }: RecordedKernel): RecordedTensor[] {
  const { binding } = backend();
  const ids = inputs.map(createTensor);
  const results = binding.executeOp(name, attributes, ids, outputs.length);
  const answers = results.map(({ id, shape, dtype }) => ({
    shape,
    dtype,
    values: numbersOf(binding, id, dtype),
  }));
  for (const id of [...ids, ...results.map(({ id }) => id)]) binding.deleteTensor(id);
  return answers;
}

function numbersOf(binding: Binding, id: number, dtype: number): number[] {
  if (dtype !== BFLOAT16) return Array.from(binding.tensorDataSync(id), Number);
  const wide = cast(binding, id, { from: BFLOAT16, to: FLOAT32 });
  const values = Array.from(binding.tensorDataSync(wide), Number);
  binding.deleteTensor(wide);
  return values;
}

function createTensor({ shape, dtype, values }: RecordedTensor): number {
  const { binding } = backend();
  if (dtype === INT32) return binding.createTensor(shape, dtype, Int32Array.from(values));
  if (dtype === INT64) return binding.createTensor(shape, dtype, int64Halves(values));
  const id = binding.createTensor(shape, FLOAT32, Float32Array.from(values));
  if (dtype === FLOAT32) return id;
  const narrow = cast(binding, id, { from: FLOAT32, to: BFLOAT16 });
  binding.deleteTensor(id);
  return narrow;
}

/** A new tensor of another type. */
function cast(binding: Binding, id: number, { from, to }: { from: number; to: number }): number {
  const attributes = [
    attribute("SrcT", "type", from),
    attribute("DstT", "type", to),
    attribute("Truncate", "bool", false),
  ];
  return binding.executeOp("Cast", attributes, [id], 1)[0]!.id;
}
