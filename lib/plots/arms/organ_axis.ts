/**
 * Axes that several figures share.
 *
 * @module
 */
import { type Metric, metrics } from "../../metrics/metric.ts";
import type { Layout } from "../figure.ts";

/**
 * An axis of names at 0, 1, 2, …, with a tick label for each: none is ever skipped. It is an axis of numbers, since
 * on one of categories Plotly loses those called "constructor" or "__proto__".
 */
export function nameAxis(labels: string[]): Layout {
  return {
    type: "linear",
    tickmode: "array",
    tickvals: labels.map((_, index) => index),
    ticktext: labels,
    ticklabeloverflow: "allow", // axes of numbers hide labels that reach beyond the figure before it makes room
    showgrid: false,
    range: [-0.5, labels.length - 0.5],
  };
}

/** The same from top to bottom. */
export function nameAxisDown(labels: string[]): Layout {
  return { ...nameAxis(labels), range: [labels.length - 0.5, -0.5] };
}

/** A Dice axis to 1, from 0 or from the tenth below the smallest value. */
export function diceAxis(values: number[], { from0 = false } = {}): Layout {
  const least = values.filter(Number.isFinite).reduce((a, b) => Math.min(a, b), 1);
  const low = from0 ? 0 : Math.max(0, Math.floor(least * 10 - 0.2) / 10);
  const margin = (1 - low) * 0.02;
  return {
    title: { text: "Dice (0–1)" },
    range: [low - margin, 1 + margin],
    dtick: low < 0.5 ? 0.1 : 0.05,
    tickformat: low < 0.5 ? ".1f" : ".2f",
  };
}

/** An axis of a metric's values: to 1 where that is the best, from 0 where nothing is. */
export function metricAxis(metric: Metric, values: number[], { from0 = false, name = "" } = {}): Layout {
  const { unit, name: plain } = metrics[metric];
  const title = { text: unit ? `${name || plain} (${unit})` : `${name || plain} (0–1)` };
  return unit ? { title, rangemode: "tozero" } : { ...diceAxis(values, { from0 }), title };
}

/** Keeps a group of marks readable: the figure grows beyond `least` px where there are many. */
export function widthFor(names: number, { series = 1, least = 860 } = {}): number {
  return Math.max(least, (series > 1 ? 280 : 120) + names * Math.max(56, 26 * series));
}
