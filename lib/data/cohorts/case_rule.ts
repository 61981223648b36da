/**
 * Choosing cases by rule, so that a cohort fits any data of its layout.
 *
 * @module
 */
import type { CaseRule } from "./cohort.ts";
import { hashFraction } from "./subject.ts";

/** What a rule looks at. */
export interface Candidate {
  id: string;
  subject: string;
  /** Organs annotated in the case, in the study's names. */
  annotated: readonly string[];
}

export interface RuleContext {
  /** Seed of the subjects' hash. */
  seed: number;
  /** The dataset's splits. @default undefined */
  splits?: Record<string, string[]> | undefined;
}

/** Share of subjects that count as split `train` in a dataset without splits; the others are `validation`. */
const TRAINING_SHARE = 0.8;

/** Orders ids as people would: `case_9` before `case_10`. */
export const byId = new Intl.Collator("en", { numeric: true });

/**
 * A dataset without `splits` is split by a second, independent hash of the subject, so that a rule which names a
 * split works on it too. In one with splits, the name must be there.
 */
function inSplit({ id, subject }: Candidate, split: string, { seed, splits }: RuleContext): boolean {
  if (splits) {
    if (!splits[split]) {
      throw new Error(
        `Cannot choose cases: split must be one of ${Object.keys(splits).join(", ")}, is ${split}`,
      );
    }
    return splits[split].includes(id);
  }
  return split === (hashFraction(`split ${seed}`, subject) < TRAINING_SHARE ? "train" : "validation");
}

/**
 * The cases a rule means, by id. Deterministic: it depends on the seed, the subjects and the cases, not on their
 * order. All scans of a subject fall into the same fraction.
 *
 * @throws when the rule names a split that the dataset's splits lack
 */
export function chooseCases<T extends Candidate>(
  candidates: readonly T[],
  rule: CaseRule,
  context: RuleContext,
): T[] {
  const { split, fraction: [from, to] = [0, 1], requires = [], count = Infinity } = rule;
  return candidates
    .map((candidate) => ({ candidate, hash: hashFraction(context.seed, candidate.subject) }))
    .filter(({ candidate, hash }) =>
      hash >= from && hash < to &&
      requires.every((organ) => candidate.annotated.includes(organ)) &&
      (split === undefined || inSplit(candidate, split, context))
    )
    .sort((a, b) => a.hash - b.hash || byId.compare(a.candidate.id, b.candidate.id))
    .slice(0, count)
    .map(({ candidate }) => candidate)
    .sort((a, b) => byId.compare(a.id, b.id));
}
