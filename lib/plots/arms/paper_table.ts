/**
 * The table of a paper: organs down, arms across, for several seeds.
 *
 * @module
 */
import type { ArmScore, ComparedArm, Comparison } from "../../comparison/comparison.ts";
import { type Metric, metrics } from "../../metrics/metric.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { valueText, withMisses } from "./score_text.ts";
import { significance, STARS_NOTE } from "./significance.ts";
import { type MarkedCell, type Table, table } from "../tables/table.ts";

/** From so many seeds on, their standard deviation is given. */
const LEAST_SEEDS = 3;

export interface PaperTableOptions {
  /** @default "" */
  caption?: string;
  /** Arms that are never set in bold, such as an upper bound. @default [] */
  bounds?: readonly string[];
}

/**
 * A block a metric, a row an organ and one of their plain mean. Cells are the metric's mean or median over cases, as the
 * block's title says, ± the standard deviation over seeds. Where no arm has three seeds, a mean has ± the standard deviation
 * over cases and a median its quartiles, and a note says so. In brackets stand the organs missed (METHOD section 0, rule 4). The best
 * is bold; stars mark Holm-adjusted differences from the reference arm.
 *
 * @param comparisons of the same arms, in the order of their blocks
 * @throws {Error} There is none.
 *
 * @example
 * ```ts
 * import { compareByAll, readArms, scoresByArm } from "consilium/results";
 * import { paperTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * paperTable(compareByAll(scores, { metrics: ["dice", "hd95"] }), { bounds: ["oracle"] });
 * ```
 */
export function paperTable(
  comparisons: readonly Comparison[],
  { caption = "", bounds = [] }: PaperTableOptions = {},
): Table {
  const [first] = comparisons;
  if (!first) {
    throw new Error("Cannot make the table of a paper: at least one comparison is wanted, there are 0");
  }
  const { arms } = first;
  const overSeeds = arms.some(({ seeds }) => seeds >= LEAST_SEEDS);
  const columns = ["organ", ...arms.map(({ name }) => name)];
  const records: MarkedCell[][] = [];
  const blocks: number[] = [];
  for (const comparison of comparisons) {
    blocks.push(records.length);
    records.push([{ text: scoreTitle(comparison), bold: true }, ...arms.map(() => ({ text: "" }))]);
    const { metric, organs } = comparison;
    const rows: [string, (arm: ComparedArm) => ArmScore][] = organs.map((
      organ,
      i,
    ) => [organ, (arm) => arm.organs[i]!]);
    for (const [organ, pick] of [...rows, ["mean over organs", ({ mean }: ComparedArm) => mean] as const]) {
      const scores = comparison.arms.map(pick);
      const best = bestOf(scores, {
        metric,
        ranked: comparison.arms.map(({ name }) => !bounds.includes(name)),
      });
      records.push([
        { text: organ },
        ...comparison.arms.map(({ seeds }, index) => {
          const score = scores[index]!;
          return {
            text: cellText(score, { metric, overSeeds, seeds }),
            bold: best[index]!,
            mark: significance(score.difference?.adjusted ?? NaN),
          };
        }),
      ]);
    }
  }
  const made = table([], {
    columns,
    caption,
    blocks,
    notes: notesOf(comparisons, { overSeeds, records, bounds }),
  });
  made.rows = records;
  return made;
}

interface CellOptions {
  metric: Metric;
  overSeeds: boolean;
  seeds: number;
}

/** An arm of fewer seeds than three stands without a deviation beside arms with theirs: one table, one meaning of ±. */
function cellText(score: ArmScore, { metric, overSeeds, seeds }: CellOptions): string {
  const { caseDeviation, seedDeviation, quartiles: [first, third] } = score;
  const text = valueText(score.value, metric);
  const deviation = overSeeds ? seeds >= LEAST_SEEDS ? seedDeviation : NaN : caseDeviation;
  const spread = !Number.isNaN(deviation)
    ? ` ± ${deviation.toFixed(metrics[metric].digits)}`
    : overSeeds || metrics[metric].statistic === "mean" || Number.isNaN(first)
    ? ""
    : ` [${valueText(first, metric)}–${valueText(third, metric)}]`;
  return withMisses(`${text}${spread}`, score, metric);
}

/** Which scores are the best as they are printed. */
function bestOf(scores: ArmScore[], { metric, ranked }: { metric: Metric; ranked: boolean[] }): boolean[] {
  const sign = metrics[metric].better === "more" ? 1 : -1;
  const eligible = scores.map(({ value }, index) => ranked[index]! && !Number.isNaN(value));
  if (eligible.filter(Boolean).length < 2) return scores.map(() => false);
  const shown = scores.map(({ value }) => sign * Number(value.toFixed(metrics[metric].digits)));
  const best = Math.max(...shown.filter((_, index) => eligible[index]));
  return shown.map((value, index) => eligible[index]! && value === best && Number.isFinite(value));
}

interface NotesOptions {
  overSeeds: boolean;
  records: MarkedCell[][];
  bounds: readonly string[];
}

function notesOf(comparisons: readonly Comparison[], { overSeeds, records, bounds }: NotesOptions): string[] {
  const { arms, notes: { tests } } = comparisons[0]!;
  const counts = [...new Set(arms.map(({ seeds }) => seeds))];
  const each = counts.length === 1
    ? `${counts[0]} ${counts[0] === 1 ? "seed" : "seeds"} an arm`
    : `seeds: ${arms.map(({ name, seeds }) => `${name} ${seeds}`).join(", ")}`;
  const cells = records.flat();
  const tested = comparisons.some(({ arms }) =>
    arms.some(({ mean }) => mean.difference && mean.difference.p >= 0)
  );
  const left = arms.filter(({ name }) => bounds.includes(name)).map(({ name }) => name);
  const medians = comparisons.some(({ metric }) => metrics[metric].statistic === "median");
  return [
    overSeeds
      ? `±: standard deviation over seeds (${each}${
        arms.every(({ seeds }) => seeds >= LEAST_SEEDS) ? "" : `; no ± below ${LEAST_SEEDS}`
      }).`
      : `±: standard deviation over cases${
        medians ? "; in square brackets: quartiles over cases" : ""
      }; for there are ` +
        `fewer than ${LEAST_SEEDS} seeds (${each}): what another seed would give is in neither them nor any p-value.`,
    ...cells.some(({ bold, text }) => bold && /^\d/.test(text))
      ? [`Bold: best${left.length > 0 ? ` but for ${left.join(", ")}` : ""}.`]
      : [],
    ...tests,
    ...tested ? [cells.some(({ mark }) => mark) ? STARS_NOTE : "No adjusted p is below 0.05."] : [],
    ...new Set(comparisons.flatMap(({ notes }) => notes.cases)),
  ];
}
