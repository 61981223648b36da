/**
 * What each filter of pseudo labels does, in figures.
 *
 * @module
 */
import { type Arms, armsOf } from "../../metrics/score_row.ts";
import { summarise } from "../../metrics/statistics.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

/** What the table reads of one row of pseudo_labels.csv: an organ that was missing in a training case. */
export interface PseudoFilterRow {
  kept: boolean;
  /** The filter that dropped the organ; empty when it was kept. */
  filter: string;
  /** All filters that objected, each as if it were alone. @default nobody knows, as of earlier runs */
  objections?: readonly string[];
  /** With the hidden truth, 0…1; NaN where nobody knows it. */
  dice: number;
}

export interface PseudoFilterTableOptions {
  /** @default "Filters of pseudo labels" */
  caption?: string;
}

/** Those that drop nothing, or are off, have a line, too. */
const FILTERS = ["confidence", "agreement", "volume", "feature"];

/**
 * A row a filter: how many pseudo labels it dropped, of which it was the first to object; and how many it would drop and keep if there
 * were no other. Each with the mean Dice with the hidden truth in brackets, where anybody knows it: a filter is worth having where
 * the labels it drops are worse than those it keeps. The last row is of all filters together.
 *
 * @example
 * ```ts
 * import { listRuns, readPseudoLabels } from "consilium/results";
 * import { pseudoFilterTable } from "consilium/plots";
 *
 * const [run] = await listRuns("hippocampus");
 * pseudoFilterTable(await readPseudoLabels(run!));
 * ```
 */
export function pseudoFilterTable(
  rows: Arms<PseudoFilterRow>,
  { caption = "Filters of pseudo labels" }: PseudoFilterTableOptions = {},
): Table {
  const arms = armsOf(rows).filter(([, list]) => list.length > 0);
  const named = arms.some(([arm]) => arm !== "");
  const made = table([], {
    columns: [...named ? ["arm"] : [], "filter", "dropped", "alone: drops", "alone: keeps"],
    caption,
    notes: arms.length > 0
      ? [
        "Number of pseudo labels, and in brackets their mean Dice with the hidden truth, which training never sees. " +
        "Dropped: as the first of the filters that object; alone: if there were no other filter.",
      ]
      : ["None of the arms has pseudo labels."],
  });
  made.rows = arms.flatMap(([arm, list]) => {
    const others = list.map(({ filter }) => filter).filter((filter) => filter !== "" && filter !== "empty");
    const empty = list.some(({ filter }) => filter === "empty") ? ["empty"] : [];
    const dropped = list.filter(({ kept }) => !kept);
    const lines = [...new Set([...empty, ...FILTERS, ...others])].map((filter) => [
      filter,
      countText(dropped.filter((row) => row.filter === filter)),
      ...alone(list, filter),
    ]);
    const all = ["all", countText(dropped), countText(dropped), countText(list.filter(({ kept }) => kept))];
    return [...lines, all].map((line): Cell[] => named ? [arm, ...line] : line);
  });
  return made;
}

/** What a filter would drop, and keep, by itself; where there is no label, none is kept either. */
function alone(list: readonly PseudoFilterRow[], filter: string): [drops: string, keeps: string] {
  if (list.some(({ objections }) => !objections)) return ["–", "–"];
  const objects = ({ objections }: PseudoFilterRow) => objections!.includes(filter);
  const others = list.filter((row) => !objects(row) && row.filter !== "empty");
  return [countText(list.filter(objects)), countText(others)];
}

/** Number of pseudo labels, with their mean Dice where it is known: `12 (0.853)`. */
export function countText(rows: readonly Pick<PseudoFilterRow, "dice">[]): string {
  const { mean } = summarise(rows.map(({ dice }) => dice));
  return Number.isNaN(mean) ? `${rows.length}` : `${rows.length} (${mean.toFixed(3)})`;
}
