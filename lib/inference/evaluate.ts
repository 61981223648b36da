/**
 * Scores of the test cases on the scans' own grids: METHOD section 0, rule 4.
 *
 * @module
 */
import { labelsWithin, leavesOf } from "../data/groups.ts";
import { loadMasked } from "../data/load_masked.ts";
import { laidOn } from "../data/datasets/same_grid.ts";
import type { Group, Organ, StudyCase } from "../data/cohorts/study.ts";
import { spacingOf, type Volume } from "../imaging/volume.ts";
import { eventLoopTurn } from "./event_loop.ts";
import { scoreEach } from "../metrics/score_case.ts";
import { caseKey, type ScoreRow } from "../metrics/score_row.ts";

export interface EvaluateOptions {
  organs: readonly Organ[];
  /** @default none */
  groups?: readonly Group[] | undefined;
  /** Lengths of voxels are not known: Dice alone is scored. @default false */
  nominalSpacing?: boolean | undefined;
  /** The prediction of a case on its scan's grid, as organ numbers. */
  predict: (test: StudyCase) => Promise<Volume<Uint8Array>>;
  signal?: AbortSignal | undefined;
  /** Called after every case. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Scores predictions against the annotated organs and groups of each case; distances in mm, where lengths are known.
 *
 * @throws Error with the case's id when a prediction does not lie on the grid of the truth
 */
export async function evaluateCases(
  cases: readonly StudyCase[],
  options: EvaluateOptions,
): Promise<ScoreRow[]> {
  const rows: ScoreRow[] = [];
  const labels = new Map([...options.organs, ...options.groups ?? []].map((label) => [label.number, label]));
  const tolerancesMm = Object.fromEntries(
    [...labels].map(([number, { nsdToleranceMm }]) => [number, nsdToleranceMm]),
  );
  for (const [index, test] of cases.entries()) {
    await eventLoopTurn();
    options.signal?.throwIfAborted();
    const truth = await loadMasked(test);
    const prediction = laid(await options.predict(test), { test, truth });
    const { shape, affine } = truth;
    const scores = scoreEach(prediction.data, truth.data, {
      shape,
      spacing: spacingOf(affine),
      labelSet: withWholes(test),
      tolerancesMm,
      groups: test.groups,
    });
    for (const [number, score] of scores) {
      // An organ of a large scan may take seconds: a stop is heard between two.
      await eventLoopTurn();
      options.signal?.throwIfAborted();
      const { name: organ, nsdToleranceMm } = labels.get(number)!;
      const known = options.nominalSpacing ? { dice: score.dice } : { ...score, nsdToleranceMm };
      rows.push({ case: test.id, dataset: test.dataset, organ, ...known });
    }
    options.onProgress?.(index + 1, cases.length);
  }
  return rows;
}

/** @throws Error with the case's id when a prediction does not lie on the truth's grid */
function laid(
  prediction: Volume<Uint8Array>,
  { test, truth }: { test: StudyCase; truth: Volume },
): Volume<Uint8Array> {
  try {
    return laidOn(truth, { ...prediction, path: test.label }, { name: "the prediction" });
  } catch (error) {
    throw new Error(`Cannot evaluate case ${test.id}: ${(error as Error).message}`, { cause: error });
  }
}

/** The case's labels, and groups all of whose organs are among them: Dice by level. */
function withWholes({ labelSet, groups = {} }: Pick<StudyCase, "labelSet" | "groups">): number[] {
  const organs = leavesOf(labelSet, groups);
  const wholes = labelsWithin(Object.keys(groups).map(Number), organs, groups);
  return [...new Set([...labelSet, ...wholes])].sort((a, b) => a - b);
}

/**
 * Rows that say which person a case is of, by the id of that person's first case: scans of one person are no independent evidence.
 * Where every case is a person of its own, rows stay as they are.
 *
 * @param cases all that were scored
 */
export function withSubjects(
  rows: readonly ScoreRow[],
  cases: readonly Pick<StudyCase, "id" | "dataset" | "subject">[],
): ScoreRow[] {
  const bySubject = [...Map.groupBy(cases, ({ subject }) => subject).values()];
  if (bySubject.every(({ length }) => length === 1)) return [...rows];
  const subjects = new Map(
    bySubject.flatMap((own) => own.map(({ dataset, id }) => [caseKey({ dataset, case: id }), own[0]!.id])),
  );
  return rows.map((row) => ({ ...row, subject: subjects.get(caseKey(row))! }));
}
