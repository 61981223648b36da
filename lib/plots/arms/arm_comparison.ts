/**
 * Arms side by side, by organ: their scores, and what they have more than the reference arm.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";
import type { ArmScore, ComparedArm, Comparison } from "../../comparison/comparison.ts";
import { type Metric, metrics } from "../../metrics/metric.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { armRows } from "./arm_rows.ts";
import { differenceTitle } from "./score_text.ts";
import { drawnInterval, infiniteNotes } from "./drawn_interval.ts";
import { emptyFigure } from "../empty_figure.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { metricAxis, nameAxis, widthFor } from "./organ_axis.ts";
import { seriesColour, seriesColours } from "../palette.ts";
import { significance, STARS_NOTE } from "./significance.ts";
import { GREY } from "../template.ts";

export interface ArmComparisonOptions {
  /** Colours of arms by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default says what is drawn */
  title?: string;
}

/** More arms than these stand below each other. */
const MOST_ABREAST = 9;

/**
 * Points of the metric's statistic, arms side by side in each organ, and the mean over organs last; more than nine arms
 * stand below each other, a panel an organ.
 * Bars are the 95 % intervals of the comparison, whose notes stand in the heading.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { armComparison } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * armComparison(compareArms(scores, { metric: "dice" }));
 * ```
 */
export function armComparison(
  comparison: Comparison,
  { colours, title = `${scoreTitle(comparison)} of the arms` }: ArmComparisonOptions = {},
): Figure {
  const { arms, metric, name, statistic, notes } = comparison;
  const said = [
    `Points: ${statistic} over cases${
      arms.some(({ seeds }) => seeds > 1) ? ", each the mean over its seeds" : ""
    }; mean: over organs.`,
    ...infiniteNotes(arms.flatMap(scoresOf)),
    ...notes.intervals,
    ...notes.cases,
  ];
  if (arms.length > MOST_ABREAST) return below(comparison, { pick: (score) => score, title, notes: said });
  const palette = seriesColours(arms.map(({ name }) => name), { colours });
  const data = arms.map((arm, index) =>
    points(arm, { index, colour: palette.get(arm.name)!, pick: (score) => score, metric })
  );
  const lows = arms.flatMap(scoresOf).flatMap(({ value, low }) => [value, low]);
  const yaxis = metricAxis(metric, lows, { name });
  return sideBySide(comparison, { data, title, yaxis, notes: said });
}

/**
 * Points of the paired difference from the reference arm with their 95 % intervals, in each organ and in the mean over
 * organs; stars above mark Holm-adjusted p-values.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { armDifferences } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * armDifferences(compareArms(scores, { metric: "dice", reference: "mutual" }));
 * ```
 */
export function armDifferences(comparison: Comparison, options: ArmComparisonOptions = {}): Figure {
  const { metric, name, statistic, reference } = comparison;
  const { better, unit } = metrics[metric];
  const { colours, title = differenceTitle(comparison) } = options;
  if (reference === undefined) {
    return emptyFigure(
      title,
      comparison.notes.tests.join(" "),
    );
  }
  const others = comparison.arms.filter((arm) => arm.name !== reference);
  if (others.length === 0) return emptyFigure(title, `There is no other arm than ${reference}.`);
  const difference = (score: ArmScore) =>
    score.difference ?? { value: NaN, low: NaN, high: NaN, adjusted: NaN };
  const starred = others.flatMap(scoresOf).some((score) => significance(difference(score).adjusted) !== "");
  const notes = [
    `Points: ${statistic} over cases, seeds averaged first; ${
      better === "more" ? "above" : "below"
    } 0 is better.`,
    ...infiniteNotes(others.flatMap(scoresOf).map(difference)),
    ...starred ? [STARS_NOTE] : [],
    ...Object.values(comparison.notes).flat(),
  ];
  if (others.length > MOST_ABREAST) {
    return below({ ...comparison, arms: others }, { pick: difference, title, notes, reference });
  }
  const palette = seriesColours(comparison.arms.map((arm) => arm.name), { colours });
  const data = others.flatMap((arm) => {
    const index = comparison.arms.indexOf(arm);
    const drawn = points(arm, {
      index,
      colour: palette.get(arm.name)!,
      pick: difference,
      metric,
    });
    return [drawn, stars(drawn, scoresOf(arm).map(difference))];
  });
  const yaxis = {
    title: { text: `${name} minus ${shortLabel(reference)}${unit && ` (${unit})`}` },
    zeroline: true,
    zerolinecolor: GREY,
  };
  return sideBySide(comparison, { data, title, notes, yaxis });
}

function scoresOf({ organs, mean }: ComparedArm): ArmScore[] {
  return [...organs, mean];
}

/** Above the bars, moved aside as they are. */
function stars({ name, offsetgroup, x }: Trace, differences: (Interval & { adjusted: number })[]): Trace {
  return {
    type: "scatter",
    mode: "text",
    name,
    offsetgroup,
    x,
    showlegend: false,
    hoverinfo: "skip",
    y: differences.map(drawnInterval).map(({ value, high }) => Number.isNaN(high) ? value : high),
    text: differences.map(({ adjusted }) => significance(adjusted)),
    textposition: "top center",
  };
}

interface PointsOptions {
  /** The arm's place, which decides its symbol: the same in every figure. */
  index: number;
  colour: string;
  pick: (score: ArmScore) => Interval;
  metric: Metric;
}

function points(arm: ComparedArm, { index, colour, pick, metric }: PointsOptions) {
  const intervals = scoresOf(arm).map(pick).map(drawnInterval);
  return {
    type: "scatter",
    mode: "markers",
    name: shortLabel(arm.name),
    offsetgroup: `${index}`,
    x: intervals.map((_, organ) => organ),
    y: intervals.map(({ value }) => value),
    error_y: {
      type: "data",
      array: intervals.map(({ value, high }) => high - value),
      arrayminus: intervals.map(({ value, low }) => value - low),
      thickness: 1.8,
      width: 3,
    },
    marker: {
      color: colour,
      size: 9,
      symbol: SYMBOLS[(index + Math.floor(index / SYMBOLS.length)) % SYMBOLS.length],
    },
    hovertemplate: `%{y:${format(metric)}}`,
  };
}

interface BelowOptions {
  pick: (score: ArmScore) => Interval & { adjusted?: number };
  title: string;
  notes: string[];
  /** What is drawn are differences from this arm. @default they are scores */
  reference?: string;
}

function below(comparison: Comparison, { pick, title, notes, reference }: BelowOptions): Figure {
  const { arms, organs, metric, name } = comparison;
  const unit = metrics[metric].unit && `, ${metrics[metric].unit}`;
  const rows = arms.map((arm) => {
    const intervals = scoresOf(arm).map(pick).map(drawnInterval);
    return {
      name: arm.name,
      intervals,
      colour: seriesColour(arm.name === comparison.reference ? 1 : 0),
      marks: intervals.map(({ adjusted = NaN }) => significance(adjusted)),
    };
  });
  return armRows(rows, {
    title,
    notes,
    panels: [...organs, "mean"],
    zero: reference !== undefined,
    axis: `${name}${reference === undefined ? "" : " difference"}${unit}`,
    format: reference === undefined ? format(metric) : `+${format(metric)}`,
  });
}

function format(metric: Metric): string {
  return `.${metrics[metric].digits}f`;
}

interface SideBySide {
  data: Trace[];
  title: string;
  notes: string[];
  yaxis: Layout;
}

function sideBySide({ organs }: Comparison, { data, title, notes, yaxis }: SideBySide): Figure {
  const labels = [...organs.map((organ) => shortLabel(organ)), "<b>mean</b>"];
  const width = widthFor(labels.length, {
    series: data.filter(({ showlegend }) => showlegend !== false).length * 0.8,
  });
  const head = heading(title, { notes, width });
  return figure(data, {
    ...head,
    width,
    height: head.margin.t + 380,
    scattermode: "group",
    scattergap: 0.35,
    xaxis: nameAxis(labels),
    yaxis,
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

/** Arms differ in shape too, for print without colour; where colours repeat, shapes are moved on by one. */
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
