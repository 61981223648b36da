/**
 * A plan's streams of batches.
 *
 * @module
 */
import { mirrorPairsOf } from "../data/patches/mirror.ts";
import { openPatchStream, type PatchStream } from "../data/patches/patch_stream.ts";
import type { PatchWorkers } from "../data/patches/patch_workers.ts";
import { createRandom } from "../data/random.ts";
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import type { BatchChange, TrainingPlan } from "./plan.ts";

export interface OpenStreamOptions {
  plan: TrainingPlan;
  study: PreparedStudy;
  /** Name of the stage. */
  stage: string;
  seed: number;
  steps: number;
  /** Where it begins. */
  firstStep: number;
  workers: PatchWorkers;
}

/** Batches of a plan's stream: cut and augmented ahead by the workers, then changed as the plan says. */
export function openStream(name: string, options: OpenStreamOptions): PatchStream {
  const { plan, study, stage, seed, steps, firstStep, workers } = options;
  const { cases, shown, change } = plan.streams[name]!;
  const stream = `${stage} ${Object.keys(plan.streams).indexOf(name)}`;
  const patches = openPatchStream(cases, {
    seed,
    stream,
    firstStep,
    steps,
    batchSize: study.training.batchSize,
    augmentation: study.training.augmentation,
    mirrorPairs: mirrorPairsOf(study.organs),
    workers,
    // No signal: a step that has begun is finished, and saved.
    patch: study.patch,
    spacing: study.preprocessing.spacingMm,
    shownOrgans: shown,
  });
  return change
    ? changed(patches, { change, firstStep, random: (step) => createRandom(seed, stream, "change", step) })
    : patches;
}

interface ChangedOptions {
  change: BatchChange;
  firstStep: number;
  random: (step: number) => ReturnType<typeof createRandom>;
}

function changed(stream: PatchStream, { change, firstStep, random }: ChangedOptions): PatchStream {
  let step = firstStep;
  return {
    async next() {
      const at = step++;
      return change.apply(await stream.next(), random(at));
    },
    close: () => stream.close(),
  };
}
