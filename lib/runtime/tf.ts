/**
 * The one door to TensorFlow: import `tf` from here, never from the package.
 *
 * @module
 */
import nodeUtil from "node:util";
import { keepFreedMemory } from "./allocator.ts";
import { loadQuietly } from "./quiet_load.ts";

// tfjs-node 4.22 calls two helpers that Node removed and Deno never had; define them before the package loads.
const util = nodeUtil as unknown as Record<string, (value: unknown) => boolean>;
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

// TensorFlow reads these while it loads. The second lets several runs share a GPU's memory.
if (!Deno.env.get("TF_CPP_MIN_LOG_LEVEL")) Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
if (!Deno.env.get("TF_FORCE_GPU_ALLOW_GROWTH")) {
  Deno.env.set("TF_FORCE_GPU_ALLOW_GROWTH", "true");
}

keepFreedMemory();

const greeting = /absl::InitializeLog|oneDNN custom operations are on/;
const tf = (await loadQuietly(() => import("@tensorflow/tfjs-node-gpu"), greeting)).default;
export { tf };
export default tf;
