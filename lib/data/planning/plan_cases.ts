/**
 * Training, validation and test cases of a planned dataset.
 *
 * @module
 */
import type { CaseRule } from "../cohorts/cohort.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { hashFraction, subjectOf } from "../cohorts/subject.ts";

export interface PlannedCases {
  training: CaseRule;
  validation: CaseRule;
  test: CaseRule;
}

/** Where validation and test begin, as shares of the subjects. */
const CUTS = [0.7, 0.8] as const;

/** The shortest number, of four digits at least, above one hash and not above the next: cuts are read and edited by people. */
function between(low: number, high: number): number {
  const middle = (low + high) / 2;
  for (let digits = 4; digits < 17; digits++) {
    const cut = Number(middle.toFixed(digits));
    if (cut > low && cut <= high) return cut;
  }
  return high;
}

/**
 * Cuts the subjects by their hashes, at the usual shares; where few subjects would leave a part empty, at the places
 * that give every part its share, at least one.
 */
function cuts(hashes: number[], shares: readonly number[]): number[] {
  const sorted = [...new Set(hashes)].sort((a, b) => a - b);
  const edges = [0, ...shares, 1];
  const filled = edges.slice(1).every((to, part) => sorted.some((hash) => hash >= edges[part]! && hash < to));
  if (filled) return [...shares];
  let before = 0;
  return shares.map((share, index) => {
    const most = sorted.length - (shares.length - index);
    before = Math.min(most, Math.max(before + 1, Math.round(share * sorted.length)));
    return between(sorted[before - 1]!, sorted[before]!);
  });
}

/**
 * Rules by the hash of the subject; a dataset's own splits are kept where they are called train…, val… and test….
 *
 * @throws when there are too few subjects for the parts
 */
export function planCases({ name, cases, splits }: Dataset, seed: number): PlannedCases {
  const find = (start: RegExp) => Object.keys(splits ?? {}).find((split) => start.test(split));
  const [train, validation, test] = [find(/^tr/i), find(/^val/i), find(/^te?st/i)];
  const own = train !== undefined && validation !== undefined;
  const pool = cases.filter(({ id, label, annotated }) =>
    label !== undefined && annotated.length > 0 && (!own || splits![train]!.includes(id))
  );
  const hashes = pool.map((scan) => hashFraction(seed, subjectOf(scan)));
  const parts = own ? (test === undefined ? 2 : 1) : 3;
  const subjects = new Set(hashes).size;
  if (subjects < parts) {
    throw new Error(
      `Cannot plan dataset ${name}: training, validation and test need ${parts} subjects with labels, it has ${subjects}`,
    );
  }
  if (own) {
    if (test !== undefined) {
      return { training: { split: train }, validation: { split: validation }, test: { split: test } };
    }
    const [cut] = cuts(hashes, [CUTS[1]]) as [number];
    return {
      training: { split: train, fraction: [0, cut] },
      validation: { split: validation },
      test: { split: train, fraction: [cut, 1] },
    };
  }
  const [first, second] = cuts(hashes, CUTS) as [number, number];
  return {
    training: { fraction: [0, first] },
    validation: { fraction: [first, second] },
    test: { fraction: [second, 1] },
  };
}
