/**
 * The project's experiments in the order in which tables and figures show them.
 *
 * @module
 */

/** The method, what is taken from it, its simpler relatives, the upper bound. */
export const armOrder: readonly string[] = [
  ...["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing", "independent"],
  ...["pooled", "partial_merged", "single_marginal", "oracle"],
];
