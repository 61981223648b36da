/**
 * A figure for when there is, rightly, nothing to show: a notebook that has come so far must not fail.
 *
 * @module
 */
import { type Figure, figure } from "./figure.ts";
import { heading } from "./heading.ts";

const WIDTH = 860;

/** A title and the reason why there is nothing below it. */
export function emptyFigure(title: string, reason: string): Figure {
  const head = heading(title, { notes: [reason], width: WIDTH });
  const hidden = { visible: false };
  return figure([], { ...head, width: WIDTH, height: head.margin.t + 20, xaxis: hidden, yaxis: hidden });
}
