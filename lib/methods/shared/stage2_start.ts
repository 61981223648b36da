/**
 * Which models of stage 1 the networks of stage 2 start from (METHOD section 1, stage2Start).
 *
 * @module
 */
import type { TrainedModel } from "../../training/train.ts";
import type { NetworkPlan } from "../../training/plan.ts";

export type Stage2Start = "fresh" | "own" | "team";

/**
 * The model of stage 1 that network k of stage 2 starts from; of more networks than models, the models come in turn.
 *
 * @param specialists models of stage 1, in the order of their datasets
 */
export function startOf(
  k: number,
  { stage2Start, specialists }: { stage2Start: Stage2Start; specialists: readonly TrainedModel[] },
): Pick<NetworkPlan, "from"> {
  if (stage2Start === "fresh") return {};
  const from = specialists[stage2Start === "team" ? 0 : k % specialists.length];
  return from ? { from } : {};
}
