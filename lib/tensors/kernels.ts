/**
 * TensorFlow's kernels run directly: no tape, any type of number, and memory that is free the moment it is let go of.
 *
 * tfjs counts what it makes in nested scopes, keeps whatever a tape has seen until the whole gradient is there, and spends
 * about 0.1 ms on every operation. A network whose backward pass is written down needs none of that.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "./tf.ts";

/** TensorFlow's numbers of types. */
export const FLOAT32 = 1, INT32 = 3, INT64 = 9, BFLOAT16 = 14;

/** A tensor of TensorFlow by its number, unknown to tfjs. */
export interface Handle {
  readonly id: number;
  readonly shape: number[];
  /** TensorFlow's number of its type. */
  readonly dtype: number;
}

/** As many tensors as a kernel was asked for. */
export type Handles<N extends number, Counted extends Handle[] = []> = number extends N ? Handle[]
  : Counted["length"] extends N ? Counted
  : Handles<N, [...Counted, Handle]>;

/** An attribute of a kernel, by TensorFlow's own name. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** The addon's names of the kinds of attributes. */
const KINDS = {
  type: "TF_ATTR_TYPE",
  int: "TF_ATTR_INT",
  float: "TF_ATTR_FLOAT",
  string: "TF_ATTR_STRING",
  bool: "TF_ATTR_BOOL",
  shape: "TF_ATTR_SHAPE",
} as const;

type Kind = keyof typeof KINDS;

/** The part of tfjs-node's backend used here. */
interface NodeBackend {
  binding: Record<typeof KINDS[Kind], number> & {
    executeOp(name: string, attributes: readonly Attribute[], inputs: number[], outputs: number): Handle[];
    createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): number;
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: [Tensor]): [number];
  createOutputTensor(handle: Handle): Tensor;
}

const backend = () => tf.backend() as unknown as NodeBackend;

/** Makes one attribute; build them once, they cost more than a small kernel. */
export function attribute(name: string, kind: Kind, value: unknown): Attribute {
  return { name, type: backend().binding[KINDS[kind]], value };
}

/** All that most elementwise kernels want to be told: they work in float32. */
export const OF_FLOAT32: readonly Attribute[] = [attribute("T", "type", FLOAT32)];

/** A tensor of tfjs as a kernel's input; it stays tfjs's. */
export function handleOf(tensor: Tensor): Handle {
  const [id] = backend().getInputTensorIds([tensor]);
  return { id, shape: tensor.shape, dtype: tensor.dtype === "int32" ? INT32 : FLOAT32 };
}

const constants = new Map<string, Handle>();

function constant(key: string, make: () => Handle): Handle {
  let handle = constants.get(key);
  if (!handle) constants.set(key, handle = make());
  return handle;
}

/** Whole numbers as a kernel's input, such as a shape [n] or, given as one number, an axis []. Kept for ever: there are few. */
export function integers(values: number | readonly number[]): Handle {
  return constant(JSON.stringify(values), () => {
    const shape = typeof values === "number" ? [] : [values.length];
    const id = backend().binding.createTensor(shape, INT32, Int32Array.from([values].flat()));
    return { id, shape, dtype: INT32 };
  });
}

/** A float32 tensor without elements, for inputs that a kernel does not read. Kept for ever. */
export function nothing(): Handle {
  return constant("nothing", () => {
    const id = backend().binding.createTensor([0], FLOAT32, new Float32Array(0));
    return { id, shape: [0], dtype: FLOAT32 };
  });
}

/** Numbers as a kernel's input, float32 of the shape. */
export function numbers(scope: KernelScope, values: Float32Array, shape: number[]): Handle {
  return scope.own({ id: backend().binding.createTensor(shape, FLOAT32, values), shape, dtype: FLOAT32 });
}

/** A number as a kernel's input, float32 []. */
export function scalar(scope: KernelScope, value: number): Handle {
  return numbers(scope, Float32Array.of(value), []);
}

/** Runs kernels and knows which of their results are still alive. */
export class KernelScope {
  readonly #live = new Set<number>();

  /**
   * Runs one kernel; its results live until they are freed, adopted, or the scope is disposed.
   *
   * @param outputs the number of results. @default 1
   */
  run(name: string, inputs: readonly Handle[], attributes: readonly Attribute[]): Handles<1>;
  run<N extends number>(
    name: string,
    inputs: readonly Handle[],
    attributes: readonly Attribute[],
    outputs: N,
  ): Handles<N>;
  run(name: string, inputs: readonly Handle[], attributes: readonly Attribute[], outputs = 1): Handle[] {
    const results = backend().binding.executeOp(name, attributes, inputs.map(({ id }) => id), outputs);
    for (const { id } of results) this.#live.add(id);
    return results;
  }

  /** Takes a tensor over that was made elsewhere. */
  own(handle: Handle): Handle {
    this.#live.add(handle.id);
    return handle;
  }

  free(...handles: readonly Handle[]): void {
    for (const { id } of handles) {
      if (this.#live.delete(id)) backend().binding.deleteTensor(id);
    }
  }

  /** Hands a result over to tfjs, which counts and disposes it from now on. */
  adopt(handle: Handle): Tensor {
    this.#live.delete(handle.id);
    return backend().createOutputTensor(handle);
  }

  /** What lives now, for a `dispose` that spares it. */
  mark(): ReadonlySet<number> {
    return new Set(this.#live);
  }

  /** Frees everything that still lives. @param spared which is not freed. @default nothing */
  dispose(spared: ReadonlySet<number> = new Set()): void {
    for (const id of this.#live) {
      if (spared.has(id)) continue;
      backend().binding.deleteTensor(id);
      this.#live.delete(id);
    }
  }
}
