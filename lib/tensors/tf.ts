/**
 * The one door to TensorFlow: import `tf` from here, never from the package.
 *
 * @module
 */
import nodeUtil from "node:util";
import { keepFreedMemory } from "./allocator.ts";
import { setTensorflowEnvironment } from "./environment.ts";
import { missingGpu } from "./gpu.ts";
import { loadTensorflow } from "./load_tensorflow.ts";
import { hasNvidiaDriver } from "../setup/platform.ts";

// tfjs-node 4.22 calls two helpers that Node removed and Deno never had; define them before the package loads.
const util = nodeUtil as unknown as Record<string, (value: unknown) => boolean>;
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

setTensorflowEnvironment();
keepFreedMemory();

const tf = (await loadTensorflow(() => import("@tensorflow/tfjs-node-gpu"))).default;
/** Whether TensorFlow computes on a GPU in this process. */
export const isOnGpu = (tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice;
const missing = isOnGpu ? undefined : missingGpu(Deno.env, { driver: hasNvidiaDriver() });
if (missing !== undefined) throw new Error(missing);
export { tf };
export default tf;
