/**
 * All folds of a cohort: what runs that are pooled must have in common.
 *
 * @module
 */
import type { Cohort } from "./cohort.ts";
import { type ResolveOptions, resolveStudy } from "./resolve_study.ts";
import type { Study } from "./study.ts";

export interface ResolveFoldsOptions extends Omit<ResolveOptions, "fold"> {
  /** In how many parts the subjects are dealt. */
  of: number;
}

/**
 * The studies of folds 1/n to n/n, in that order.
 *
 * @throws {InvalidFileError} as {@linkcode resolveStudy}, where one of them cannot be
 */
export async function resolveFolds(
  cohort: Cohort,
  { of, ...options }: ResolveFoldsOptions,
): Promise<Study[]> {
  const parts = Array.from({ length: of }, (_, index) => index + 1);
  return await Promise.all(parts.map((part) => resolveStudy(cohort, { ...options, fold: { part, of } })));
}
