/**
 * The runs that a claim card wants, as a sweep.
 *
 * @module
 */
import type { ClaimCard } from "../../comparison/claims/judged_card.ts";
import { parseSweep, type Sweep } from "../../runs/sweeps/sweep.ts";

/** Each arm with all seeds. */
export function claimSweep({ path, claim: { claim, cohort, seeds, arms } }: ClaimCard): Sweep {
  const variants = Object.fromEntries(
    Object.entries(arms).map(([name, given]) => [name, { cohort, ...given }]),
  );
  return parseSweep({ description: claim, axes: { seed: seeds }, variants }, path);
}
