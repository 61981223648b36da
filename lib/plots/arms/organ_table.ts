/**
 * Scores of arms: organs down, arms across.
 *
 * @module
 */
import type { Metric } from "../../metrics/metric.ts";
import { type Arms, armsOf, isMiss, metricsOf, type ScoreRow } from "../../metrics/score_row.ts";
import { scoreArms, type ScoredArm, scoreHeading } from "../../comparison/score_arms.ts";
import { requireRows, undefinedNote } from "./metric_rows.ts";
import { diceText, scoreText } from "./score_text.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

export interface OrganTableOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Columns of each arm. @default those that the rows have */
  metrics?: readonly Metric[];
  /** @default "" */
  caption?: string;
}

/**
 * A row an organ and one of their mean; for each arm its scores, each by the statistic that its column names, of Dice with
 * the standard deviation over cases. Undefined values (organ in neither truth nor prediction) are left out and counted in a
 * note. A missed organ counts: its Dice is 0 and its distances are larger than any number (METHOD section 0, rule 4). The last row is
 * the mean over organs of what stands above it.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * organTable(scores, { metrics: ["dice", "nsd"] });
 * ```
 */
export function organTable(rows: Arms<ScoreRow>, options: OrganTableOptions = {}): Table {
  const { organs: vocabulary = [], metrics = metricsOf(rows), caption = "" } = options;
  const arms = armsOf(rows);
  const all = arms.flatMap(([, list]) => list);
  requireRows("make the table of organs", all);
  const scored = metrics.map((metric) => scoreArms(rows, { metric, organs: vocabulary }));
  const { organs } = scoreArms(rows, { organs: vocabulary });
  const made = table([], {
    columns: ["organ"],
    caption,
    notes: [
      `Last row: means over organs.${metrics.includes("dice") ? " ±: standard deviation over cases." : ""}`,
      ...all.some(isMiss)
        ? ["Missed: in one of truth and prediction only (Dice 0; a distance larger than any number)."]
        : [],
      ...undefinedNote(arms, organs),
    ],
  });
  made.rows = [...organs, "mean"].map((organ): Cell[] => [organ]);
  for (const [arm] of arms) {
    for (const scores of scored) {
      made.columns.push(`${arm} ${scoreHeading(scores)}`.trim());
      const found = scores.arms.find(({ name }) => name === arm);
      made.rows.forEach((row, index) => row.push(cellOf(found, index, scores.metric)));
    }
  }
  return made;
}

function cellOf(arm: ScoredArm | undefined, index: number, metric: Metric): string {
  if (!arm) return "–";
  const score = arm.organs[index] ?? arm.mean;
  // The deviation is Dice's alone: a distance is skewed, and a column of both is wide.
  return metric === "dice" ? diceText(score) : scoreText(score, metric);
}
