/**
 * Training of several arms side by side.
 *
 * @module
 */
import type { HistoryRow } from "../../training/recorder.ts";
import { armsOf } from "../../metrics/score_row.ts";
import type { Figure } from "../figure.ts";
import { trainingCurves, type TrainingCurvesOptions } from "../training/training_curves.ts";

/**
 * The panels of {@linkcode trainingCurves} with a line an arm: the mean over its models of what they logged at a step. Of
 * validation scores by organ only their mean is drawn.
 *
 * @example
 * ```ts
 * import { readArms, readHistory } from "consilium/results";
 * import { armCurves } from "consilium/plots";
 *
 * const arms = await readArms("hippocampus");
 * const histories = await Promise.all(arms.map(async ({ name, runs }) => [name, await readHistory(runs[0])]));
 * armCurves(Object.fromEntries(histories));
 * ```
 */
export function armCurves(
  histories: Readonly<Record<string, readonly HistoryRow[]>>,
  { title = "Training curves of the arms, mean over their models", ...options }: TrainingCurvesOptions = {},
): Figure {
  return trainingCurves(armsOf(histories).flatMap(([arm, rows]) => meanOfModels(arm, rows)), {
    title,
    ...options,
  });
}

function meanOfModels(arm: string, rows: readonly HistoryRow[]): HistoryRow[] {
  const steps = Map.groupBy(rows, ({ stage, step }) => JSON.stringify([stage, step]));
  return [...steps.values()].map((same) => {
    const names = new Set(
      same.flatMap(({ terms }) => Object.keys(terms)).filter((name) => !name.includes("/")),
    );
    const terms = Object.fromEntries([...names].map((name) => {
      const values = same.flatMap(({ terms }) => Object.hasOwn(terms, name) ? [terms[name]!] : []);
      return [name, values.reduce((a, b) => a + b) / values.length];
    }));
    return { ...same[0]!, model: arm, terms };
  });
}
