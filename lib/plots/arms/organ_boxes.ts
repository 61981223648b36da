/**
 * A score of every case, by organ.
 *
 * @module
 */
import type { Metric } from "../../metrics/metric.ts";
import { metricCalled } from "../../metrics/metric_names.ts";
import { type Arms, armsOf, knownOrgans, metricName, type ScoreRow } from "../../metrics/score_row.ts";
import { scoreArms } from "../../comparison/score_arms.ts";
import { statisticOf } from "../../metrics/statistics.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { requireRows, undefinedNote } from "./metric_rows.ts";
import { metricAxis, nameAxis, widthFor } from "./organ_axis.ts";
import { faint, organColours, seriesColours } from "../palette.ts";
import { GREY, LETTER, TEXT_SIZE } from "../template.ts";
import { heading } from "../heading.ts";
import { valueText } from "./score_text.ts";
import { MISS_NOTE, missLine, missPlace } from "../cases/miss_line.ts";

export interface OrganBoxesOptions {
  /** @default "dice" */
  metric?: Metric;
  /** The study's vocabulary: order and colours of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Colours by name, of organs (one arm) or of arms (several). @default {} */
  colours?: Record<string, string> | undefined;
  /** @default says what is drawn, such as "Dice per organ" */
  title?: string;
}

/**
 * Boxes of cases per organ (median, quartiles, whiskers to 1.5 interquartile ranges) with every case as a point; several
 * arms stand side by side. A missed organ has Dice and NSD 0, and stands above all where distances are drawn; an undefined
 * one is left out and counted in a note. Of means, the mean is dashed.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organBoxes } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * organBoxes(scores, { metric: "hd95" });
 * ```
 */
export function organBoxes(rows: Arms<ScoreRow>, options: OrganBoxesOptions = {}): Figure {
  const { metric = "dice", organs: vocabulary = [], colours } = options;
  const given = armsOf(rows).filter(([, list]) => list.length > 0);
  const { name: plain, missed, statistic } = metricCalled(metric);
  requireRows(`plot ${plain} per organ`, given);
  const name = metricName(metric, given.flatMap(([, list]) => list));
  const organs = knownOrgans(given, vocabulary);
  const measured = given.map(([name, list]): Measured => ({ name, points: pointsOf(list, metric) }));
  const values = measured.flatMap(({ points }) => points.map(({ value }) => value));
  const above = missed === Infinity ? missPlace(values) : undefined;
  const arms = measured.map(({ name, points }): Measured => ({
    name,
    points: points.map((point) =>
      point.value === Infinity ? { ...point, missed: true, value: above! } : point
    ),
  }));
  const width = widthFor(organs.length, { series: arms.length });
  const single = arms.length === 1;
  const traces = single
    ? oneArm(arms[0]!, {
      organs,
      metric,
      colours: organColours([...new Set([...vocabulary, ...organs])], { colours }),
    })
    : severalArms(arms, {
      organs,
      metric,
      colours: seriesColours(arms.map(({ name }) => name), { colours }),
    });
  const data = traces.map((trace): Trace => ({
    ...trace,
    boxmean: statistic === "mean",
    // Of a box Plotly would tell quartiles by another rule than ours, and a miss's place as its value.
    hoveron: "points",
    hovertemplate: "%{text}<extra></extra>",
  }));
  const several = given.some(([, list]) => new Set(list.map(({ seed }) => seed)).size > 1);
  const notes = [
    `A point is a case${several ? ", the mean over its seeds" : ""}; boxes: median and quartiles${
      statistic === "mean" ? "; dashed: mean" : ""
    }${single ? `; above: ${statistic}` : ""}.`,
    ...above === undefined ? [] : [MISS_NOTE],
    ...undefinedNote(given, organs),
  ];
  const { title: text, margin } = heading(options.title ?? `${name} per organ`, { notes, width });
  return figure(data, {
    title: text,
    margin: { t: margin.t + (single ? VALUE_HEIGHT : 0) },
    width,
    height: 340 + margin.t,
    boxmode: single ? "overlay" : "group",
    boxgap: 0.3,
    boxgroupgap: 0.15,
    xaxis: nameAxis(tickLabels(organs, { arms, width })),
    yaxis: metricAxis(metric, values, { name }),
    ...above === undefined ? {} : { shapes: [missLine(above)] },
    annotations: single ? valueLabels(given[0]![1], { organs, metric }) : [],
    showlegend: !single,
  });
}

interface Point {
  case: string;
  organ: string;
  value: number;
  /** The value is only where it is drawn. */
  missed?: true;
}

interface Measured {
  name: string;
  points: readonly Point[];
}

/** A point a case and organ with a value: the mean over its seeds. */
function pointsOf(rows: readonly ScoreRow[], metric: Metric): Point[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.dataset, row.case, row.organ]));
  return [...groups.values()].map((same): Point => {
    const { case: name, organ } = same[0]!;
    return { case: name, organ, value: statisticOf(same.map((row) => row[metric] ?? NaN), "mean") };
  }).filter(({ value }) => !Number.isNaN(value));
}

/** Px the values above the plot take. */
const VALUE_HEIGHT = 20;

interface ColouredOrgans {
  organs: string[];
  metric: Metric;
  colours: Map<string, string>;
}

function oneArm({ points }: Measured, { colours, ...shared }: ColouredOrgans): Trace[] {
  return shared.organs.map((organ) =>
    box(points.filter((point) => point.organ === organ), {
      name: organ,
      colour: colours.get(organ)!,
      ...shared,
    })
  );
}

function severalArms(arms: readonly Measured[], { colours, ...shared }: ColouredOrgans): Trace[] {
  return arms.map(({ name, points }, index) => ({
    ...box(points, { name, colour: colours.get(name)!, ...shared }),
    offsetgroup: `${index}`,
  }));
}

function box(
  points: readonly Point[],
  { name, organs, metric, colour }: { name: string; organs: string[]; metric: Metric; colour: string },
): Trace {
  return {
    type: "box",
    name: shortLabel(name),
    x: points.map(({ organ }) => organs.indexOf(organ)),
    y: points.map(({ value }) => value),
    text: points.map(({ organ, case: name, value, missed }) =>
      escapePlotly(`${organ}, ${name}: ${missed ? "missed" : valueText(value, metric)}`)
    ),
    boxpoints: "all",
    jitter: 0.6,
    pointpos: 0,
    fillcolor: faint(colour, 0.25),
    line: { color: colour, width: 1.5 },
    marker: { color: faint(colour, 0.65), size: 4 },
  };
}

/** Name and number of values, in two lines where they fit side by side; "n = 29–30" where the arms differ. */
function tickLabels(
  organs: string[],
  { arms, width }: { arms: readonly Measured[]; width: number },
): string[] {
  const names = organs.map((organ) => shortLabel(organ));
  const slot = (width - (arms.length === 1 ? 80 : 280)) / organs.length;
  const upright = names.every((name) => name.length * TEXT_SIZE * LETTER < slot);
  return organs.map((organ, index) => {
    const counts = arms.map(({ points }) => points.filter((point) => point.organ === organ).length);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const n = least === most ? `n = ${most}` : `n = ${least}–${most}`;
    const count = `<span style="color:${GREY}">${upright ? n : `(${n})`}</span>`;
    return `${names[index]}${upright ? "<br>" : " "}${count}`;
  });
}

/** The metric's statistic above each organ, as tables have it. */
function valueLabels(
  rows: readonly ScoreRow[],
  { organs, metric }: { organs: readonly string[]; metric: Metric },
): Layout[] {
  const scores = scoreArms(rows, { metric });
  return organs.flatMap((organ, x) => {
    const score = scores.arms[0]!.organs[scores.organs.indexOf(organ)]!;
    if (Number.isNaN(score.value)) return [];
    const text = `<b>${
      score.value === Infinity ? "missed" : escapePlotly(valueText(score.value, metric))
    }</b>`;
    return [{ x, y: 1, yref: "paper", yanchor: "bottom", text, showarrow: false }];
  });
}
