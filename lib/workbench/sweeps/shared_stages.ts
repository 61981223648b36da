/**
 * Stages that an ablation's members have in common, for the time left.
 *
 * @module
 */
import type { StageWork } from "../../runs/progress/forecast.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";

/** What is read of a member. */
interface Planned {
  parameters: Parameters;
  plan: readonly StageWork[];
}

/**
 * The members, planned without the stages that an earlier one of their seed computes: those that begin with the very same work.
 * It is for arms of `mutual` on one cohort, all of which differ in stage 2 at the latest.
 */
export function withoutShared<M extends Planned>(members: readonly M[]): M[] {
  const shared = new Set<string>();
  return members.map((member) => {
    const { plan, parameters: { seed } } = member;
    let same = true;
    const own = plan.filter((stage, index) => {
      const key = JSON.stringify([seed, plan.slice(0, index + 1)]);
      same &&= shared.has(key) && stage.stage !== "full_organ";
      shared.add(key);
      return !same;
    });
    return { ...member, plan: own };
  });
}
