/**
 * What validation cases decided on postprocessing, below the cell and in the run's folder.
 *
 * @module
 */
import type { Study } from "../../data/cohorts/study.ts";
import type { OrganDecision } from "../../inference/decide_postprocessing.ts";
import { describeRule, takesAway } from "../../models/postprocessing_rule.ts";
import type { Run } from "../../runs/open_run.ts";

/** Says what was decided, and writes postprocessing.csv; nothing where nothing was to be decided. */
export async function tellDecisions(
  decisions: readonly OrganDecision[],
  { study, run }: { study: Pick<Study, "organs">; run: Pick<Run, "writePostprocessing"> },
): Promise<void> {
  if (decisions.length === 0) return;
  const nameOf = new Map(study.organs.map(({ number, name }) => [number, name]));
  const rows = decisions.map(({ rule: { organ, ...rule }, ...found }) => ({
    organ: nameOf.get(organ)!,
    ...rule,
    ...found,
  }));
  await run.writePostprocessing(rows);
  const changed = rows.filter(takesAway).map(({ organ, before, after, ...rule }) =>
    `${organ} keeps ${describeRule(rule)} (validation Dice ${before.toFixed(4)} → ${after.toFixed(4)})`
  );
  console.log(
    changed.length > 0
      ? `Postprocessing: ${changed.join("; ")}`
      : "Postprocessing: nothing is taken away, validation Dice of no organ rises by it",
  );
}
