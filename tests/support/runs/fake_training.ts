/**
 * A run whose "training" is arithmetic: two stages of 40 steps of two passes, each step a linear congruential number, checkpoints every
 * 7 steps. As a program it is a child process that can be killed:
 *
 *     fake_training.ts <results> <seed> <milliseconds a step> [<experiment>] [<hash of the data>]
 *
 * It can be held at a step: see {@linkcode holdAt}.
 */
import { readTextIfThere, writeWholeFile } from "../../../lib/files/whole_file.ts";
import { openRun, type OpenRunOptions } from "../../../lib/runs/open_run.ts";
import type { Recorder } from "../../../lib/training/recorder.ts";
import type { Run } from "../../../lib/runs/open_run.ts";

export function fakeOptions(results: string): OpenRunOptions {
  return {
    results,
    data: { hash: "data", cases: { "training a": ["case_1", "case_2"], test: ["case_3"] } },
    methodVersion: 1,
  };
}

export interface FakeOptions {
  /** Time of a step. @default 0 */
  milliseconds?: number;
  /** @default 40 */
  steps?: number;
  /** The folder of {@linkcode holdAt}. @default never held */
  heldBy?: string;
  /** Called when a stage begins to wait. @default nothing */
  onHeld?: () => void;
}

const holdFile = (folder: string) => `${folder}/hold`;

/**
 * Whatever trains in the folder waits at the place, until it is held elsewhere or asked to stop.
 *
 * @param place after which step of a stage, such as `first 10`; "" holds nothing
 */
export async function holdAt(place: string, folder: string): Promise<void> {
  await writeWholeFile(holdFile(folder), place);
}

async function waitWhileHeld(place: string, options: FakeOptions & { signal: AbortSignal }): Promise<void> {
  const { heldBy, onHeld, signal } = options;
  const held = async () =>
    heldBy !== undefined && !signal.aborted && await readTextIfThere(holdFile(heldBy)) === place;
  if (!await held()) return;
  onHeld?.();
  const begun = performance.now();
  while (await held()) {
    if (performance.now() - begun > 600_000) throw new Error("Whoever held it has left"); // was killed, that is
    await new Promise((done) => setTimeout(done, 10));
  }
}

export async function fakeStage(name: string, run: Recorder, seed: number, options: FakeOptions = {}) {
  const { milliseconds = 0, steps = 40 } = options;
  const stage = await run.stage(name, { seed, steps });
  if (stage.finished) return (await stage.restore("result"))!.meta.value as number;
  const from = (await stage.restore("checkpoint"))?.meta as { step: number; value: number } | undefined;
  let value = from?.value ?? seed;
  for (let step = (from?.step ?? 0) + 1; step <= steps; step++) {
    value = (value * 48271) % 2147483647;
    stage.log({
      stage: name,
      model: "a",
      step,
      terms: { own: value / 2147483647 },
      learningRate: 0.1,
      seconds: 0,
    });
    stage.progress({ stage: name, step, steps });
    if (step % 7 === 0 || stage.signal.aborted) {
      await stage.save("checkpoint", { tensors: {}, meta: { step, value } });
    }
    stage.signal.throwIfAborted();
    await waitWhileHeld(`${name} ${step}`, { ...options, signal: stage.signal });
    if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds));
  }
  await stage.save("result", { tensors: {}, meta: { value } });
  await stage.finish(2 * steps);
  return value;
}

export async function fakeTraining(run: Run, options: FakeOptions = {}): Promise<void> {
  const first = await fakeStage("first", run, run.parameters.seed as number, options);
  const second = await fakeStage("second", run, first, options);
  await run.finish([
    {
      case: "case_3",
      dataset: "a",
      organ: "liver",
      dice: second / 2147483647,
      hd95: Infinity,
      assd: NaN,
      nsd: 0,
    },
  ]);
}

if (import.meta.main) {
  const [results, seed, milliseconds, experiment = "mutual", data = "data"] = Deno.args;
  const run = await openRun(experiment, { cohort: "toy", seed: Number(seed) }, {
    ...fakeOptions(results!),
    data: { hash: data, cases: {} },
  });
  try {
    await fakeTraining(run, { milliseconds: Number(milliseconds), heldBy: results! });
  } catch (error) {
    await run.fail(error as Error);
    throw error;
  }
}
