/**
 * What the values of label maps mean in an exported nnU-Net dataset.
 *
 * @module
 */
import type { Study } from "../../../data/cohorts/study.ts";
import { IGNORED } from "../../../data/label_set.ts";

/** Labels that nnU-Net has of its own. */
export const OWN_LABELS = ["background", "ignore"];

/** The vocabulary of all datasets: background, the organs by their numbers, and above them groups and what is not annotated. */
export interface NnunetLabels {
  /** Name → value, as `dataset.json` has it. */
  values: Record<string, number>;
  /** Code in our label maps → value; background is 0 in both. */
  valueOf: ReadonlyMap<number, number>;
}

/** nnU-Net wants values without a gap, and its `ignore` above all others: it is there where some case has such voxels. */
export function nnunetLabels(
  { organs, groups = [], datasets }: Pick<Study, "organs" | "groups" | "datasets">,
): NnunetLabels {
  const labels = [...organs, ...groups];
  const ignore = labels.length + 1;
  const ignores = datasets.some(({ training, validation }) =>
    [...training, ...validation].some(({ ignored }) => ignored !== undefined)
  );
  return {
    values: {
      background: 0,
      ...Object.fromEntries(labels.map(({ name }, index) => [name, index + 1])),
      ...ignores && { ignore },
    },
    valueOf: new Map([...labels.map(({ number }, index) => [number, index + 1] as const), [IGNORED, ignore]]),
  };
}
