/**
 * Every loss term and validation score over the steps.
 *
 * @module
 */
import { percentile } from "../../metrics/statistics.ts";
import type { HistoryRow } from "../../training/recorder.ts";
import { type Point, smooth, thin } from "./curve_points.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace, WIDTH } from "../figure.ts";
import { heading } from "../heading.ts";
import { requireRows } from "../arms/metric_rows.ts";
import { type Area, axisName, label, panelAxes, type Place } from "../panels.ts";
import { faint, seriesColours } from "../palette.ts";

export interface TrainingCurvesOptions {
  /** Colours of models by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default "Training curves" */
  title?: string;
  /** Points of a line; the extremes are among them. @default 400 */
  mostPoints?: number;
}

const COLUMNS = 3;
/** Px of a panel's cell, and of what surrounds the curves in it. */
const CELL = { width: 235, height: 190 }, LEFT = 48, ABOVE = 26, BELOW = 36, STAGE_TITLE = 40;
/** Right margin for the names of the models, px. */
const LEGEND = 150;
/** More points than these are smoothed, over this share of the steps. */
const SPARSE = 40, WINDOW = 1 / 25;

/** One panel: the curves of one term in one stage. */
interface Panel {
  stage: string;
  term: string;
  /** By model. */
  curves: Map<string, Point[]>;
}

/**
 * A panel for each stage and term, a line a model: faint the logged values, strong their running mean over 4 % of
 * the steps. Terms logged at few steps (validation) are points joined by lines. What is not finite leaves a gap.
 *
 * @example
 * ```ts
 * import { readArms, readHistory } from "consilium/results";
 * import { show, trainingCurves } from "consilium/plots";
 *
 * const arms = await readArms("hippocampus");
 * for (const { name, runs } of arms) await show(trainingCurves(await readHistory(runs[0]), { title: name }));
 * ```
 */
export function trainingCurves(
  rows: readonly HistoryRow[],
  { colours, title = "Training curves", mostPoints = 400 }: TrainingCurvesOptions = {},
): Figure {
  requireRows("plot training curves", rows);
  const panels = panelsOf(rows);
  const models = [...new Set(rows.map(({ model }) => model))];
  const palette = seriesColours(models, { colours });
  const { places, stages, area } = arrange(panels);
  const notes = ["Faint: as logged; strong: running mean over 4 % of the steps. Losses have no unit."];
  const { title: text, margin } = heading(title, { notes, width: WIDTH });
  const layout: Layout = {
    title: text,
    width: area.width + LEFT + LEGEND,
    height: margin.t + area.height + 20,
    margin: { t: margin.t, l: 12, r: LEGEND, b: 20 },
    annotations: stages.map(({ stage, top }) =>
      label(`<b>${shortLabel(stage)}</b>`, { left: 0, top: top + 36, area, font: { size: 15 } })
    ),
  };
  const data: Trace[] = [];
  const named = new Set<string>(); // one entry a model in the legend, whichever panel it appears in first
  panels.forEach((panel, index) => {
    const place = places[index]!;
    const axis = { automargin: false, nticks: 5, title: { text: "" }, tickfont: { size: 11 } };
    const x = { ...axis, title: { text: "step", standoff: 2, font: { size: 11 } }, rangemode: "tozero" };
    Object.assign(layout, panelAxes(index, { place, area, x, y: { ...axis, range: range(panel) } }));
    (layout.annotations as Layout[]).push(
      label(escapePlotly(panel.term.replaceAll("_", " ")), { left: place.left, top: place.top - 3, area }),
    );
    for (const [model, points] of panel.curves) {
      if (points.length === 0) continue;
      data.push(
        ...curve(points, {
          panel: index,
          model,
          colour: palette.get(model)!,
          mostPoints,
          showlegend: !named.has(model),
        }),
      );
      named.add(model);
    }
  });
  return figure(data, layout);
}

function panelsOf(rows: readonly HistoryRow[]): Panel[] {
  const panels = new Map<string, Panel>();
  for (const { stage, model, step, terms } of rows) {
    for (const [term, value] of Object.entries(terms)) {
      const key = JSON.stringify([stage, term]);
      if (!panels.has(key)) panels.set(key, { stage, term, curves: new Map() });
      const { curves } = panels.get(key)!;
      if (!curves.has(model)) curves.set(model, []);
      if (Number.isFinite(value)) curves.get(model)!.push([step, value]);
    }
  }
  const stages = [...new Set([...panels.values()].map(({ stage }) => stage))];
  return stages.flatMap((stage) => [...panels.values()].filter((panel) => panel.stage === stage));
}

/** Stages from top to bottom, each with rows of panels. */
function arrange(panels: Panel[]): { places: Place[]; stages: { stage: string; top: number }[]; area: Area } {
  const places: Place[] = [];
  const stages: { stage: string; top: number }[] = [];
  let top = 0;
  for (const stage of new Set(panels.map((panel) => panel.stage))) {
    stages.push({ stage, top });
    top += STAGE_TITLE;
    const count = panels.filter((panel) => panel.stage === stage).length;
    for (let i = 0; i < count; i++) {
      places.push({
        left: (i % COLUMNS) * CELL.width + LEFT,
        top: top + Math.floor(i / COLUMNS) * CELL.height + ABOVE,
        width: CELL.width - LEFT - 14,
        height: CELL.height - ABOVE - BELOW - 10,
      });
    }
    top += Math.ceil(count / COLUMNS) * CELL.height;
  }
  return { places, stages, area: { width: COLUMNS * CELL.width, height: top } };
}

interface CurveOptions {
  /** Place of its panel. */
  panel: number;
  model: string;
  colour: string;
  showlegend: boolean;
  mostPoints: number;
}

function curve(points: Point[], { panel, model, colour, showlegend, mostPoints }: CurveOptions): Trace[] {
  const sparse = points.length <= SPARSE;
  const base = {
    type: "scatter",
    name: shortLabel(model),
    legendgroup: `model ${model}`,
    showlegend,
    xaxis: axisName("x", panel),
    yaxis: axisName("y", panel),
  };
  const line = (shown: Point[]) => ({ x: shown.map(([x]) => x), y: shown.map(([, y]) => significant(y)) });
  if (sparse) {
    const marker = { color: colour, size: 5 };
    return [{ ...base, ...line(points), mode: "lines+markers", marker, line: { color: colour, width: 1.5 } }];
  }
  const smoothed = smoothCurve(points);
  return [
    {
      ...base,
      ...line(thin(points, mostPoints)),
      mode: "lines",
      hoverinfo: "skip",
      showlegend: false,
      line: { color: faint(colour, 0.25), width: 1 },
    },
    { ...base, ...line(thin(smoothed, mostPoints)), mode: "lines", line: { color: colour, width: 2 } },
  ];
}

function smoothCurve(points: Point[]): Point[] {
  return smooth(points, Math.max(3, Math.round(points.length * WINDOW)));
}

/** Six digits are more than any screen shows, and half as long in a file. */
function significant(value: number): number {
  return Number(value.toPrecision(6));
}

/** All of the smoothed curves and all but the rarest spikes of the logged ones. */
function range({ curves }: Panel): [number, number] | undefined {
  const all = [...curves.values()];
  const values = all.flatMap((points) => points.map(([, y]) => y));
  if (values.length === 0) return undefined;
  const means = all.flatMap((points) =>
    points.length <= SPARSE ? points : smooth(points, points.length * WINDOW)
  )
    .map(([, y]) => y);
  const low = means.reduce((a, b) => Math.min(a, b), percentile(values, 0.5));
  const high = means.reduce((a, b) => Math.max(a, b), percentile(values, 99.5));
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - margin, high + margin];
}
