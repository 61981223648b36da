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
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { type Area, axisName, label, panelAxes } from "../panels.ts";
import { INK, LETTER } from "../template.ts";
import { requireRows } from "./metric_rows.ts";
import { nameAxis, nameAxisDown } from "./organ_axis.ts";
import { valueText } from "./score_text.ts";

export interface DomainMatrixOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Pairs of an organ and a test set of whose domain no training scan shows it: they are marked. @default [] */
  unlabelled?: readonly (readonly [organ: string, testSet: string])[];
  /** @default says what is drawn */
  title?: string;
}

/** Px of a cell, between panels, and above one for its name. */
const CELL = { width: 78, height: 40 }, GAP = 34, ABOVE = 30, BELOW = 50;
/** From poor to good, dark to light (of cividis, which colour-blind readers see alike). */
const SCALE = [[0, "#00224e"], [0.5, "#7d7c78"], [1, "#fee838"]];
/** Cells darker than this have light letters. */
const DARK = 0.55;

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
  const { organs, metric, name } = gridArms(rows, { organs: vocabulary });
  const panels = given.map(([arm, list]) => ({
    arm,
    values: organs.map((organ) => testSets.map((set) => diceOf(list, { organ, set }))),
  }));
  const size = { width: testSets.length * CELL.width, height: organs.length * CELL.height };
  const left = 24 + Math.max(...organs.map((organ) => [...shortLabel(organ)].length)) * 12 * LETTER;
  const area: Area = { width: panels.length * (size.width + GAP) - GAP, height: ABOVE + size.height };
  const width = Math.max(560, Math.ceil(left + area.width + 24));
  const notes = [
    `${scoreTitle({ metric, name })} over cases, seeds averaged first.`,
    ...unlabelled.length > 0 ? ["Framed: no training scan of that domain shows the organ."] : [],
  ];
  const head = heading(title ?? "Each organ in each domain", { notes, width });
  const layout: Layout = {
    title: head.title,
    width,
    height: head.margin.t + area.height + BELOW,
    showlegend: false,
    margin: { t: head.margin.t, l: left, r: width - left - area.width, b: BELOW },
    annotations: [],
    shapes: [],
  };
  const data = panels.flatMap(({ arm, values }, index): Trace[] => {
    const place = { left: index * (size.width + GAP), top: ABOVE, ...size };
    const x = { ...nameAxis(testSets.map((set) => shortLabel(set))), automargin: false };
    const y = {
      ...nameAxisDown(organs.map((organ) => shortLabel(organ))),
      automargin: false,
      showticklabels: index === 0,
    };
    Object.assign(layout, panelAxes(index, { place, area, x, y }));
    (layout.annotations as Layout[]).push(
      label(`<b>${shortLabel(arm, { longest: 24 })}</b>`, { left: place.left, top: ABOVE - 6, area }),
      ...values.flatMap((row, organ) =>
        row.map((value, set) => ({
          text: valueText(value, "dice"),
          x: set,
          y: organ,
          xref: axisName("x", index),
          yref: axisName("y", index),
          showarrow: false,
          font: { color: value > DARK ? INK : "#ffffff" },
        }))
      ),
    );
    (layout.shapes as Layout[]).push(
      ...unlabelled.flatMap(([organ, set]) => {
        const [row, column] = [organs.indexOf(organ), testSets.indexOf(set)];
        return row < 0 || column < 0 ? [] : [{
          type: "rect",
          xref: axisName("x", index),
          yref: axisName("y", index),
          x0: column - 0.46,
          x1: column + 0.46,
          y0: row - 0.44,
          y1: row + 0.44,
          line: { color: "#D55E00", width: 3 },
        }];
      }),
    );
    return [{
      type: "heatmap",
      xaxis: axisName("x", index),
      yaxis: axisName("y", index),
      z: values,
      zmin: 0,
      zmax: 1,
      colorscale: SCALE,
      xgap: 2,
      ygap: 2,
      hoverongaps: false,
      showscale: false,
      hovertemplate: "%{z:.3f}<extra></extra>",
    }];
  });
  return figure(data, layout);
}

/** NaN where the set has no case of the organ. */
function diceOf(rows: readonly ScoreRow[], { organ, set }: { organ: string; set: string }): number {
  const own = rows.filter((row) => row.organ === organ && row.dataset === set);
  if (own.length === 0) return NaN;
  const { arms: [arm] } = gridArms({ arm: own }, {});
  return statisticOf(meanOverSeeds(arm!.grids[0]!), metrics.dice.statistic);
}
