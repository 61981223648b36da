/** Stages of plans that no method has, on datasets with one organ each. */
import { assertEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { streamOfEachDataset } from "../../../lib/methods/shared/streams.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { targetsOf } from "../../../lib/training/batch_targets.ts";
import type { Look, NetworkPlan, Objective, Round, TrainingContext } from "../../../lib/training/plan.ts";
import { trainPlan } from "../../../lib/training/train.ts";
import { inTemporaryFolder } from "../data/store/stored_cases.ts";
import { tensorCount } from "../models/tensor_count.ts";
import { type MemoryRecorder, memoryRecorder } from "./memory_recorder.ts";
import { digestOf } from "./tiny_learners.ts";
import { sharedRound } from "./tiny_rounds.ts";
import { makeTinyStudy } from "./tiny_study.ts";

export const withTinyStudy = (test: (study: PreparedStudy) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => await test(await makeTinyStudy(folder, [[1]])));

/** The networks look at the dataset's batch and learn from its labels. */
export const lessonOf = (...networks: string[]): Round =>
  sharedRound("a", networks, (views, batch) =>
    views.map(({ network, logits }) => ({
      network,
      name: "own",
      value: supervision(logits, targetsOf(batch, { channels: [1] })),
      weight: 1,
    })));

export interface TinyPlan extends Partial<Omit<Objective, "validated">> {
  /** Each with one organ. */
  networks: Record<string, Partial<NetworkPlan>>;
  /** Names of those that are validated, and so kept. @default all */
  validated?: readonly string[];
  /** In place of `rounds`, where rounds want it. */
  roundsOf?: (context: TrainingContext) => Objective["rounds"];
  /** @default 4 */
  steps?: number;
}

/** A look by both decoders, half of the channels dropped before the second. */
export const lookOfBoth = (
  images: Look["images"],
  { context, step }: { context: TrainingContext; step: number },
): Look => ({ network: "n", images, dropout: { share: 0.5, random: context.random(step, "dropout") } });

/**
 * What the networks became: weights, form, score and step of each; and what identified the stage. Validation is after every second
 * step.
 */
export async function trainTinyPlan(
  study: PreparedStudy,
  { networks, validated = Object.keys(networks), roundsOf, steps = 4, ...objective }: TinyPlan,
  recorder: MemoryRecorder = memoryRecorder(),
) {
  const { validation } = study.datasets[0]!;
  const named = Object.entries(networks).map(([name, network]): [string, NetworkPlan] => [name, {
    organs: [1],
    ...validated.includes(name) && { validation },
    ...network,
  }]);
  const { models, memory } = await trainPlan(study, recorder, {
    stage: "one",
    identity: {},
    seed: 1,
    steps,
    learningRate: 0.01,
    rampUp: 0,
    checkpointSeconds: 0,
    plan: {
      networks: Object.fromEntries(named),
      streams: streamOfEachDataset(study),
      objective: (context) => ({
        rounds: roundsOf?.(context) ?? (() => [lessonOf(named[0]![0])]),
        ...objective,
      }),
    },
  });
  const { history } = recorder, { inputs } = recorder.stages[0]!;
  const made = models.map(({ name, model, validationDice, step }) => ({
    name,
    prompts: model.prompts,
    decoders: model.decoders,
    lowerStrides: model.lowerStrides,
    weights: digestOf(model),
    validationDice,
    step,
  }));
  models.forEach(({ model }) => model.dispose());
  recorder.dispose();
  return { made, memory, history, inputs };
}

/** A recorder that fails as if killed, once, at a step's n-th message: the step's own, and one more after its validation. */
export function killedAt(wanted: number, message = 1): MemoryRecorder {
  let seen = 0;
  return memoryRecorder({
    onProgress({ step, activity }) {
      if (step === wanted && activity === undefined && ++seen === message) throw new Error("killed");
    },
  });
}

/** Killed after some steps and begun again, a stage becomes what it is when nothing happens; no tensor is left. Answers that. */
export async function assertResumes<T>(train: (recorder?: MemoryRecorder) => Promise<T>): Promise<T> {
  const whole = await train();
  const before = tensorCount();
  for (const step of [1, 3]) {
    const recorder = killedAt(step);
    await assertRejects(() => train(recorder), Error, "killed");
    assertEquals(await train(recorder), whole);
  }
  assertEquals(tensorCount(), before);
  return whole;
}
