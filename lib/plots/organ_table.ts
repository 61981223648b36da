/**
 * The table of a paper: organs down, arms across.
 *
 * @module
 */
import { type Arms, armsOf, type MetricRow, organsOf } from "../metrics/metric_row.ts";
import { summarise, type Summary } from "../metrics/statistics.ts";
import { requireRows, undefinedNote } from "./metric_rows.ts";
import { type Cell, type Table, table } from "./table.ts";

export interface OrganTableOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** @default "" */
  caption?: string;
}

/**
 * A row an organ and one for their mean; for each arm Dice as mean ± standard deviation over cases, and the median
 * HD95. Undefined values (organ in neither truth nor prediction) are left out and counted in a note. A missed organ
 * counts: its Dice is 0 and its HD95 infinite, so a median of more misses than hits is ∞; beside it stands how
 * many values are infinite (METHOD, rule 4). The last row is the mean over organs of what stands above it.
 */
export function organTable(
  rows: Arms<MetricRow>,
  { organs: vocabulary = [], caption = "" }: OrganTableOptions = {},
): Table {
  const arms = armsOf(rows);
  requireRows("make the table of organs", arms.flatMap(([, list]) => list));
  const organs = organsOf(arms, vocabulary);
  const records: Record<string, Cell>[] = [...organs, "mean"].map((organ) => ({ organ }));
  for (const [arm, list] of arms) {
    const [dice, hd95] = [`${arm} Dice`.trim(), `${arm} HD95 (mm)`.trim()];
    const summaries = organs.map((organ) => {
      const scores = list.filter((row) => row.organ === organ);
      return {
        dice: summarise(scores.map((row) => row.dice)),
        hd95: summarise(scores.map((row) => row.hd95)),
      };
    });
    summaries.forEach((summary, index) => {
      records[index][dice] = diceText(summary.dice);
      records[index][hd95] = distanceText(summary.hd95);
    });
    const present = summaries.filter((summary) => summary.dice.finite > 0);
    const means = {
      dice: meanOf(present.map((summary) => summary.dice.mean)),
      hd95: meanOf(present.map((summary) => summary.hd95.median)),
      missed: present.reduce((sum, summary) => sum + summary.hd95.missed, 0),
    };
    records[organs.length][dice] = diceText({ mean: means.dice, std: NaN });
    records[organs.length][hd95] = distanceText({ median: means.hd95, missed: means.missed });
  }
  const infinite = arms.some(([, list]) => list.some((row) => row.hd95 === Infinity));
  const notes = [
    "Dice: mean ± standard deviation over cases; HD95: median.",
    ...infinite ? ["Missed: the organ is in one of truth and prediction only (Dice 0, HD95 ∞)."] : [],
    ...undefinedNote(arms, organs),
  ];
  return table(records, { caption, notes });
}

/** The mean of medians, of which one may be infinite; simple-statistics' compensated sum makes NaN of that. */
function meanOf(values: number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b) / values.length : NaN;
}

function diceText({ mean, std }: Pick<Summary, "mean" | "std">): string {
  if (Number.isNaN(mean)) return "–";
  return Number.isNaN(std) ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${std.toFixed(3)}`;
}

function distanceText({ median, missed }: Pick<Summary, "median" | "missed">): string {
  if (Number.isNaN(median)) return "–";
  const text = Number.isFinite(median) ? median.toFixed(1) : "∞";
  return missed > 0 ? `${text} (${missed} missed)` : text;
}
