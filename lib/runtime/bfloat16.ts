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
 * (AVX-512 BF16 or AMX) and oneDNN may use that, or TensorFlow has a GPU.
 */
export function hasBfloat16(): boolean {
  if ((tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice) return true;
  try {
    // Deno itself may read /proc with all permissions only.
    const { stdout } = new Deno.Command("cat", { args: ["/proc/cpuinfo"] }).outputSync();
    return multipliesBfloat16(new TextDecoder().decode(stdout), instructionCap());
  } catch {
    return false;
  }
}

/**
 * Whether a processor, as Linux tells of it, multiplies bfloat16, and oneDNN may: under a cap below that its kernels
 * refuse such numbers.
 *
 * @param cap the instructions that oneDNN may use, such as `AVX2`; undefined: all that there are
 */
export function multipliesBfloat16(cpuinfo: string, cap?: string): boolean {
  const capped = cap !== undefined && /^(sse41|avx|avx2\w*|avx512_core(_vnni)?)$/i.test(cap);
  return !capped && /\b(avx512_bf16|amx_bf16)\b/.test(cpuinfo);
}

/** The variable has an older name, too. */
function instructionCap(): string | undefined {
  return Deno.env.get("ONEDNN_MAX_CPU_ISA") || Deno.env.get("DNNL_MAX_CPU_ISA");
}
