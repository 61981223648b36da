/**
 * Comparisons of arms as tables.
 *
 * @module
 */
import type { Interval } from "../metrics/bootstrap.ts";
import type { Comparison, Metric } from "../metrics/compare_arms.ts";
import { pText, significance, STARS_NOTE } from "./significance.ts";
import { type Cell, type Table, table } from "./table.ts";

export interface ComparisonTableOptions {
  /** @default says what is in it */
  caption?: string;
}

const NAMES: Record<Metric, string> = { dice: "Dice", hd95: "HD95 (mm)" };
const DIGITS: Record<Metric, number> = { dice: 3, hd95: 1 };

/** A row an arm, a column an organ and one for their mean: mean [95 % interval], of HD95 with the misses in brackets. */
export function intervalTable(
  { metric, organs, arms, notes }: Comparison,
  { caption = `${NAMES[metric]}: mean [95 % interval]` }: ComparisonTableOptions = {},
): Table {
  const made = table([], { caption, notes: [...notes.intervals, ...notes.cases] });
  made.columns = ["arm", "seeds", ...organs, "mean"];
  made.rows = arms.map(({ name, seeds, organs: scores, mean }): Cell[] => [
    name,
    seeds,
    ...[...scores, mean].map((score) => {
      const text = intervalText(score, metric);
      return metric === "hd95" && score.missed > 0 ? `${text} (${score.missed})` : text;
    }),
  ]);
  return made;
}

/** A row an arm and organ: paired difference from the reference arm, its interval, pairs, p and Holm's p. */
export function differenceTable(comparison: Comparison, options: ComparisonTableOptions = {}): Table {
  const { metric, organs, arms, reference, notes } = comparison;
  const { caption = `${NAMES[metric]}: paired difference from ${reference ?? "the reference arm"}` } =
    options;
  const made = table([], {
    columns: ["arm", "organ", "difference", "95 % interval", "pairs", "p", "p (Holm)"],
    caption,
    notes: [...notes.intervals, ...notes.tests],
  });
  made.rows = arms.flatMap(({ name, organs: scores, mean }) =>
    [...scores, mean].flatMap(({ difference }, index): Cell[][] => {
      if (!difference) return [];
      const { pairs, p, adjusted } = difference;
      return [[
        ...[name, organs[index] ?? "mean"],
        signed(difference.mean, metric),
        Number.isNaN(difference.low)
          ? null
          : `${signed(difference.low, metric)} to ${signed(difference.high, metric)}`,
        ...[pairs, pText(p) || null],
        { text: pText(adjusted) || "–", mark: significance(adjusted) },
      ]];
    })
  );
  if (made.rows.some((row) => (row[6] as { mark: string }).mark !== "")) {
    made.notes = [...made.notes, STARS_NOTE];
  }
  return made;
}

function intervalText({ mean, low, high }: Interval, metric: Metric): string {
  if (Number.isNaN(mean)) return "–";
  const [a, b, c] = [mean, low, high].map((value) => value.toFixed(DIGITS[metric]));
  return Number.isNaN(low) ? a : `${a} [${b},\u00a0${c}]`;
}

/** With its sign; a difference that is printed as nothing has none. */
function signed(value: number, metric: Metric): string {
  if (Number.isNaN(value)) return "–";
  const text = Math.abs(value).toFixed(DIGITS[metric]);
  return Number(text) === 0 ? text : `${value > 0 ? "+" : "−"}${text}`;
}
