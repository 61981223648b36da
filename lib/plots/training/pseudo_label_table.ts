/**
 * Pseudo labels of several arms in figures.
 *
 * @module
 */
import { armsOf, knownOrgans } from "../../metrics/score_row.ts";
import { countText } from "./pseudo_filter_table.ts";
import type { PseudoLabelQualityRow } from "./pseudo_label_quality.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

export interface PseudoLabelTableOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** @default "Pseudo labels by organ and filter" */
  caption?: string;
}

/**
 * A row an arm and organ: how many pseudo labels were kept, and how many each filter dropped, each with the mean Dice with
 * the hidden truth in brackets, where anybody knows it. Several seeds are counted together.
 *
 * @example
 * ```ts
 * import { chooseArms, readPseudoLabels } from "consilium/results";
 * import { pseudoLabelTable } from "consilium/plots";
 *
 * const { arms } = await chooseArms("hippocampus", "mutual, independent");
 * const labels = arms.map(async ({ name, runs }) => [name, await readPseudoLabels(runs[0])]);
 * pseudoLabelTable(Object.fromEntries(await Promise.all(labels)));
 * ```
 */
export function pseudoLabelTable(
  rows: Readonly<Record<string, readonly PseudoLabelQualityRow[]>>,
  { organs = [], caption = "Pseudo labels by organ and filter" }: PseudoLabelTableOptions = {},
): Table {
  const arms = armsOf(rows).filter(([, list]) => list.length > 0);
  const all = arms.flatMap(([, list]) => list);
  const ordered = knownOrgans(arms, organs);
  const filters = [...new Set(all.filter(({ kept }) => !kept).map(({ filter }) => filter))];
  const made = table([], {
    columns: ["arm", "organ", "kept", ...filters.map((filter) => `dropped: ${filter || "no reason given"}`)],
    caption,
    notes: all.length > 0
      ? [
        "Number of pseudo labels, and in brackets their mean Dice with the hidden truth, which training never sees.",
      ]
      : ["None of the arms has pseudo labels."],
  });
  made.rows = arms.flatMap(([arm, list]) =>
    ordered.flatMap((organ): Cell[][] => {
      const own = list.filter((row) => row.organ === organ);
      if (own.length === 0) return [];
      const dropped = filters.map((filter) => own.filter((row) => !row.kept && row.filter === filter));
      return [[arm, organ, countText(own.filter(({ kept }) => kept)), ...dropped.map(countText)]];
    })
  );
  return made;
}
