/**
 * How cost grows.
 *
 * @module
 */
import type { GrowthCurve } from "../harness/benchmark.ts";
import { logAxis } from "./benchmark_axis.ts";
import { escapePlotly } from "../../lib/plots/escape.ts";
import { type Figure, figure } from "../../lib/plots/figure.ts";
import { heading } from "../../lib/plots/heading.ts";
import { seriesColour } from "../../lib/plots/palette.ts";

export interface BenchmarkGrowthOptions {
  /** @default [] */
  notes?: string[];
}

const WIDTH = 620;

/** The curve with both axes logarithmic: a power of what grows is a straight line. */
export function benchmarkGrowth(
  { title, x, y, points }: GrowthCurve,
  { notes = [] }: BenchmarkGrowthOptions = {},
): Figure {
  const head = heading(title, { notes, width: WIDTH });
  return figure([{
    type: "scatter",
    mode: "lines+markers",
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    line: { color: seriesColour(0), width: 2.5 },
    marker: { color: seriesColour(0), size: 9 },
    hovertemplate: "%{x}: %{y:.4g}<extra></extra>",
  }], {
    ...head,
    width: WIDTH,
    height: head.margin.t + 340,
    showlegend: false,
    xaxis: {
      ...logAxis(points.map(({ x }) => x), { ticksAtValues: true }),
      title: { text: escapePlotly(x) },
    },
    yaxis: { ...logAxis(points.map(({ y }) => y)), title: { text: escapePlotly(y) } },
  });
}
