/**
 * Two arms, case by case.
 *
 * @module
 */
import type { CaseValues } from "../../comparison/case_values.ts";
import { metrics } from "../../metrics/metric.ts";
import { metricAxis } from "../arms/organ_axis.ts";
import { signedText, valueText } from "../arms/score_text.ts";
import { emptyFigure } from "../empty_figure.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout } from "../figure.ts";
import { heading } from "../heading.ts";
import { seriesColour } from "../palette.ts";
import { GREY } from "../template.ts";

/** A case with a finite value in both arms, the mean over seeds. */
interface Pair {
  key: string;
  text: string;
  own: number;
  reference: number;
}

export interface TwoArms {
  arm: string;
  reference: string;
}

function pairsOf({ metric, arms, cases }: CaseValues, { arm, reference }: TwoArms) {
  const place = (name: string) => arms.findIndex((one) => one.name === name);
  const [own, base] = [place(arm), place(reference)];
  const values = cases.map((one) => ({
    one,
    own: one.values[own] ?? NaN,
    reference: one.values[base] ?? NaN,
  }));
  const pairs = values.filter((pair) => Number.isFinite(pair.own) && Number.isFinite(pair.reference));
  const missed = values.filter((pair) => pair.own === Infinity || pair.reference === Infinity).length;
  return {
    pairs: pairs.map(({ one, own, reference: base }): Pair => ({
      key: one.key,
      text: escapePlotly(
        `${one.case} of ${one.dataset}: ${valueText(own, metric)} and ${valueText(base, metric)} (${
          signedText(own - base, metric)
        })`,
      ),
      own,
      reference: base,
    })),
    notes: missed === 0 ? [] : [`${missed} cases that one of the two missed are not drawn.`],
  };
}

/** Square px of the plot. */
const SIDE = 420;

/** The arm over the reference, a point a case; on the line both are equal. */
export function caseScatter(values: CaseValues, two: TwoArms): Figure {
  const { metric, name, what } = values, { pairs, notes } = pairsOf(values, two);
  const title = `${name} case by case: ${what}`;
  if (pairs.length === 0) return emptyFigure(title, "No case has a value in both arms.");
  const all = pairs.flatMap(({ own, reference }) => [own, reference]);
  const [least, most] = [Math.min(...all), Math.max(...all)], room = (most - least) * 0.05 || 0.05;
  const axis = (arm: string): Layout => {
    const { title: _, ...rest } = metricAxis(metric, all, { name });
    return { ...rest, title: { text: shortLabel(arm) }, range: [least - room, most + room], dtick: null };
  };
  const { better, unit } = metrics[metric];
  const width = SIDE + 140;
  const head = heading(title, {
    notes: [
      `${unit ? `In ${unit}. ` : ""}Seeds averaged; ${
        better === "more" ? "above" : "below"
      } the line ${two.arm} is better.`,
      ...notes,
    ],
    width,
  });
  return figure([{
    type: "scatter",
    mode: "markers",
    x: pairs.map(({ reference }) => reference),
    y: pairs.map(({ own }) => own),
    customdata: pairs.map(({ key }) => key),
    text: pairs.map(({ text }) => text),
    hovertemplate: "%{text}<extra></extra>",
    marker: { size: 8, color: seriesColour(0), opacity: 0.75 },
  }], {
    ...head,
    width,
    height: head.margin.t + SIDE + 80,
    xaxis: axis(two.reference),
    yaxis: { ...axis(two.arm), scaleanchor: "x" },
    shapes: [{
      type: "line",
      x0: least - room,
      y0: least - room,
      x1: most + room,
      y1: most + room,
      line: { color: GREY, width: 1, dash: "dot" },
    }],
    showlegend: false,
  });
}

/** What the arm has more than the reference, cases in ascending order. */
export function sortedDifferences(values: CaseValues, two: TwoArms): Figure {
  const { metric, name, what } = values, { pairs, notes } = pairsOf(values, two);
  const { unit } = metrics[metric], title = `${name} differences, sorted: ${what}`;
  if (pairs.length === 0) return emptyFigure(title, "No case has a value in both arms.");
  const sorted = pairs.toSorted((a, b) => a.own - a.reference - (b.own - b.reference));
  const colour = ({ own, reference }: Pair) => {
    const better = metrics[metric].better === "more" ? own > reference : own < reference;
    return better ? seriesColour(0) : seriesColour(1);
  };
  const width = SIDE + 140;
  const better = sorted.filter((pair) => colour(pair) === seriesColour(0)).length;
  const head = heading(title, {
    notes: [`${two.arm} is better in ${better} of ${sorted.length} cases (blue).`, ...notes],
    width,
  });
  return figure([{
    type: "bar",
    x: sorted.map((_, index) => index),
    y: sorted.map(({ own, reference }) => own - reference),
    customdata: sorted.map(({ key }) => key),
    text: sorted.map(({ text }) => text),
    textposition: "none",
    hovertemplate: "%{text}<extra></extra>",
    marker: { color: sorted.map(colour) },
  }], {
    ...head,
    width,
    height: head.margin.t + SIDE + 80,
    xaxis: { title: { text: "cases" }, showticklabels: false, showgrid: false },
    yaxis: {
      title: { text: `${name} difference${unit && ` (${unit})`}` },
      zeroline: true,
      zerolinecolor: GREY,
    },
    showlegend: false,
  });
}
