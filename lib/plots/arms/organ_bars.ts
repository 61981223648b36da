/**
 * Scores by organ, for print.
 *
 * @module
 */
import type { Comparison } from "../../comparison/comparison.ts";
import { metrics } from "../../metrics/metric.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { drawnInterval, infiniteNotes } from "./drawn_interval.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { metricAxis, nameAxis, widthFor } from "./organ_axis.ts";
import { organColours } from "../palette.ts";
import { INK } from "../template.ts";

export interface OrganBarsOptions {
  /** The study's vocabulary, which fixes the colours of the organs. @default the comparison's organs */
  organs?: readonly string[];
  /** Colours of organs by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default says what is drawn, such as "Mean Dice per organ" */
  title?: string;
}

/** Arms differ in pattern, so that colour is free for the organ. */
const PATTERNS = ["", "/", ".", "x", "-", "\\", "+", "|"];

/**
 * Bars of the metric's statistic over cases from 0, in the colour of the organ, arms side by side by their pattern; error
 * bars are the 95 % intervals of the comparison, and the heading says so.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { organBars } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * organBars(compareArms(scores, { metric: "nsd" }));
 * ```
 */
export function organBars(
  comparison: Comparison,
  { organs: vocabulary = comparison.organs, colours, title = `${scoreTitle(comparison)} per organ` }:
    OrganBarsOptions = {},
): Figure {
  const { organs, arms, metric, name, notes } = comparison;
  const { digits, statistic } = metrics[metric];
  const palette = organColours([...new Set([...vocabulary, ...organs])], { colours });
  const width = widthFor(organs.length, { series: arms.length });
  const data = arms.flatMap(({ name, organs: all }, index): Trace[] => {
    const scores = all.map(drawnInterval);
    const pattern = { shape: PATTERNS[index % PATTERNS.length], fillmode: "overlay", size: 6 };
    const common = { type: "bar", name: shortLabel(name), legendgroup: `${index}` };
    return [
      {
        ...common,
        showlegend: false,
        offsetgroup: `${index}`,
        hovertemplate: `%{y:.${digits}f}`,
        x: scores.map((_, organ) => organ),
        y: scores.map(({ value }) => value),
        error_y: {
          type: "data",
          thickness: 1.5,
          width: 4,
          color: INK,
          array: scores.map(({ value, high }) => high - value),
          arrayminus: scores.map(({ value, low }) => value - low),
        },
        marker: {
          color: organs.map((organ) => palette.get(organ)!),
          pattern,
          line: { color: INK, width: 0.5 },
        },
      },
      // What the legend shows: a pattern without an organ's colour.
      { ...common, showlegend: arms.length > 1, x: [null], y: [null], marker: { color: "#888888", pattern } },
    ];
  });
  const head = heading(title, {
    notes: [
      `Bars: ${statistic} ${name} over cases${
        arms.some(({ seeds }) => seeds > 1) ? ", each the mean over its seeds" : ""
      }; error bars: 95 % interval.`,
      ...infiniteNotes(arms.flatMap(({ organs }) => organs)),
      ...notes.intervals,
      ...notes.cases,
    ],
    width,
  });
  return figure(data, {
    ...head,
    width,
    height: head.margin.t + 380,
    barmode: "group",
    bargap: 0.25,
    bargroupgap: 0.08,
    xaxis: nameAxis(organs.map((organ) => shortLabel(organ))),
    yaxis: metricAxis(metric, [], { from0: true, name }),
    showlegend: arms.length > 1,
  });
}
