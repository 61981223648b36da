/** All stages of a method on a tiny study, as its notebook trains them: what the conformance test holds every method to. */
import { createHash } from "node:crypto";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { caseInputs, type Method, type MethodStage } from "../../../lib/methods/definition/method.ts";
import type { Values } from "../../../lib/methods/definition/plan_stage.ts";
import type { Parameter } from "../../../lib/methods/definition/parameter.ts";
import { methods } from "../../../lib/methods/registry.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import { unknownName } from "../../../lib/text/unknown_name.ts";
import { engineVersion } from "../../../lib/training/engine_version.ts";
import type { TrainedModel, TrainingSettings } from "../../../lib/training/train.ts";
import type { Recorder } from "../../../lib/training/recorder.ts";
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

/** Trains all stages that the values come to; returns a digest of every model's weights and scores, and of what stages remember. */
export async function trainAll(
  method: Method,
  { study, completed }: TinyWorld,
  { recorder, steps = 4, values = {}, ...rest }: TrainAllOptions,
): Promise<string[]> {
  const digests: string[] = [];
  const kept: TrainedModel[] = [], remembered: Record<string, unknown> = {};
  const usual = Object.entries<Parameter>(method.parameters).map((
    [name, { default: value }],
  ) => [name, value]);
  const all = { ...Object.fromEntries(usual), ...values };
  for (const stage of Object.values(method.stages)) {
    if (stage.when?.(all) === false) continue;
    const { models, memory } = await trainMethodStage(study, recorder, {
      ...rest,
      ...stage,
      values: { seed: 3, [stage.stage.steps]: steps, ...values },
      inputs: inputsOf(stage, { completed, models: kept, remembered }),
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
    Object.assign(remembered, memory);
    digests.push(`${stage.stage.name} remembers ${JSON.stringify(memory)}`);
  }
  for (const { model } of kept) model.dispose();
  return digests;
}

/** What a stage is given: completed cases, what stages before it remember by that name, and whatever else it wants are their models. */
function inputsOf(
  { stage }: MethodStage,
  { completed, models, remembered }: Pick<TinyWorld, "completed"> & {
    models: readonly TrainedModel[];
    remembered: Record<string, unknown>;
  },
): Record<string, unknown> {
  return Object.fromEntries(
    (stage.inputs ?? []).map((
      name,
    ) => [name, caseInputs.includes(name) ? completed : remembered[name] ?? [...models]]),
  );
}

/** Gives a test what a stage of the method is given; stages before it are trained if it wants their models. */
export async function withInputs<T>(
  method: Pick<Method, "stages">,
  stage: MethodStage,
  { study, completed, values = {} }: Pick<TinyWorld, "study"> & { completed: unknown; values?: Values },
  test: (inputs: Record<string, unknown>) => Promise<T>,
): Promise<T> {
  const models: TrainedModel[] = [], cases = completed as TinyWorld["completed"];
  const remembered: Record<string, unknown> = {};
  const recorder = memoryRecorder();
  try {
    if (stage.stage.inputs?.some((name) => !caseInputs.includes(name))) {
      for (const before of Object.values(method.stages)) {
        if (before === stage) break;
        const inputs = inputsOf(before, { completed: cases, models, remembered });
        const given = { values: { [before.stage.steps]: 2, ...values }, inputs };
        const trained = await trainMethodStage(study, recorder, { ...before, ...given });
        models.push(...trained.models);
        Object.assign(remembered, trained.memory);
      }
    }
    return await test(inputsOf(stage, { completed: cases, models, remembered }));
  } finally {
    for (const { model } of models) model.dispose();
    recorder.dispose();
  }
}

/** By what a stage is found again: its name and what its recorder is told, as text. Nothing is trained. */
export async function identityOf(
  study: PreparedStudy,
  { stage, fixed }: MethodStage,
  given: { values: Values; inputs: unknown },
): Promise<string> {
  let told = "";
  class Told extends Error {}
  const recorder: Recorder = {
    signal: new AbortController().signal,
    stage(name, inputs) {
      told = JSON.stringify([name, inputs]);
      throw new Told();
    },
  };
  // Whether the study has what the values want is another question.
  const { lacks: _, ...able } = stage;
  await trainMethodStage(study, recorder, { stage: able, fixed, ...given }).catch((error) => {
    if (!(error instanceof Told)) throw error;
  });
  return told;
}

/** Names under which the methods have stages that are not one: each would take what the other trained for its own. */
export function ambiguousStages(methods: readonly Pick<Method, "stages">[]): string[] {
  const stages = methods.flatMap(({ stages }) => Object.values(stages)).map(({ stage }) => stage);
  const other = (stage: typeof stages[number]) =>
    stages.some(({ name, plan, version }) =>
      name === stage.name && (plan !== stage.plan || version !== stage.version)
    );
  return [...new Set(stages.filter(other).map(({ name }) => name))];
}

/** Those that stand in the text as words of their own. */
export function namedIn(text: string, names: readonly string[]): string[] {
  return names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
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
  const values = {
    ..."distilSteps" in method.parameters && { inference: "distilled" },
    // Sharp logits blow up how processors round.
    ..."temperature" in method.parameters && { temperature: 0.5 },
    ..."cosineScale" in method.parameters && { cosineScale: 1 },
  };
  await trainAll(method, world, { recorder, steps: 20, values });
  const losses = recorder.history.flatMap(({ stage, model, step, terms }) =>
    // Scores are counts of voxels: they jump where losses hardly move. Norms of gradients are measured, and change nothing.
    Object.entries(terms).filter(([term]) => !/^(validation|gradient)/.test(term))
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
