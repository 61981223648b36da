/**
 * Where distances of missed organs, which are infinite, are drawn.
 *
 * @module
 */
import type { Layout } from "../figure.ts";
import { GREY } from "../template.ts";

/** Above all that is finite; undefined where nothing was missed. */
export function missPlace(values: readonly number[]): number | undefined {
  if (!values.includes(Infinity)) return undefined;
  return 1.08 * values.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0) || 1;
}

/** A dotted line across the figure, on which misses stand. */
export function missLine(y: number): Layout {
  return {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color: GREY, width: 1, dash: "dot" },
  };
}

/** What it means. */
export const MISS_NOTE = "On the dotted line: the organ was missed, which counts as larger than any number.";
