/**
 * The table of an ablation as papers have it: what each arm has, and how it scores.
 *
 * @module
 */
import type { Comparison } from "../../comparison/comparison.ts";
import { metrics } from "../../metrics/metric.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { signedText, valueText, withMisses } from "./score_text.ts";
import { significance, STARS_NOTE } from "./significance.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

export interface IngredientTableOptions {
  /** Of each ingredient the arms that have it. */
  ingredients: Readonly<Record<string, readonly string[]>>;
  /** @default "" */
  caption?: string;
}

/**
 * A row an arm: ✓ or ✗ for each ingredient, then the mean over organs by each metric, ± its standard deviation over seeds, and the
 * difference from the reference arm with stars.
 *
 * @param comparisons of the same arms
 * @throws {Error} There is none.
 */
export function ingredientTable(
  comparisons: readonly Comparison[],
  { ingredients, caption = "" }: IngredientTableOptions,
): Table {
  const [first] = comparisons;
  if (!first) {
    throw new Error("Cannot make the table of an ablation: at least one comparison is wanted, there are 0");
  }
  const { reference, arms } = first, names = Object.keys(ingredients);
  const made = table([], { caption });
  made.columns = [
    ...["arm", ...names],
    ...comparisons.flatMap((comparison) => [
      scoreTitle(comparison),
      ...reference === undefined ? [] : [`${comparison.name} minus ${reference}`],
    ]),
  ];
  made.rows = arms.map(({ name }, place): Cell[] => [
    name,
    ...names.map((ingredient) => ingredients[ingredient]!.includes(name) ? "✓" : "✗"),
    ...comparisons.flatMap((comparison): Cell[] => {
      const { metric } = comparison, score = comparison.arms[place]!.mean;
      const spread = Number.isNaN(score.seedDeviation)
        ? ""
        : ` ± ${score.seedDeviation.toFixed(metrics[metric].digits)}`;
      const text = withMisses(`${valueText(score.value, metric)}${spread}`, score, metric);
      if (reference === undefined) return [text];
      const { difference } = score;
      const mark = significance(difference?.adjusted ?? NaN);
      return [text, difference ? { text: signedText(difference.value, metric), mark } : "–"];
    }),
  ]);
  const marked = made.rows.flat().some((cell) => typeof cell === "object" && cell !== null && cell.mark);
  const seeds = [...new Set(arms.map(({ seeds }) => seeds))];
  made.notes = [
    `Means over organs; ±: standard deviation over seeds (${
      seeds.length === 1 ? `${seeds[0]} an arm` : arms.map(({ name, seeds }) => `${name} ${seeds}`).join(", ")
    }).`,
    ...first.notes.tests,
    ...marked ? [STARS_NOTE] : [],
    ...new Set(comparisons.flatMap(({ notes }) => notes.cases)),
  ];
  return made;
}
