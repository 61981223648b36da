/**
 * The table of a paper: organs down, arms across.
 *
 * @module
 */
import { mean, medianSorted, sampleStandardDeviation } from "simple-statistics";
import { type Arms, armsOf, type MetricRow, organsOf, requireRows, undefinedNote } from "./metric_rows.ts";
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
    const summaries = organs.map((organ) => summarise(list.filter((row) => row.organ === organ)));
    summaries.forEach((summary, index) => {
      records[index][dice] = diceText(summary);
      records[index][hd95] = distanceText(summary);
    });
    const present = summaries.filter(({ count }) => count > 0);
    records[organs.length][dice] = present.length > 0 ? mean(present.map((s) => s.dice)).toFixed(3) : "–";
    records[organs.length][hd95] = distanceText({
      count: present.length,
      hd95: present.reduce((sum, s) => sum + s.hd95, 0) / present.length,
      missed: present.reduce((sum, s) => sum + s.missed, 0),
    });
  }
  const infinite = arms.some(([, list]) => list.some((row) => row.hd95_mm === Infinity));
  const notes = [
    "Dice: mean ± standard deviation over cases; HD95: median.",
    ...infinite ? ["Missed: the organ is in one of truth and prediction only (Dice 0, HD95 ∞)."] : [],
    ...undefinedNote(arms, organs),
  ];
  return table(records, { caption, notes });
}

interface Summary {
  /** Values that are defined. */
  count: number;
  dice: number;
  /** NaN with fewer than two values. */
  deviation: number;
  hd95: number;
  missed: number;
}

function summarise(rows: readonly MetricRow[]): Summary {
  const defined = rows.filter((row) => !Number.isNaN(row.dice));
  const dice = defined.map((row) => row.dice);
  const distances = defined.map((row) => row.hd95_mm).sort((a, b) => a - b);
  return {
    count: defined.length,
    dice: dice.length > 0 ? mean(dice) : NaN,
    deviation: dice.length > 1 ? sampleStandardDeviation(dice) : NaN,
    hd95: distances.length > 0 ? medianSorted(distances) : NaN,
    missed: distances.filter((value) => value === Infinity).length,
  };
}

function diceText({ count, dice, deviation }: Summary): string {
  if (count === 0) return "–";
  return Number.isNaN(deviation) ? dice.toFixed(3) : `${dice.toFixed(3)} ± ${deviation.toFixed(3)}`;
}

function distanceText({ count, hd95, missed }: Pick<Summary, "count" | "hd95" | "missed">): string {
  if (count === 0) return "–";
  const text = Number.isFinite(hd95) ? hd95.toFixed(1) : "∞";
  return missed > 0 ? `${text} (${missed} missed)` : text;
}
