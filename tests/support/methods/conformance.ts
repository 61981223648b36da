/** All stages of a method on a tiny study, as its notebook trains them: what the conformance test holds every method to. */
import { createHash } from "node:crypto";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import type { Method } from "../../../lib/methods/definition/method.ts";
import { methods } from "../../../lib/methods/registry.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import { unknownName } from "../../../lib/text/unknown_name.ts";
import { engineVersion } from "../../../lib/training/engine_version.ts";
import type { TrainedModel, TrainingSettings } from "../../../lib/training/train.ts";
import { inTemporaryFolder } from "../data/store/stored_cases.ts";
import { type MemoryRecorder, memoryRecorder } from "../training/memory_recorder.ts";
import { weightsOf } from "../training/tiny_learners.ts";
import { completeTiny, makeTinyStudy } from "../training/tiny_study.ts";

/** Three datasets with four organs, one of them shared. */
export interface TinyWorld {
  study: PreparedStudy;
  completed: StoredCase[][];
}

export async function inTinyWorld(test: (world: TinyWorld) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2], [3], [2, 4]]);
    await test({ study, completed: await completeTiny(folder, study) });
  });
}

export interface TrainAllOptions extends Pick<TrainingSettings, "workers" | "checkpointSeconds"> {
  recorder: MemoryRecorder;
  /** Optimiser steps of each stage. @default 4 */
  steps?: number;
  /** Other parameters. @default {} */
  values?: Record<string, number | string | boolean>;
}

/** Trains all stages; returns a digest of every model's weights and scores, and of what stages remember. */
export async function trainAll(
  method: Method,
  { study, completed }: TinyWorld,
  { recorder, steps = 4, values = {}, ...rest }: TrainAllOptions,
): Promise<string[]> {
  const digests: string[] = [];
  const kept: TrainedModel[] = [];
  for (const stage of Object.values(method.stages)) {
    const { models, memory } = await trainMethodStage(study, recorder, {
      ...rest,
      ...stage,
      values: { seed: 3, [stage.stage.steps]: steps, ...values },
      // Whatever else a stage wants are the models of those before it.
      inputs: Object.fromEntries(
        (stage.stage.inputs ?? []).map((name) => [name, name === "completed" ? completed : [...kept]]),
      ),
    }).catch((error) => {
      for (const { model } of kept) model.dispose();
      throw error;
    });
    for (const { name, model, validationDice, step } of models) {
      const hash = createHash("sha256").update(Float32Array.from(weightsOf(model))).digest("hex").slice(
        0,
        16,
      );
      digests.push(`${stage.stage.name} ${name} ${hash} ${validationDice} ${step}`);
    }
    kept.push(...models);
    digests.push(`${stage.stage.name} remembers ${JSON.stringify(memory)}`);
  }
  for (const { model } of kept) model.dispose();
  return digests;
}

/** What a method gives with its defaults: its losses over twenty steps. */
export interface MethodTrajectory {
  /** Of the method and its stages, and of the engine. */
  versions: Record<string, number>;
  /** Mean loss terms over ten steps, by "stage model step term". */
  losses: Record<string, number>;
}

export async function methodTrajectory(method: Method, world: TinyWorld): Promise<MethodTrajectory> {
  const recorder = memoryRecorder();
  await trainAll(method, world, { recorder, steps: 20 });
  const losses = recorder.history.flatMap(({ stage, model, step, terms }) =>
    // Scores are counts of voxels: they jump where losses hardly move.
    Object.entries(terms).filter(([term]) => !term.startsWith("validation"))
      .map(([term, value]) => [`${stage} ${model} ${step} ${term}`, value])
  );
  recorder.dispose();
  return { versions: versionsOf(method), losses: Object.fromEntries(losses) };
}

export function versionsOf({ name, version, stages }: Method): Record<string, number> {
  const own = Object.values(stages).map(({ stage }) => [stage.name, stage.version]);
  return { engine: engineVersion, [name]: version, ...Object.fromEntries(own) };
}

/** deno run -A tests/support/methods/conformance.ts [methods…]: writes tests/fixtures/trajectories.json, of those or all. */
if (import.meta.main) {
  const path = new URL("../../fixtures/trajectories.json", import.meta.url);
  const stored = JSON.parse(await Deno.readTextFile(path).catch(() => "{}"));
  const names = methods.map(({ name }) => name);
  for (const wrong of Deno.args.filter((name) => !names.includes(name))) {
    throw new Error(`Cannot store the trajectory: the method ${unknownName(wrong, names)}`);
  }
  await inTinyWorld(async (world) => {
    for (const method of methods) {
      if (Deno.args.length > 0 && !Deno.args.includes(method.name)) continue;
      stored[method.name] = await methodTrajectory(method, world);
      console.error(`${method.name}: stored in ${path.pathname}`);
    }
  });
  await Deno.writeTextFile(path, `${JSON.stringify(stored, null, 1)}\n`);
}
