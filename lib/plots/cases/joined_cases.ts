/**
 * One organ in all arms, every case joined from arm to arm.
 *
 * @module
 */
import type { CaseValues } from "../../comparison/case_values.ts";
import type { ComparedArm, Comparison } from "../../comparison/comparison.ts";
import { pText } from "../arms/significance.ts";
import { metricAxis, nameAxis, widthFor } from "../arms/organ_axis.ts";
import { signedText, valueText } from "../arms/score_text.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { faint, seriesColours } from "../palette.ts";
import { INK } from "../template.ts";
import { MISS_NOTE, missLine, missPlace } from "./miss_line.ts";

export interface JoinedCasesOptions {
  /** Colours of arms by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default says what is drawn */
  title?: string;
}

/** Shapes of seeds, the same in every arm; where there are more, they repeat. */
const SHAPES = ["circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star"];

/**
 * Arms side by side: a thin line joins the values of a case, small marks are its seeds, a bar is the arm's statistic with its 95 %
 * interval. Below each arm stand its number of cases and, where there is a reference arm, the difference from it and Holm's p.
 *
 * @param values of an organ, or the mean over organs
 * @param comparison of the same rows
 */
export function joinedCases(
  values: CaseValues,
  comparison: Comparison,
  { colours, title }: JoinedCasesOptions = {},
): Figure {
  const { metric, name, what, arms, cases } = values;
  const above = missPlace(cases.flatMap(({ values }) => values));
  const drawn = (value: number) => value === Infinity ? above! : value;
  const palette = seriesColours(arms.map(({ name }) => name), { colours });
  const width = widthFor(arms.length, { series: 3.2 });
  const seeds = [...new Set(arms.flatMap(({ seeds }) => seeds))].sort((a, b) => (a ?? -1) - (b ?? -1));
  const lines: Trace = {
    type: "scatter",
    mode: "lines",
    x: cases.flatMap(() => [...arms.keys(), null]),
    y: cases.flatMap(({ values }) => [...values.map(drawn), null]),
    line: { color: faint(INK, 0.18), width: 1 },
    hoverinfo: "skip",
    showlegend: false,
  };
  const marks = seeds.map((seed, place): Trace => {
    const points = arms.flatMap((arm, x) => {
      const index = arm.seeds.indexOf(seed);
      return index < 0 ? [] : cases.flatMap((one) => {
        const value = one.bySeed[x]![index]!;
        return Number.isNaN(value) ? [] : [{ x, one, arm: arm.name, value }];
      });
    });
    return {
      type: "scatter",
      mode: "markers",
      name: seed === undefined ? "no seed" : `seed ${seed}`,
      x: points.map(({ x }) => x),
      y: points.map(({ value }) => drawn(value)),
      customdata: points.map(({ one }) => one.key),
      text: points.map(({ one, arm, value }) =>
        escapePlotly(
          `${one.case} of ${one.dataset}, ${arm}: ${
            value === Infinity ? "missed" : valueText(value, metric)
          }`,
        )
      ),
      hovertemplate: "%{text}<extra></extra>",
      marker: {
        symbol: SHAPES[place % SHAPES.length],
        size: 6,
        color: points.map(({ arm }) => faint(palette.get(arm)!, 0.7)),
      },
    };
  });
  const scores = arms.map(({ name }) => scoreOf(comparison, { arm: name, what }));
  const said = [
    `${name} of ${cases.length} cases: a line joins a case, marks are its seeds, bars are the ${comparison.statistic} and its 95 % interval.`,
    ...above === undefined ? [] : [MISS_NOTE],
    ...comparison.reference === undefined
      ? []
      : [`Below: difference from ${comparison.reference}, Holm's p.`],
  ];
  const head = heading(title ?? `${name} of every case: ${what}`, { notes: said, width });
  const labels = arms.map(({ name: arm }, index) => {
    const { cases: n = 0, difference } = scores[index] ?? {};
    const p = difference && pText(difference.adjusted);
    return [
      shortLabel(arm, { longest: 22 }),
      `n = ${n}`,
      ...difference
        ? [`${signedText(difference.value, metric)}${p ? `, p ${p.startsWith("<") ? p : `= ${p}`}` : ""}`]
        : [],
    ].map((line, place) => place === 0 ? line : escapePlotly(line)).join("<br>");
  });
  return figure([
    lines,
    ...marks,
    bars(scores, { colours: arms.map(({ name }) => palette.get(name)!), drawn }),
  ], {
    ...head,
    width,
    height: head.margin.t + 430,
    xaxis: nameAxis(labels),
    yaxis: metricAxis(metric, cases.flatMap(({ values }) => values), { name }),
    ...above === undefined ? {} : { shapes: [missLine(above)] },
    showlegend: seeds.length > 1,
  });
}

type ScoredOrgan = ComparedArm["mean"];

function scoreOf(
  { arms, organs }: Comparison,
  { arm, what }: { arm: string; what: string },
): ScoredOrgan | undefined {
  const found = arms.find(({ name }) => name === arm), index = organs.indexOf(what);
  return index < 0 ? found?.mean : found?.organs[index];
}

function bars(
  scores: readonly (ScoredOrgan | undefined)[],
  { colours, drawn }: { colours: string[]; drawn: (value: number) => number },
): Trace {
  const value = scores.map((score) => score === undefined ? null : drawn(score.value));
  const reach = (pick: "low" | "high") =>
    scores.map((score, index) =>
      score && Number.isFinite(score[pick]) ? Math.abs(score[pick] - value[index]!) : 0
    );
  return {
    type: "scatter",
    mode: "markers",
    x: scores.map((_, index) => index),
    y: value,
    error_y: {
      type: "data",
      array: reach("high"),
      arrayminus: reach("low"),
      thickness: 2,
      width: 6,
      color: INK,
    },
    marker: { symbol: "line-ew", size: 26, line: { width: 3, color: colours } },
    hoverinfo: "skip",
    showlegend: false,
  };
}
