/** What TensorFlow is asked to do: kernels, and the bytes of what they return. */
import { tf } from "../../lib/runtime/tf.ts";

export interface KernelCount {
  /** Kernels launched. */
  kernels: number;
  /** Bytes of all their results together, not of those alive at the same time. */
  bytes: number;
}

interface Result {
  shape: number[];
  /** TensorFlow's number of the type. */
  dtype: number;
}

interface Binding {
  executeOp(name: string, attributes: unknown[], inputs: number[], outputs: number): Result[];
}

/** Bytes by TensorFlow's number of a type: float32, int32, int64, bool, bfloat16; the name of a variable counts nothing. */
const BYTES: Record<number, number> = { 1: 4, 3: 4, 9: 8, 10: 1, 14: 2, 20: 0 };

/**
 * Counts from now on until `stop` is called; `calls` by the kernel's name. What goes through tfjs and what is run past it
 * both end in one function of the addon, which is counted.
 */
export function countKernels(): { count: KernelCount; calls: ReadonlyMap<string, number>; stop(): void } {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const count: KernelCount = { kernels: 0, bytes: 0 };
  const calls = new Map<string, number>();
  const counting: Binding = {
    executeOp(name, ...args) {
      const results = binding.executeOp(name, ...args);
      count.kernels++;
      calls.set(name, (calls.get(name) ?? 0) + 1);
      for (const { shape, dtype } of results) {
        count.bytes += shape.reduce((a, b) => a * b, 1) * BYTES[dtype];
      }
      return results;
    },
  };
  // The addon's object is read-only, and its functions must be called on it.
  backend.binding = new Proxy(counting, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key);
      const value = Reflect.get(binding, key);
      return typeof value === "function" ? value.bind(binding) : value;
    },
  });
  return { count, calls, stop: () => void (backend.binding = binding) };
}
