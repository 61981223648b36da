/**
 * Mean Dice of arms, by organ.
 *
 * @module
 */
import { bootstrapMean, RESAMPLES } from "./bootstrap.ts";
import { shortLabel } from "./escape.ts";
import { type Figure, figure } from "./figure.ts";
import { armsOf, byCase, type MetricRow, organsOf, requireRows, undefinedNote } from "./metric_rows.ts";
import { diceAxis, nameAxis, widthFor } from "./organ_axis.ts";
import { seriesColours } from "./palette.ts";
import { GREY } from "./template.ts";
import { heading } from "./heading.ts";

export interface ArmComparisonOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Colours of arms by name. @default {} */
  colours?: Record<string, string>;
  /** @default "Mean Dice of the arms" */
  title?: string;
}

/**
 * Points of mean Dice over cases, arms side by side in each organ, and the mean over organs last. Bars are 95 %
 * bootstrap intervals over cases ({@linkcode bootstrapMean}); several seeds of a case are averaged first.
 */
export function armComparison(
  rows: Readonly<Record<string, readonly MetricRow[]>>,
  { organs: vocabulary = [], colours, title = "Mean Dice of the arms" }: ArmComparisonOptions = {},
): Figure {
  const arms = armsOf(rows);
  requireRows("compare arms", arms.flatMap(([, list]) => list));
  const organs = organsOf(arms, vocabulary);
  const labels = [...organs.map((organ) => shortLabel(organ)), "<b>mean</b>"];
  const palette = seriesColours(arms.map(([name]) => name), { colours });
  const width = widthFor(labels.length, { series: arms.length * 0.8 });
  const intervals = arms.map(([, list]) => {
    const values = organs.map((organ) => byCase(list, organ));
    return [...values.map((one) => bootstrapMean([one])), bootstrapMean(values)];
  });
  const data = arms.map(([name], arm) => ({
    type: "scatter",
    mode: "markers",
    name: shortLabel(name),
    offsetgroup: `${arm}`,
    x: labels.map((_, index) => index),
    y: intervals[arm].map((interval) => interval.mean),
    error_y: {
      type: "data",
      array: intervals[arm].map(({ mean, high }) => high - mean),
      arrayminus: intervals[arm].map(({ mean, low }) => mean - low),
      thickness: 1.8,
      width: 3,
    },
    marker: { color: palette.get(name)!, size: 9, symbol: SYMBOLS[arm % SYMBOLS.length] },
    hovertemplate: "%{y:.3f}",
  }));
  const values = intervals.flat().flatMap(({ mean, low }) => [mean, low]);
  const notes = [
    `Points: mean over cases; bars: 95 % bootstrap interval over cases (${RESAMPLES} resamplings).`,
    ...undefinedNote(arms, organs),
  ];
  return figure(data, {
    ...heading(title, { notes, width }),
    width,
    scattermode: "group",
    scattergap: 0.35,
    xaxis: nameAxis(labels),
    yaxis: diceAxis(values),
    shapes: [{
      type: "line",
      x0: organs.length - 0.5,
      x1: organs.length - 0.5,
      y0: 0,
      y1: 1,
      yref: "paper",
      line: { color: GREY, width: 1, dash: "dot" },
    }],
    showlegend: true,
  });
}

/** Arms differ in shape too, for print without colour. */
const SYMBOLS = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "triangle-down",
  "cross",
  "x",
  "star",
  "hexagon",
];
