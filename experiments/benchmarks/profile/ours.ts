/**
 * Our training step with a clock on every kernel.
 *
 * deno run -A ours.ts <folder> <float32 | bfloat16>; a repetition's output is the seconds of each group of groups.ts
 *
 * @module
 */
import { serveContestant } from "../../../lib/benchmarks/serve_contestant.ts";
import type { Precision } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/runtime/tf.ts";
import { loadNetwork } from "../network_step.ts";
import { groupOf, GROUPS } from "./groups.ts";

const [folder, precision] = Deno.args;
const seconds = new Map<string, number>();

interface Binding {
  executeOp(name: string, ...rest: unknown[]): unknown;
}

/** tfjs's binding cannot be changed, but it can be replaced by an object that asks it. */
function clocked(binding: Binding): Binding {
  const copy: Record<string, unknown> = {};
  for (let part = binding; part !== Object.prototype; part = Object.getPrototypeOf(part)) {
    for (const name of Object.getOwnPropertyNames(part)) {
      const value = (binding as unknown as Record<string, unknown>)[name];
      copy[name] = typeof value === "function" ? value.bind(binding) : value;
    }
  }
  copy.executeOp = (name: string, ...rest: unknown[]) => {
    const start = performance.now();
    const result = binding.executeOp(name, ...rest);
    const group = groupOf(name);
    seconds.set(group, (seconds.get(group) ?? 0) + (performance.now() - start) / 1000);
    return result;
  };
  return copy as unknown as Binding;
}

await serveContestant(async () => {
  const { step } = await loadNetwork(folder, { precision: precision as Precision });
  const backend = tf.backend() as unknown as { binding: Binding };
  backend.binding = clocked(backend.binding);
  return () => {
    seconds.clear();
    step();
    return GROUPS.map((group) => seconds.get(group) ?? 0);
  };
});
