/**
 * All benchmarks at a glance: what ours costs, in parts of what a peer costs.
 *
 * @module
 */
import { isMet, type Ratio } from "../harness/ratio.ts";
import { logAxis } from "./benchmark_axis.ts";
import { type BenchmarkRow, benchmarkRows } from "./benchmark_rows.ts";
import { significant } from "./benchmark_table.ts";
import { escapePlotly } from "../../lib/plots/escape.ts";
import { type Figure, figure, type Layout, type Trace, WIDTH } from "../../lib/plots/figure.ts";
import { heading } from "../../lib/plots/heading.ts";
import { seriesColour } from "../../lib/plots/palette.ts";
import { GREY, INK, LETTER, NOTE_SIZE } from "../../lib/plots/template.ts";

export interface BenchmarkRatiosOptions {
  /** @default "What Consilium costs compared with its peers" */
  title?: string;
  /** @default [] */
  notes?: string[];
}

/** Px left of the plot's names, between names and plot, right of the plot, and below it, with its axis and a legend. */
const LEFT = 12, GAP = 10, RIGHT = 76, BELOW = 92;
/** Px from the plot down to the legend. */
const LEGEND = 58;

/** The axis reaches from 1 / FARTHEST to FARTHEST at most: one extreme ratio must not press all others together. */
const FARTHEST = 20;

type State = "met" | "missed" | "free";

const STATES: Record<State, { name: string; colour: string; symbol: string }> = {
  met: { name: "goal met", colour: seriesColour(0), symbol: "circle" },
  missed: { name: "goal missed", colour: seriesColour(1), symbol: "diamond" },
  free: { name: "no goal", colour: GREY, symbol: "square" },
};

/**
 * A row a ratio: a point at the ratio of medians, a line from the 10th to the 90th percentile of the rounds' ratios, a
 * tick at the goal. What takes time stands above what takes memory. A ratio beyond the axis is a triangle at its end; one
 * that is not a positive number has no point.
 */
export function benchmarkRatios(
  ratios: readonly Ratio[],
  { title = "What Consilium costs compared with its peers", notes = [] }: BenchmarkRatiosOptions = {},
): Figure {
  const { rows, height } = benchmarkRows(ratios);
  const pairs = rows.filter((row) => row.ratio !== undefined) as (BenchmarkRow & { ratio: Ratio })[];
  const names = pairs.map(({ text }) => text.length * NOTE_SIZE * LETTER);
  const left = Math.ceil(Math.max(160, ...names) + LEFT + GAP);
  const beyond = pairs.some(({ ratio: { ratio } }) => isBeyond(ratio))
    ? ["Triangles: beyond the axis; the numbers tell how far."]
    : [];
  const head = heading(title, {
    notes: [
      "Points: ratio of the medians; lines: 10th to 90th percentile of the rounds' ratios.",
      ...beyond,
      ...notes,
    ],
    width: WIDTH,
  });
  const values = ratios.flatMap(({ ratio, spread, goal }) =>
    [ratio, ...spread, ...goal ? [goal] : []].map(within)
  );
  return figure([even(height), ...lines(pairs), ...points(pairs), goals(pairs)], {
    title: head.title,
    width: WIDTH,
    height: head.margin.t + height + BELOW,
    margin: { l: left, r: RIGHT, t: head.margin.t, b: BELOW },
    xaxis: {
      ...logAxis([1, ...values]),
      automargin: false,
      title: { text: "ours / peer (below 1: ours needs less)" },
    },
    yaxis: { range: [height, 0], visible: false, fixedrange: true },
    annotations: [...rows.map((row) => label(row, left)), ...pairs.map(figureOf)],
    legend: { orientation: "h", x: 0.5, xanchor: "center", y: -LEGEND / height, yanchor: "top" },
  });
}

/** Where both cost the same. */
function even(height: number): Trace {
  return {
    type: "scatter",
    mode: "lines",
    x: [1, 1],
    y: [0, height],
    showlegend: false,
    hoverinfo: "skip",
    line: { color: GREY, width: 1 },
  };
}

function lines(rows: readonly { y: number; ratio: Ratio }[]): Trace[] {
  return rows.map(({ y, ratio }) => ({
    type: "scatter",
    mode: "lines",
    x: ratio.spread.map(within),
    y: [y, y],
    showlegend: false,
    hoverinfo: "skip",
    line: { color: STATES[stateOf(ratio)].colour, width: 3 },
  }));
}

function points(rows: readonly { y: number; ratio: Ratio }[]): Trace[] {
  return (Object.keys(STATES) as State[]).flatMap((state) => {
    const own = rows.filter(({ ratio }) => stateOf(ratio) === state);
    const { name, colour, symbol } = STATES[state];
    const inside = own.filter(({ ratio }) => !isBeyond(ratio.ratio));
    const far = own.filter(({ ratio }) => isBeyond(ratio.ratio));
    const trace = (shown: typeof own, symbol: string | string[]) => ({
      type: "scatter",
      mode: "markers",
      name,
      x: shown.map(({ ratio }) => within(ratio.ratio)),
      y: shown.map(({ y }) => y),
      marker: { color: colour, symbol, size: 10, line: { color: "white", width: 1 } },
      text: shown.map(({ ratio }) =>
        escapePlotly(`${ratio.work}: ${ratio.ours} / ${ratio.peer}: ${significant(ratio.ratio, 3)}`)
      ),
      hovertemplate: "%{text}<extra></extra>",
      // Once a state, and not where Plotly has no point to show.
      showlegend: shown.length > 0 && (shown === inside || inside.length === 0),
    });
    const arrows = far.map(({ ratio }) => ratio.ratio < 1 ? "triangle-left" : "triangle-right");
    return [trace(inside, symbol), ...far.length > 0 ? [trace(far, arrows)] : []];
  });
}

function isBeyond(value: number): boolean {
  return value > 0 && (value < 1 / FARTHEST || value > FARTHEST);
}

/** The value, or the end of the axis it lies beyond. */
function within(value: number): number {
  return isBeyond(value) ? value < 1 ? 1 / FARTHEST : FARTHEST : value;
}

function goals(rows: readonly { y: number; ratio: Ratio }[]): Trace {
  const own = rows.filter(({ ratio: { goal } }) => goal !== undefined);
  return {
    type: "scatter",
    mode: "markers",
    name: "goal",
    hovertemplate: "goal: %{x}<extra></extra>",
    x: own.map(({ ratio }) => within(ratio.goal!)),
    y: own.map(({ y }) => y),
    marker: { symbol: "line-ns-open", color: INK, size: 15, line: { color: INK, width: 2.5 } },
    showlegend: own.length > 0,
  };
}

function stateOf(ratio: Ratio): State {
  return ratio.goal === undefined ? "free" : isMet(ratio) ? "met" : "missed";
}

/** Blocks and works stand at the very left, from where they may reach into the plot; names end at the plot. */
function label({ kind, text, y }: BenchmarkRow, left: number): Layout {
  const shown = kind === "block" ? `<b>${escapePlotly(text)}</b>` : escapePlotly(text);
  return {
    text: shown,
    xref: "paper",
    x: 0,
    yref: "y",
    y,
    showarrow: false,
    yanchor: "middle",
    ...kind === "pair"
      ? { xanchor: "right", xshift: -GAP, font: { size: NOTE_SIZE, color: GREY } }
      : { xanchor: "left", xshift: LEFT - left, bgcolor: "white", borderpad: 1 },
    ...kind === "block" ? { font: { size: 15, color: INK } } : {},
  };
}

/** The number itself, right of the plot. */
function figureOf({ y, ratio }: { y: number; ratio: Ratio }): Layout {
  return {
    text: `<b>${ratio.ratio < 0.001 ? "&lt; 0.001" : significant(ratio.ratio, ratio.ratio < 1 ? 2 : 3)}</b>`,
    xref: "paper",
    x: 1,
    xanchor: "left",
    xshift: 10,
    yref: "y",
    y,
    showarrow: false,
    font: { color: STATES[stateOf(ratio)].colour },
  };
}
