/**
 * How much work a stage is, by kind.
 *
 * The unit is a forward pass of one network over one patch, so that kinds not seen yet are judged by those seen: a
 * training step costs {@linkcode TRAINING_PASSES} for each patch a model looks at, a case its sliding windows times
 * the networks that look at them.
 *
 * @module
 */
import { labelsWithin } from "../data/groups.ts";
import type { LabelSet } from "../data/label_set.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { Shape } from "../imaging/volume.ts";
import type { TrainingPlan } from "./plan.ts";
import { countWindows, OVERLAP } from "../inference/windows.ts";

/** Equal pieces of work, of which some are done. */
export interface Work {
  /** Such as `training` (a step), `validation`, `survey`, `completion`, `postprocessing` and `test` (a case). */
  kind: string;
  done: number;
  count: number;
  /** What one of them costs, forward passes. */
  passes: number;
}

/** Forward passes that a forward and a backward pass, the losses and the update of the weights cost together. */
const TRAINING_PASSES = 4;

/** Forward passes that reading a case, and scoring one on its scan's own grid, cost for each of its windows. */
const READING_PASSES = 0.5;
const SCORING_PASSES = 1;

/** Share of a window that its neighbour covers too, while models are validated. */
export const VALIDATION_OVERLAP = 0.25;

export interface StageWorkOptions {
  batchSize: number;
  steps: number;
  validateEvery: number;
  /** [depth, height, width] of a patch and of a window, voxels. */
  window: Shape;
}

/**
 * What the networks of a stage that trains cost together: forward and backward passes over one patch each, of which a pass that only
 * goes forward, as a teacher's, is a third (METHOD section 1, equal passes).
 */
export function trainingPasses(
  { streams, looksPerStep = Object.keys(streams).length }: Pick<TrainingPlan, "streams" | "looksPerStep">,
  { batchSize, steps }: Pick<StageWorkOptions, "batchSize" | "steps">,
): number {
  return steps * batchSize * looksPerStep;
}

/** Work of a stage that trains. */
export function stageWork(
  plan: Omit<TrainingPlan, "objective">,
  { batchSize, steps, validateEvery, window }: StageWorkOptions,
): Work[] {
  const { networks } = plan;
  const cases = Object.values(networks).flatMap(({ organs, validation = [] }) =>
    validationCases({ organs, validation })
  );
  const passes = meanWindows(cases, { window, overlap: VALIDATION_OVERLAP });
  return [
    {
      kind: "training",
      done: 0,
      count: steps,
      passes: TRAINING_PASSES * trainingPasses(plan, { batchSize, steps: 1 }),
    },
    {
      kind: "validation",
      done: 0,
      count: cases.length * Math.ceil(steps / validateEvery),
      passes,
    },
  ];
}

/** The cases that a model is validated on: those where one of its organs, or a group of them, is labelled. */
export function validationCases(
  { organs, validation }: { organs: LabelSet; validation: readonly StoredCase[] },
): StoredCase[] {
  return validation.filter(({ labelSet, groups }) => labelsWithin(labelSet, organs, groups).length > 0);
}

export interface CompletionWork {
  cases: readonly StoredCase[];
  /** Models whose predictions are merged. */
  models: number;
  organCount: number;
  /** Disturbed copies that a lone owner is compared with. */
  copies: number;
  window: Shape;
}

/** Work of completing cases: a look at each organ with a true label, then each case whole and its missing organs. */
export function completionWork({ cases, models, organCount, copies, window }: CompletionWork): Work[] {
  const labelled = mean(cases.map(({ labelSet }) => labelSet.length));
  const windows = meanWindows(cases, { window, overlap: OVERLAP });
  const reading = READING_PASSES * windows;
  const probes = (organCount - labelled) * (1 + copies);
  return [
    { kind: "survey", done: 0, count: cases.length, passes: reading + labelled },
    { kind: "completion", done: 0, count: cases.length, passes: reading + windows * models + probes },
  ];
}

export interface TestWork {
  /** Number of cases. */
  count: number;
  /** Cases that are as large. */
  like: readonly StoredCase[];
  /** Models whose predictions are combined. */
  models: number;
  window: Shape;
}

/** Work of segmenting and scoring cases on their scans' own grids, such as the test cases. */
export function testWork(kind: string, { count, like, models, window }: TestWork): Work[] {
  const windows = meanWindows(like, { window, overlap: OVERLAP });
  const passes = windows * (READING_PASSES + models + SCORING_PASSES);
  return [{ kind, done: 0, count, passes }];
}

/** The work with so many pieces done, by kind. */
export function doneOf(work: readonly Work[], done: Readonly<Record<string, number>>): Work[] {
  return work.map((piece) => ({ ...piece, done: done[piece.kind] ?? piece.done }));
}

function meanWindows(cases: readonly StoredCase[], options: { window: Shape; overlap: number }): number {
  return mean(cases.map(({ shape }) => {
    const region: { y: [number, number]; x: [number, number] } = { y: [0, shape[1]], x: [0, shape[2]] };
    return countWindows({ ...options, shape, region });
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
