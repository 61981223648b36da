/** What TensorFlow is asked to do: kernels, and the bytes of what they return. */
import { watchKernels } from "../../../lib/tensors/watch_kernels.ts";

export interface KernelCount {
  /** Kernels launched. */
  kernels: number;
  /** Bytes of all their results together, not of those alive at the same time. */
  bytes: number;
}

/** Bytes by TensorFlow's number of a type: float32, int32, int64, bool, bfloat16; the name of a variable counts nothing. */
const BYTES: Record<number, number> = { 1: 4, 3: 4, 9: 8, 10: 1, 14: 2, 20: 0 };

/** Counts from now on until `stop` is called; `calls` by the kernel's name. */
export function countKernels(): { count: KernelCount; calls: ReadonlyMap<string, number>; stop(): void } {
  const count: KernelCount = { kernels: 0, bytes: 0 };
  const calls = new Map<string, number>();
  const stop = watchKernels(({ name, results }) => {
    count.kernels++;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    for (const { shape, dtype } of results) count.bytes += shape.reduce((a, b) => a * b, 1) * BYTES[dtype]!;
  });
  return { count, calls, stop };
}
