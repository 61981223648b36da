/**
 * What methods with one full-organ network have in common: a batch of every dataset in each step, so that it sees as many
 * patches as each model of stage 2 does.
 *
 * @module
 */
import type { LabelSet } from "../data/label_set.ts";
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";

/** All organs of a study. */
export function organsOf({ organs }: PreparedStudy): LabelSet {
  return organs.map(({ number }) => number);
}

/** Validation cases of all datasets. */
export function validationOf({ datasets }: PreparedStudy): StoredCase[] {
  return datasets.flatMap(({ validation }) => validation);
}

/** Steps of both stages together, where no stage 1 went before: arms have equal optimiser steps. */
export function stepsOfBothStages({ training }: PreparedStudy): number {
  return training.partialOrganSteps + training.fullOrganSteps;
}
