/**
 * Whether a device computes what the processor computes, as often as it is asked, how fast, and beside others.
 *
 * @module
 */
import { join } from "@std/path";
import type { Precision } from "../models/unet_options.ts";
import type { Description, KernelDifference, Question, Training } from "./probe.ts";

/** One thing that was looked at. */
export interface Check {
  name: string;
  result: string;
  /** What it had to be; empty where it is only told. */
  wanted: string;
  ok: boolean;
}

/** Asks one device; the answer of probe.ts. Throws with the reason when the process fails. */
export type Ask = (question: Question) => Promise<unknown>;

export interface CheckDeviceOptions {
  /** Asks the device that is checked, with TF32 on or off. */
  device: (settings: { tf32: boolean }) => Ask;
  /** Asks the processor, against which it is checked. */
  reference: Ask;
  /** The processor computes in bfloat16 too. */
  bfloat16: boolean;
  /** Of the device's memory, in use while a training goes on beside it; undefined where nobody knows. */
  memoryMiB: () => Promise<number | undefined>;
  onCheck: (check: Check) => void;
  /** Sides of the timed network's cubes, voxels. @default 64 */
  side?: number;
}

/**
 * Largest difference of a kernel's output over the output's largest value. float32 keeps 24 bits, and sums of some hundred
 * products in another order lose up to 7 of them; TF32 keeps 11 and bfloat16 8, of each factor.
 */
const KERNEL_BOUNDS = { float32: 1e-4, tf32: 5e-3, bfloat16: 3e-2 };

/** Relative differences of losses over a few steps, in which differences of weights grow. */
const TRAINING_BOUNDS = { float32: 1e-4, tf32: 1e-2, bfloat16: 5e-2 };

/** Two samples of 16³ voxels, five steps. */
const SMALL = { shape: [2, 16] as [number, number], widths: [8, 16, 32] };
const SMALL_STEPS = 5, TIMED_STEPS = 6;

/** Looks at everything in turn; goes on when something is wrong. Nothing is left in the folder for temporary files. */
export async function checkDevice(options: CheckDeviceOptions): Promise<Check[]> {
  const checks: Check[] = [];
  const tell = (check: Check) => {
    checks.push(check);
    options.onCheck(check);
  };
  const attempt = async (name: string, look: () => Promise<Omit<Check, "name">>) => {
    try {
      tell({ name, ...await look() });
    } catch (error) {
      tell({ name, result: (error as Error).message, wanted: "an answer", ok: false });
    }
  };
  const folder = await Deno.makeTempDir({ prefix: "consilium_gpu_" });
  try {
    const kinds = ["float32", "tf32", ...options.bfloat16 ? ["bfloat16" as const] : []] as const;
    for (const kind of kinds) {
      await attempt(`kernels in ${kind}`, () => compareKernels(join(folder, `${kind}.json`), kind, options));
    }
    for (const kind of kinds) await attempt(`training in ${kind}`, () => compareTraining(kind, options));
    await attempt("equal bits", () => trainTwice(options));
    for (const precision of ["float32", "bfloat16"] as const) {
      await attempt(`a step of 2×${options.side ?? 64}³ in ${precision}`, () => timeStep(precision, options));
    }
    await attempt("two processes at once", () => trainAtOnce(options));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return checks;
}

type Kind = keyof typeof KERNEL_BOUNDS;

const precisionOf = (kind: Kind): Precision => kind === "bfloat16" ? "bfloat16" : "float32";
const settingsOf = (kind: Kind) => ({ tf32: kind !== "float32" });

async function compareKernels(file: string, kind: Kind, { device, reference }: CheckDeviceOptions) {
  await reference({ kind: "record", precision: precisionOf(kind), file });
  const differences = await device(settingsOf(kind))({ kind: "replay", file }) as KernelDifference[];
  const bound = KERNEL_BOUNDS[kind];
  const names = new Set(differences.map(({ kernel }) => kernel));
  const wrong = differences.filter(({ difference, error }) =>
    error !== undefined || difference === null || difference > bound
  );
  const largest = Math.max(...differences.map(({ difference }) => difference ?? Infinity));
  return {
    result: wrong.length === 0
      ? `${names.size} kernels, ${differences.length} uses; differences up to ${largest.toExponential(1)}`
      : wrong.map(({ kernel, difference, error }) => `${kernel}: ${error ?? difference}`).join("; "),
    wanted: `up to ${bound}`,
    ok: wrong.length === 0 && names.size > 0,
  };
}

async function compareTraining(kind: Kind, { device, reference }: CheckDeviceOptions) {
  const question = trainingOf(precisionOf(kind));
  const wanted = await reference(question) as Training;
  const found = await device(settingsOf(kind))(question) as Training;
  const difference = Math.max(
    ...found.losses.map((loss, i) => Math.abs(loss - wanted.losses[i]!) / Math.abs(wanted.losses[i]!)),
  );
  const bound = TRAINING_BOUNDS[kind];
  return {
    result: `losses of ${SMALL_STEPS} steps differ by ${difference.toExponential(1)}`,
    wanted: `up to ${bound}`,
    ok: difference <= bound,
  };
}

async function trainTwice({ device }: CheckDeviceOptions) {
  const ask = device({ tf32: true });
  const first = await ask(trainingOf("float32")) as Training;
  const second = await ask(trainingOf("float32")) as Training;
  const equal = first.hash === second.hash;
  return {
    result: equal ? "the same losses twice" : "other losses the second time",
    wanted: "the same",
    ok: equal,
  };
}

async function timeStep(precision: Precision, { device, memoryMiB, side = 64 }: CheckDeviceOptions) {
  const before = await memoryMiB();
  let most = before;
  const network = { shape: [2, side] as [number, number], widths: [16, 32, 64, 128], precision };
  const asked = device({ tf32: true })({ kind: "train", network, steps: TIMED_STEPS });
  const watched = watch(async () => {
    const now = await memoryMiB();
    if (now !== undefined && most !== undefined) most = Math.max(most, now);
  });
  const { secondsPerStep } = await asked.finally(watched.end) as Training;
  const memory = most === undefined ? "" : `, ${Math.round(most - before!)} MiB`;
  return { result: `${(1000 * secondsPerStep).toFixed(0)} ms${memory}`, wanted: "", ok: true };
}

async function trainAtOnce({ device }: CheckDeviceOptions) {
  const ask = device({ tf32: true });
  const both = [ask(trainingOf("float32")), ask(trainingOf("float32"))] as const;
  const [one, other] = await Promise.all(both) as [Training, Training];
  const ok = one.hash === other.hash;
  return {
    result: ok ? "both trained, with the same losses" : "their losses differ",
    wanted: "the same",
    ok,
  };
}

function trainingOf(precision: Precision): Question {
  return { kind: "train", network: { ...SMALL, precision }, steps: SMALL_STEPS };
}

/** Does the work again and again, half a second apart, until it is ended. */
function watch(work: () => Promise<void>): { end: () => Promise<void> } {
  let ended = false;
  const running = (async () => {
    while (!ended) {
      await work();
      await new Promise((done) => setTimeout(done, 500));
    }
  })();
  return {
    end: async () => {
      ended = true;
      await running;
    },
  };
}

/** Whether the device is a GPU, and the TensorFlow that it has. */
export async function describeDevice(ask: Ask): Promise<Description> {
  return await ask({ kind: "describe" }) as Description;
}
