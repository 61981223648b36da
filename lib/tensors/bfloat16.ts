/**
 * bfloat16, float32 with the last 16 bits of the mantissa cut off: whether this machine computes with it.
 *
 * It is asked of the processor and not found out by trying: oneDNN's kernels refuse below AVX-512, but with it they imitate
 * bfloat16, and TensorFlow's own kernels work everywhere; both are slower than float32, and the latter less exact.
 *
 * @module
 */
import { cpuinfo } from "./cpuinfo.ts";
import { isOnGpu } from "./tf.ts";

/**
 * Whether convolutions in bfloat16 are faster here than in float32: the processor multiplies pairs of such numbers
 * (AVX-512 BF16 or AMX) and oneDNN may use that, or TensorFlow has a GPU.
 */
export function hasBfloat16(): boolean {
  return isOnGpu || multipliesBfloat16(cpuinfo(), (name) => Deno.env.get(name));
}

/** What is wrong where a cohort wants bfloat16, in a sentence; undefined where the machine has it. */
export function missingBfloat16(): string | undefined {
  return hasBfloat16()
    ? undefined
    : "precision bfloat16 wants a processor with AVX-512 BF16 or AMX, or a GPU; there is none here, or ONEDNN_MAX_CPU_ISA or " +
      "TF_ENABLE_ONEDNN_OPTS hides it, so the cohort's network.precision must be float32";
}

/** Instruction sets below AVX-512 BF16: under such a cap oneDNN's kernels refuse bfloat16. */
const without = /^(sse41|avx|avx2\w*|avx512_core(_vnni)?)$/i;

/**
 * Whether a processor multiplies bfloat16 and oneDNN may.
 *
 * @param cpuinfo what Linux tells of the processor
 * @param variable the environment: oneDNN may be capped there, by one of two names, or be off
 */
export function multipliesBfloat16(
  cpuinfo: string,
  variable: (name: string) => string | undefined = () => undefined,
): boolean {
  const cap = variable("ONEDNN_MAX_CPU_ISA") || variable("DNNL_MAX_CPU_ISA") || "";
  const off = /^(0|false)$/i.test(variable("TF_ENABLE_ONEDNN_OPTS") ?? "");
  return !off && !without.test(cap) && /\b(avx512_bf16|amx_bf16)\b/.test(cpuinfo);
}
