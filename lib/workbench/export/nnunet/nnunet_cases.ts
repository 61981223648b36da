/**
 * What cases are called in an exported nnU-Net dataset.
 *
 * @module
 */
import type { Study, StudyCase } from "../../../data/cohorts/study.ts";

/** A case, and what its files are called. */
export interface NnunetCase {
  name: string;
  scan: StudyCase;
}

export interface NnunetCases {
  training: NnunetCase[];
  validation: NnunetCase[];
  /** Called by their ids, as `evaluate` looks for predictions of them. */
  test: NnunetCase[];
}

/**
 * Training and validation cases are called `<dataset>_<id>`: one scan may be of two datasets, which show different organs of it. A scan
 * of two test sets is one.
 */
export function nnunetCases({ datasets, test }: Pick<Study, "datasets" | "test">): NnunetCases {
  const named = (role: "training" | "validation") =>
    datasets.flatMap((dataset) =>
      dataset[role].map((scan) => ({ name: `${dataset.name}_${scan.id}`, scan }))
    );
  const tested = new Map(test.map((scan) => [scan.id, scan]));
  return {
    training: named("training"),
    validation: named("validation"),
    test: [...tested].map(([name, scan]) => ({ name, scan })),
  };
}

/** One line a name that two cases would have, or that nnU-Net takes for something else. */
export function nameProblems({ training, validation, test }: NnunetCases): string[] {
  const labelled = [...training, ...validation];
  const shared = [...Map.groupBy(labelled, ({ name }) => name)].filter(([, own]) => own.length > 1);
  return [
    ...shared.map(([name, own]) =>
      `cases must be told apart by <dataset>_<id>, ${
        own.map(({ scan }) => `${scan.id} of ${scan.dataset}`).join(" and ")
      } would both be ${name}`
    ),
    ...[...labelled, ...test].filter(({ name }) => name.endsWith("_seg")).map(({ name }) =>
      `a case's name must not end in _seg, by which nnU-Net knows its own label maps, current name is ${name}`
    ),
  ];
}
