/**
 * Which GPU a process computes on, and how exactly.
 *
 * TensorFlow takes all GPUs that it sees, and tfjs puts tensors on the last of them; so a process sees one, and what it sees
 * is settled before TensorFlow loads.
 *
 * @module
 */
import { toolOutput } from "../setup/tool_output.ts";

/** The user's choice: a number among the GPUs that are visible, counted from 0, or `none`. */
export const gpuVariable = "CONSILIUM_GPU";
/** `off`: products and convolutions in float32 keep all 23 bits of the mantissa instead of 10. @default "on" (TensorFlow's) */
export const tf32Variable = "CONSILIUM_TF32";
/** `off`: kernels whose sums depend on the order in which threads end. Equal seeds then give unequal bits. @default "on" */
export const deterministicVariable = "CONSILIUM_DETERMINISTIC";

/** What a machine's GPU offers. */
export interface Gpu {
  /** Among those visible, from 0. */
  index: number;
  name: string;
  memoryMiB: number;
  driver: string;
}

/** What a run's record says of its GPU. */
export interface GpuSettings {
  /** As CUDA_VISIBLE_DEVICES names it. */
  device: string;
  tf32: boolean;
  deterministic: boolean;
}

/** Variables by name; as of `Deno.env`. */
export interface Variables {
  get(name: string): string | undefined;
}

/** Names of the GPUs that a scheduler or the user lets this process see; undefined where nobody said so: all of them. */
export function visibleGpus(variables: Variables): string[] | undefined {
  const list = variables.get("CUDA_VISIBLE_DEVICES");
  if (list === undefined) return undefined;
  const names = list.split(",").map((name) => name.trim());
  // CUDA itself stops at the first name that is none.
  const end = names.findIndex((name) => name === "" || name.startsWith("-"));
  return end < 0 ? names : names.slice(0, end);
}

/**
 * The one GPU this process is to see, as CUDA names it; undefined: none. A scheduler's own choice is kept, and the number is
 * one among its GPUs.
 *
 * @throws Error when the number is none, or there is no such GPU
 */
export function chooseGpu(variables: Variables): string | undefined {
  const wanted = variables.get(gpuVariable) || "0";
  if (wanted === "none") return undefined;
  if (!/^\d+$/.test(wanted)) {
    throw new Error(
      `Cannot choose a GPU: it must be a number from 0 on, or none, current value is "${wanted}"`,
    );
  }
  const visible = visibleGpus(variables);
  if (visible === undefined) return wanted;
  if (visible.length === 0) return undefined;
  const chosen = visible[Number(wanted)];
  if (chosen !== undefined) return chosen;
  const list = variables.get("CUDA_VISIBLE_DEVICES");
  throw new Error(
    `Cannot choose GPU ${wanted}: it must be below ${visible.length}, the number of GPUs in CUDA_VISIBLE_DEVICES=${list}`,
  );
}

/**
 * What TensorFlow and CUDA are told, by the names of their variables; what the user has set for them stays as it is.
 *
 * @throws Error when a choice is none
 */
export function gpuEnvironment(variables: Variables): Record<string, string> {
  const device = chooseGpu(variables);
  const exact = isOff(variables, tf32Variable);
  const free = isOff(variables, deterministicVariable);
  const wanted: Record<string, string> = {
    TF_FORCE_GPU_ALLOW_GROWTH: "true", // several processes can share a GPU's memory
    CUDA_DEVICE_ORDER: "PCI_BUS_ID", // numbers as nvidia-smi counts
    ...exact ? { NVIDIA_TF32_OVERRIDE: "0" } : {},
    ...free || device === undefined ? {} : { TF_DETERMINISTIC_OPS: "1" },
  };
  const unset = Object.entries(wanted).filter(([name]) => !variables.get(name));
  return {
    ...Object.fromEntries(unset),
    CUDA_VISIBLE_DEVICES: device ?? "-1",
    // Programs that this one starts choose again, among the one they see.
    ...device !== undefined && variables.get(gpuVariable) ? { [gpuVariable]: "0" } : {},
  };
}

/**
 * What is wrong where a GPU was asked for by its number and TensorFlow computes on none; undefined where none was asked for.
 *
 * @param driver whether NVIDIA's driver is there
 */
export function missingGpu(variables: Variables, { driver }: { driver: boolean }): string | undefined {
  const wanted = variables.get(gpuVariable) || "none";
  if (wanted === "none") return undefined;
  const why = driver
    ? `TensorFlow finds no GPU ${variables.get("CUDA_VISIBLE_DEVICES")}; nvidia-smi lists those there are`
    : "there is no NVIDIA driver here";
  return `Cannot compute on GPU ${wanted} (${gpuVariable}): ${why}`;
}

/** What has been settled in this process; undefined where it computes on no GPU. */
export function gpuSettings(variables: Variables): GpuSettings | undefined {
  const [device] = visibleGpus(variables) ?? [];
  if (device === undefined) return undefined;
  return {
    device,
    tf32: variables.get("NVIDIA_TF32_OVERRIDE") !== "0",
    deterministic: /^(1|true)$/i.test(variables.get("TF_DETERMINISTIC_OPS") ?? ""),
  };
}

/** The GPUs that the driver's own program lists, of those that are visible; none where it is missing or finds none. */
export async function listGpus(variables: Variables): Promise<Gpu[]> {
  const fields = "--query-gpu=index,name,memory.total,driver_version,uuid";
  let text = "";
  try {
    const { success, stdout } = await toolOutput("nvidia-smi", [fields, "--format=csv,noheader,nounits"]);
    if (success) text = stdout;
  } catch {
    return []; // no driver
  }
  // Where there is no GPU, a sentence that says so may stand in place of the list.
  const all = text.split("\n").map((line) => line.split(",").map((part) => part.trim())).filter(isListed);
  const visible = visibleGpus(variables) ?? all.map(([index]) => index);
  return visible.map((wanted, index): Gpu => {
    // A part of a GPU (MIG) has a name of its own and is not in the list.
    const found = all.find(([number, , , , uuid]) => number === wanted || uuid.startsWith(wanted));
    const [, name = wanted, memory = "NaN", driver = ""] = found ?? [];
    return { index, name, memoryMiB: Number(memory), driver };
  });
}

type Listed = [number: string, name: string, memory: string, driver: string, uuid: string];

function isListed(parts: string[]): parts is Listed {
  return parts.length === 5;
}

function isOff(variables: Variables, name: string): boolean {
  const value = variables.get(name) || "on";
  if (value === "on" || value === "off") return value === "off";
  throw new Error(`Cannot set ${name}: it must be on or off, current value is "${value}"`);
}
