/**
 * Settings of the environment that change how quick arithmetic is. What is measured under them is no measure of the
 * machine as it is.
 *
 * @module
 */

/** Of oneDNN, in TensorFlow and PyTorch alike: the newest instructions it may use, such as AVX2. */
const ISA_CAP = "ONEDNN_MAX_CPU_ISA";
/** Of PyTorch's own kernels. */
const TORCH_CAP = "ATEN_CPU_CAPABILITY";
const THREADS = ["OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"];
const ONEDNN = "TF_ENABLE_ONEDNN_OPTS";

type Env = Record<string, string>;

/** Those that hold the machine back (or may), by name; none where it works as it is. */
export function arithmeticSettings(env: Env = Deno.env.toObject()): Env {
  const found: Env = {};
  const cap = capOf(env);
  if (cap) found[ISA_CAP] = cap;
  if (env[TORCH_CAP] && env[TORCH_CAP] !== torchCap(cap)) found[TORCH_CAP] = env[TORCH_CAP];
  for (const name of THREADS) if (env[name]) found[name] = env[name];
  if (env[ONEDNN] === "0") found[ONEDNN] = "0";
  return found;
}

/**
 * What to add to the environment of everyone who is measured, so that a cap holds for all: PyTorch's own kernels know
 * another variable than oneDNN. A variable that is set stays.
 */
export function sharedCap(env: Env = Deno.env.toObject()): Env {
  const cap = torchCap(capOf(env));
  return cap && !env[TORCH_CAP] ? { [TORCH_CAP]: cap } : {};
}

/** In capitals; undefined where there is none. */
function capOf(env: Env): string | undefined {
  const cap = env[ISA_CAP]?.toUpperCase();
  return cap && cap !== "ALL" && cap !== "DEFAULT" ? cap : undefined;
}

function torchCap(cap: string | undefined): string | undefined {
  if (!cap) return undefined;
  if (cap.startsWith("AVX512") || cap.startsWith("AVX10")) return "avx512";
  return cap.startsWith("AVX2") ? "avx2" : "default";
}
