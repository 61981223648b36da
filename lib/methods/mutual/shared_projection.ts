/**
 * One projection of features for a team of networks: a space in which features of different models may be compared.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { NetworkPlan } from "../../training/plan.ts";

/** Of network k of one a dataset: all have the first one's. */
export function projectionOf(
  k: number,
  { datasets, sharedProjection }: Pick<PreparedStudy, "datasets"> & { sharedProjection: boolean },
): Pick<NetworkPlan, "projectionOf"> {
  return sharedProjection && k > 0 ? { projectionOf: datasets[0]!.name } : {};
}

/** What the study lacks for it, as a sentence's end. */
export function lackOfProjection(
  { network }: Pick<PreparedStudy, "network">,
  { sharedProjection }: { sharedProjection: boolean },
): string | undefined {
  if (!sharedProjection || network.projection !== undefined) return undefined;
  return "sharedProjection = true wants networks with a projection (network.projection of the cohort), these have none";
}
