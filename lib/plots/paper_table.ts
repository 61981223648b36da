/**
 * The table of a paper: organs down, arms across, for several seeds.
 *
 * @module
 */
import type { ArmScore, ComparedArm, Comparison, Metric } from "../metrics/compare_arms.ts";
import { significance, STARS_NOTE } from "./significance.ts";
import { type MarkedCell, type Table, table } from "./table.ts";

/** From so many seeds on, their standard deviation is given. */
const LEAST_SEEDS = 3;

export interface PaperTableOptions {
  /** @default "" */
  caption?: string;
  /** Arms that are never set in bold, such as an upper bound. @default [] */
  bounds?: readonly string[];
}

/**
 * A block of Dice and one of HD95, a row an organ and one of their plain mean. Cells are the mean over cases and seeds ±
 * the standard deviation over seeds; where no arm has three, ± is over cases, and a note says so. In brackets stand the
 * organs missed (METHOD, rule 4). The best is bold, of HD95 among the arms that missed the smallest share; stars mark
 * Holm-adjusted differences from the reference arm.
 *
 * @param comparisons of the same arms, in the order of their blocks
 */
export function paperTable(
  comparisons: readonly Comparison[],
  { caption = "", bounds = [] }: PaperTableOptions = {},
): Table {
  const { arms } = comparisons[0];
  const overSeeds = arms.some(({ seeds }) => seeds >= LEAST_SEEDS);
  const columns = ["organ", ...arms.map(({ name }) => name)];
  const records: MarkedCell[][] = [];
  const blocks: number[] = [];
  for (const comparison of comparisons) {
    blocks.push(records.length);
    records.push([{ text: TITLES[comparison.metric], bold: true }, ...arms.map(() => ({ text: "" }))]);
    const { metric, organs } = comparison;
    const rows: [string, (arm: ComparedArm) => ArmScore][] = organs.map((
      organ,
      i,
    ) => [organ, (arm) => arm.organs[i]]);
    for (const [organ, pick] of [...rows, ["mean", ({ mean }: ComparedArm) => mean] as const]) {
      const scores = comparison.arms.map(pick);
      const best = bestOf(scores, {
        metric,
        ranked: comparison.arms.map(({ name }) => !bounds.includes(name)),
      });
      records.push([
        { text: organ },
        ...comparison.arms.map(({ seeds }, index) => ({
          text: scoreText(scores[index], {
            metric,
            deviation: deviationOf(scores[index], { overSeeds, seeds }),
          }),
          bold: best[index],
          mark: significance(scores[index].difference?.adjusted ?? NaN),
        })),
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

const TITLES: Record<Metric, string> = { dice: "Dice", hd95: "HD95 (mm)" };
const DIGITS: Record<Metric, number> = { dice: 3, hd95: 1 };

/** An arm of fewer seeds than three stands without a deviation beside arms with theirs: one table, one meaning of ±. */
function deviationOf(
  { seedDeviation, caseDeviation }: ArmScore,
  { overSeeds, seeds }: { overSeeds: boolean; seeds: number },
): number {
  if (!overSeeds) return caseDeviation;
  return seeds >= LEAST_SEEDS ? seedDeviation : NaN;
}

function scoreText(
  { mean, missed }: ArmScore,
  { metric, deviation }: { metric: Metric; deviation: number },
): string {
  const digits = DIGITS[metric];
  const lost = metric === "hd95" && missed > 0 ? ` (${missed})` : "";
  if (Number.isNaN(mean)) return lost === "" ? "–" : `∞${lost}`;
  return `${mean.toFixed(digits)}${Number.isNaN(deviation) ? "" : ` ± ${deviation.toFixed(digits)}`}${lost}`;
}

/** Which scores are the best as they are printed. */
function bestOf(scores: ArmScore[], { metric, ranked }: { metric: Metric; ranked: boolean[] }): boolean[] {
  const sign = metric === "dice" ? 1 : -1;
  const share = ({ missed, values }: ArmScore) => metric === "hd95" ? missed / values : 0;
  const eligible = scores.map((score, index) => ranked[index] && !Number.isNaN(score.mean));
  if (eligible.filter(Boolean).length < 2) return scores.map(() => false);
  const least = Math.min(...scores.filter((_, index) => eligible[index]).map(share));
  const shown = scores.map(({ mean }) => sign * Number(mean.toFixed(DIGITS[metric])));
  const fair = scores.map((score, index) => eligible[index] && share(score) === least);
  const best = Math.max(...shown.filter((_, index) => fair[index]));
  return shown.map((value, index) => fair[index] && value === best);
}

interface NotesOptions {
  overSeeds: boolean;
  records: MarkedCell[][];
  bounds: readonly string[];
}

function notesOf(comparisons: readonly Comparison[], { overSeeds, records, bounds }: NotesOptions): string[] {
  const { arms } = comparisons[0];
  const counts = [...new Set(arms.map(({ seeds }) => seeds))];
  const each = counts.length === 1
    ? `${counts[0]} ${counts[0] === 1 ? "seed" : "seeds"} an arm`
    : `seeds: ${arms.map(({ name, seeds }) => `${name} ${seeds}`).join(", ")}`;
  const missed = comparisons.some(({ metric, arms }) =>
    metric === "hd95" && arms.some(({ mean }) => mean.missed > 0)
  );
  const cells = records.flat();
  const tested = comparisons.some(({ arms }) =>
    arms.some(({ mean }) => mean.difference && mean.difference.p >= 0)
  );
  const left = arms.filter(({ name }) => bounds.includes(name)).map(({ name }) => name);
  return [
    overSeeds
      ? `Mean ± standard deviation over seeds (${each}${
        arms.every(({ seeds }) => seeds >= LEAST_SEEDS) ? "" : `; no ± below ${LEAST_SEEDS}`
      }).`
      : `Mean ± standard deviation over cases, for there are fewer than ${LEAST_SEEDS} seeds (${each}): ` +
        "what another seed would give is in neither it nor any p-value.",
    ...missed
      ? ["In brackets: organs missed (in one of truth and prediction only), left out of the mean HD95."]
      : [],
    ...cells.some(({ bold, text }) => bold && /^\d/.test(text))
      ? [
        `Bold: best${left.length > 0 ? ` but for ${left.join(", ")}` : ""}` +
        `${missed ? "; of HD95 among the arms that missed the smallest share" : ""}.`,
      ]
      : [],
    ...comparisons[0].notes.tests,
    ...tested ? [cells.some(({ mark }) => mark) ? STARS_NOTE : "No adjusted p is below 0.05."] : [],
    ...new Set(comparisons.flatMap(({ notes }) => notes.cases.filter((note) => !note.startsWith("HD95")))),
  ];
}
