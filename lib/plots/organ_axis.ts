/**
 * Axes that several figures share.
 *
 * @module
 */
import { shortLabel } from "./escape.ts";
import type { Layout } from "./figure.ts";

/** A category axis of names, in their order, with a tick label for each: none is ever skipped. */
export function nameAxis(names: string[], { labels = names.map((name) => shortLabel(name)) } = {}): Layout {
  return {
    type: "category",
    categoryorder: "array",
    categoryarray: names,
    tickmode: "array",
    tickvals: names,
    ticktext: labels,
    showgrid: false,
    range: [-0.5, names.length - 0.5],
  };
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

/** Keeps a group of marks readable: the figure grows beyond `least` px where there are many. */
export function widthFor(names: number, { series = 1, least = 860 } = {}): number {
  return Math.max(least, 200 + names * Math.max(56, 24 * series));
}
