/**
 * Watching what TensorFlow is asked to do.
 *
 * @module
 */
import { tf } from "./tf.ts";

/** One kernel that has run. */
export interface KernelRun {
  /** TensorFlow's name of it. */
  name: string;
  seconds: number;
  results: { shape: number[]; dtype: number }[];
}

interface Binding {
  executeOp(name: string, ...args: unknown[]): KernelRun["results"];
}

/**
 * Tells every kernel from now on until the returned function is called. What goes through tfjs and what is run past it both
 * end in one function of the addon, which is watched.
 */
export function watchKernels(told: (run: KernelRun) => void): () => void {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const watching: Binding = {
    executeOp(name, ...args) {
      const start = performance.now();
      const results = binding.executeOp(name, ...args);
      told({ name, seconds: (performance.now() - start) / 1000, results });
      return results;
    },
  };
  // The addon's object is read-only, and its functions must be called on it.
  backend.binding = new Proxy(watching, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key);
      const value = Reflect.get(binding, key);
      return typeof value === "function" ? value.bind(binding) : value;
    },
  });
  return () => void (backend.binding = binding);
}
