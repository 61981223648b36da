/**
 * The command `check-gpu [--gpu <n>]`: whether this machine's GPU computes what its processor computes.
 *
 * Exits 0 when all is well, 1 when something is not, 2 when it was called wrongly, 3 when there is no GPU.
 *
 * @module
 */
import { askDevice } from "../gpu/ask_device.ts";
import { type Check, checkDevice, describeDevice } from "../gpu/check_device.ts";
import { gpuEnvironment, gpuVariable, listGpus, tf32Variable } from "../tensors/gpu.ts";
import { toolOutput } from "../setup/tool_output.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { showHelp } from "../terminal/usage.ts";

const usage = () =>
  `Usage: ${typed("check-gpu [--gpu <n>]")}

Asks this machine's GPU what its processor computes: every kernel of training,
in float32 with and without TF32, and in bfloat16; some steps of training; equal
bits twice; time and memory of a step; two processes at once. Some minutes.
Exits 3 where there is no GPU.

Options:
  --gpu <n>   of several GPUs the one with this number (default: the first)`;

const options = { gpu: { type: "string" } } as const;

/** Runs the command; returns the exit code. */
export async function checkGpu(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "check the GPU", options, most: 0 });
  if (values.help) return showHelp(usage());
  if (values.gpu !== undefined) Deno.env.set(gpuVariable, values.gpu);
  const chosen = gpuEnvironment(Deno.env);
  const gpus = await listGpus(Deno.env);
  for (const { index, name, memoryMiB, driver } of gpus) {
    console.log(`GPU ${index}: ${name}, ${memoryMiB} MiB, driver ${driver}`);
  }
  // Where no driver lists a GPU, a number is no order: TensorFlow says whether there is any.
  const order: Record<string, string> = gpus.length === 0 ? { [gpuVariable]: "" } : {};
  const device = ({ tf32 }: { tf32: boolean }) =>
    askDevice({ ...chosen, ...order, [tf32Variable]: tf32 ? "on" : "off" });
  const { gpu, tensorflow } = await describeDevice(device({ tf32: true }));
  if (!gpu) {
    console.error(
      gpus.length === 0
        ? "There is no GPU here that NVIDIA's driver lists (nvidia-smi), so nothing was checked."
        : `TensorFlow ${tensorflow} finds none of these GPUs, so nothing was checked. It may be its build for processors: ` +
          "set-up takes the other one where it finds the driver.",
    );
    return 3;
  }
  console.log(`TensorFlow ${tensorflow} computes on GPU ${chosen.CUDA_VISIBLE_DEVICES}.\n`);
  const reference = askDevice({ [gpuVariable]: "none" });
  const checks = await checkDevice({
    device,
    reference,
    bfloat16: await canRecord(reference),
    memoryMiB: () => usedMemory(chosen.CUDA_VISIBLE_DEVICES ?? ""),
    onCheck: (check) => console.log(describe(check)),
  });
  const wrong = checks.filter(({ ok }) => !ok);
  console.error(
    wrong.length === 0 ? "\nThe GPU is fit for use." : `\n${wrong.length} of ${checks.length} checks failed.`,
  );
  return wrong.length === 0 ? 0 : 1;
}

function describe({ name, result, wanted, ok }: Check): string {
  return `${ok ? "✓" : "✗"} ${name}: ${result}${ok || wanted === "" ? "" : ` (wanted: ${wanted})`}`;
}

/** Processors without bfloat16 have no kernel for norms in it, so they are no reference. */
async function canRecord(reference: ReturnType<typeof askDevice>): Promise<boolean> {
  const network = { shape: [1, 8] as [number, number], widths: [8, 16], precision: "bfloat16" as const };
  return await reference({ kind: "train", network, steps: 1 }).then(() => true, () => false);
}

/** In MiB, of all processes on the GPU. */
async function usedMemory(device: string): Promise<number | undefined> {
  try {
    const args = ["--query-gpu=memory.used", "--format=csv,noheader,nounits", `--id=${device}`];
    const { success, stdout } = await toolOutput("nvidia-smi", args);
    return success ? Number(stdout.trim()) : undefined;
  } catch {
    return undefined;
  }
}

if (import.meta.main) await exitWith(checkGpu);
