/**
 * What validation decided to take away from predictions.
 *
 * @module
 */
import { describeRule, takesAway } from "../../models/postprocessing_rule.ts";
import type { PostprocessingRow } from "../../runs/tables/postprocessing.ts";
import { type Table, table } from "../tables/table.ts";

/** Rows of postprocessing.csv of one run. */
export interface PostprocessingOfRun {
  arm: string;
  seed: number | undefined;
  rows: readonly PostprocessingRow[];
}

/**
 * A row for each organ of a run from whose predictions something is taken away: what stays, and the mean validation Dice as
 * predicted and with the rule.
 *
 * @example
 * ```ts
 * import { listRuns, readPostprocessing } from "consilium/results";
 * import { postprocessingTable } from "consilium/plots";
 *
 * const [run] = await listRuns("hippocampus");
 * const rows = await readPostprocessing(run!);
 * postprocessingTable([{ arm: "mutual", seed: run!.record.seed, rows }]);
 * ```
 */
export function postprocessingTable(runs: readonly PostprocessingOfRun[]): Table {
  const decided = runs.filter(({ rows }) => rows.length > 0).length;
  return table(
    runs.flatMap(({ arm, seed, rows }) =>
      rows.filter(takesAway).map(({ organ, cases, before, after, ...rule }) => ({
        arm,
        seed,
        organ,
        "what stays": describeRule(rule),
        "as predicted": before.toFixed(4),
        "with the rule": after.toFixed(4),
        "validation cases": cases,
      }))
    ),
    {
      columns: ["arm", "seed", "organ", "what stays", "as predicted", "with the rule", "validation cases"],
      caption: "Postprocessing, decided on validation cases: mean validation Dice",
      notes: [
        `${decided} of ${runs.length} runs decided on it; organs that are not named stay as predicted.`,
      ],
    },
  );
}
