/**
 * Watching what TensorFlow is asked to do.
 *
 * @module
 */
import { layOverBinding } from "./binding_layer.ts";

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
  return layOverBinding<Binding>((below) => ({
    executeOp(name, ...args) {
      const start = performance.now();
      const results = below.executeOp(name, ...args);
      told({ name, seconds: (performance.now() - start) / 1000, results });
      return results;
    },
  }));
}
