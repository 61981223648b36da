/**
 * The GPU that TensorFlow computes on in this process.
 *
 * @module
 */
import { type GpuSettings, gpuSettings, listGpus } from "./gpu.ts";
import { isOnGpu } from "./tf.ts";

/** What a run's record says of it; undefined where TensorFlow computes on the processor. */
export async function gpuInUse(): Promise<(GpuSettings & { name: string }) | undefined> {
  const settings = isOnGpu ? gpuSettings(Deno.env) : undefined;
  if (settings === undefined) return undefined;
  const [gpu] = await listGpus(Deno.env);
  return { ...settings, name: gpu?.name ?? "unknown" };
}
