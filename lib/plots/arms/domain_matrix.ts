/**
 * Each organ in each domain: where a network fails that never saw the one labelled in the other.
 *
 * @module
 */
import { gridArms, scoreTitle } from "../../comparison/score_arms.ts";
import { meanOverSeeds } from "../../comparison/score_grid.ts";
import { metrics } from "../../metrics/metric.ts";
import { statisticOf } from "../../metrics/statistics.ts";
import { type Arms, armsOf, type ScoreRow } from "../../metrics/score_row.ts";
import type { Figure } from "../figure.ts";
import { matrixPanels } from "../matrix_panels.ts";
import { requireRows } from "./metric_rows.ts";
import { valueText } from "./score_text.ts";

export interface DomainMatrixOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Pairs of an organ and a test set of whose domain no training scan shows it: they are marked. @default [] */
  unlabelled?: readonly (readonly [organ: string, testSet: string])[];
  /** @default says what is drawn */
  title?: string;
}

/**
 * Mean Dice of each organ, a row, in each test set, a column; a panel an arm. Cells whose organ no training scan of that domain shows have a
 * frame.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { domainMatrix } from "consilium/plots";
 *
 * domainMatrix(scoresByArm(await readArms("hippocampus")));
 * ```
 */
export function domainMatrix(
  rows: Arms<ScoreRow>,
  { organs: vocabulary = [], unlabelled = [], title }: DomainMatrixOptions = {},
): Figure {
  const given = armsOf(rows).filter(([, list]) => list.length > 0);
  requireRows("plot Dice by organ and domain", given);
  const testSets = [...new Set(given.flatMap(([, list]) => list.map(({ dataset }) => dataset)))];
  const scored = gridArms(rows, { organs: vocabulary });
  const { organs } = scored;
  const panels = given.map(([arm, list]) => ({
    name: arm,
    values: organs.map((organ) => testSets.map((set) => diceOf(list, { organ, set }))),
  }));
  return matrixPanels(panels, {
    title: title ?? "Each organ in each domain",
    notes: [
      `${scoreTitle(scored)} over cases, seeds averaged first.`,
      ...unlabelled.length > 0 ? ["Framed: no training scan of that domain shows the organ."] : [],
    ],
    rows: organs,
    columns: testSets,
    range: [0, 1],
    text: (value) => valueText(value, "dice"),
    framed: unlabelled.flatMap(([organ, set]): [number, number][] => {
      const [row, column] = [organs.indexOf(organ), testSets.indexOf(set)];
      return row < 0 || column < 0 ? [] : [[row, column]];
    }),
  });
}

/** NaN where the set has no case of the organ. */
function diceOf(rows: readonly ScoreRow[], { organ, set }: { organ: string; set: string }): number {
  const own = rows.filter((row) => row.organ === organ && row.dataset === set);
  if (own.length === 0) return NaN;
  const { arms: [arm] } = gridArms({ arm: own }, {});
  return statisticOf(meanOverSeeds(arm!.grids[0]!), metrics.dice.statistic);
}
