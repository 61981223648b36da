/** A claim card as its file has it, for tests. */

/** Of two arms on a cohort of the project; changes replace whole keys. */
export function claimJson(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: "Mutual learning",
    claim: "Together is better than alone.",
    source: "nobody",
    cohort: "phantom_shift",
    arms: { together: { experiment: "mutual" }, alone: { experiment: "independent" } },
    outcome: { arm: "together", reference: "alone", direction: "more", smallestDifference: 0.01 },
    expected: { halfWidth: 0.01, from: "two pilot seeds" },
    ...changes,
  };
}
