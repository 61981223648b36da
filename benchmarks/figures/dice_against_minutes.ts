/**
 * What minutes of wall clock buy.
 *
 * @module
 */
import { logAxis } from "./benchmark_axis.ts";
import { escapePlotly } from "../../lib/plots/escape.ts";
import { type Figure, figure, type Trace, WIDTH } from "../../lib/plots/figure.ts";
import { heading } from "../../lib/plots/heading.ts";
import { seriesColour } from "../../lib/plots/palette.ts";

/** One contestant within one budget. */
export interface DicePoint {
  minutes: number;
  /** Mean validation Dice. */
  dice: number;
  /** Of the weights. */
  updates: number;
}

export interface DiceAgainstMinutesOptions {
  title: string;
  /** Sentences below the title. @default [] */
  notes?: string[];
  /** Minutes where the axis has ticks. */
  budgets: readonly number[];
}

/** Symbols beside colours, so that contestants are told apart in print. */
const SYMBOLS = ["circle", "diamond", "square"];

/** A line a contestant through its points by minutes, each with its number of updates; the axis of minutes is logarithmic. */
export function diceAgainstMinutes(
  series: ReadonlyMap<string, readonly DicePoint[]>,
  { title, notes = [], budgets }: DiceAgainstMinutesOptions,
): Figure {
  const head = heading(title, { notes, width: WIDTH });
  const minutes = [...series.values()].flat().map(({ minutes }) => minutes);
  const axis = logAxis([...budgets, ...minutes]);
  return figure([...series].map(([name, points], index) => traceOf(name, points, index)), {
    ...head,
    height: head.margin.t + 460,
    xaxis: {
      ...axis,
      tickvals: [...budgets],
      ticktext: budgets.map(String),
      title: { text: "minutes of wall clock, preprocessing to label maps" },
    },
    yaxis: { title: { text: "mean validation Dice" } },
    legend: { orientation: "h", x: 0.5, xanchor: "center", y: -0.18, yanchor: "top" },
  });
}

function traceOf(name: string, points: readonly DicePoint[], index: number): Trace {
  const sorted = points.toSorted((a, b) => a.minutes - b.minutes);
  const colour = seriesColour(index);
  return {
    type: "scatter",
    mode: "lines+markers+text",
    name: escapePlotly(name),
    x: sorted.map(({ minutes }) => minutes),
    y: sorted.map(({ dice }) => dice),
    text: sorted.map(({ updates }) => String(updates)),
    textposition: index % 2 === 0 ? "top center" : "bottom center",
    textfont: { color: colour, size: 11 },
    line: { color: colour, width: 2.5 },
    marker: { color: colour, symbol: SYMBOLS[index % SYMBOLS.length], size: 9 },
    hovertemplate: "%{x:.1f} minutes, %{text} updates: %{y:.3f}<extra></extra>",
    cliponaxis: false,
  };
}
