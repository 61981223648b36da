/**
 * The option `--gpu` of commands that compute.
 *
 * @module
 */
import { chooseGpu, gpuVariable, missingGpu } from "../tensors/gpu.ts";
import { hasNvidiaDriver } from "../setup/platform.ts";
import { UsageError } from "../terminal/usage.ts";

/**
 * Settles which GPU this process, and those it starts, compute on; without a number that is the first that is visible.
 *
 * @throws {UsageError} It is no number, or there is no such GPU as far as is known before TensorFlow looks.
 */
export function useGpu(gpu: string | undefined): void {
  if (gpu === undefined) return;
  Deno.env.set(gpuVariable, gpu);
  try {
    chooseGpu(Deno.env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const problem = hasNvidiaDriver() ? undefined : missingGpu(Deno.env, { driver: false });
  if (problem !== undefined) throw new UsageError(problem);
}
