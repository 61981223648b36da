/**
 * A fold: which part of a cohort's subjects is tested. It is told with the cohort, as `hippocampus@2/5`, since it changes which cases are
 * in which role and nothing else.
 *
 * @module
 */

/** The part-th of so many parts is tested. */
export interface Fold {
  /** 1…of. */
  part: number;
  /** At least three: one to test, one to validate, one to train. */
  of: number;
}

/** A cohort as it is asked for, without its fold, and that one. */
export interface FoldedName {
  /** A name or the path of a JSON file. */
  cohort: string;
  fold?: Fold;
}

const FOLDED = /^(.+)@(\d+\/\d+)$/;

/** @throws Error when there cannot be such a fold, or there are two: one in the cohort's name, and one told beside it */
export function splitFold(asked: string): FoldedName {
  const [, cohort, fold] = FOLDED.exec(asked) ?? [];
  if (cohort === undefined) return { cohort: asked };
  const [, , other] = FOLDED.exec(cohort) ?? [];
  if (other !== undefined) {
    throw new Error(`Cannot deal folds: a fold must be given once, is given twice: ${cohort} and ${fold}`);
  }
  return { cohort, fold: parseFold(fold!) };
}

/**
 * @param text such as `2/5`
 * @throws Error when it is none
 */
export function parseFold(text: string): Fold {
  const [part = 0, of = 0] = /^\d+\/\d+$/.test(text) ? text.split("/").map(Number) : [];
  if (of >= 3 && part >= 1 && part <= of) return { part, of };
  throw new Error(`Cannot deal folds: a fold must be 1/n to n/n with n from 3 on, current value is ${text}`);
}

/** The inverse of {@linkcode splitFold}. */
export function withFold(cohort: string, fold: Fold | undefined): string {
  return fold ? `${cohort}@${foldText(fold)}` : cohort;
}

/** `2/5`. */
export function foldText({ part, of }: Fold): string {
  return `${part}/${of}`;
}
