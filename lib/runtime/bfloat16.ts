/**
 * bfloat16, float32 with the last 16 bits of the mantissa cut off: whether this machine computes with it.
 *
 * TensorFlow has its kernels everywhere, but without the processor's help they are slower than those of float32.
 *
 * @module
 */
import { tf } from "./tf.ts";

/**
 * Whether convolutions in bfloat16 are faster here than in float32: the processor multiplies pairs of such numbers
 * (AVX-512 BF16 or AMX), or TensorFlow has a GPU.
 */
export function hasBfloat16(): boolean {
  if ((tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice) return true;
  try {
    // Deno itself may read /proc with all permissions only.
    const { stdout } = new Deno.Command("cat", { args: ["/proc/cpuinfo"] }).outputSync();
    return /\b(avx512_bf16|amx_bf16)\b/.test(new TextDecoder().decode(stdout));
  } catch {
    return false;
  }
}
