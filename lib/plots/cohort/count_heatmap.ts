/**
 * A matrix of counts with its numbers.
 *
 * @module
 */
import { shortLabel } from "../escape.ts";
import { type Figure, figure } from "../figure.ts";
import { heading } from "../heading.ts";
import { nameAxis, nameAxisDown, widthFor } from "../arms/organ_axis.ts";

export interface CountHeatmapOptions {
  /** Names from top to bottom, and from left to right. */
  rows: readonly string[];
  columns: readonly string[];
  title: string;
  notes: string[];
  /** Words of the colour bar. */
  unit: string;
}

const ROW = 40;
const BAR = { thickness: 14, outlinewidth: 0, tickmode: "linear" };
/** Numbers on colours darker than this share of the largest are white. */
const DARK = 0.55;

/** @param counts [row][column] */
export function countHeatmap(counts: number[][], options: CountHeatmapOptions): Figure {
  const { rows, columns, title, notes, unit } = options;
  const width = widthFor(columns.length);
  const head = heading(title, { notes, width });
  const most = Math.max(1, ...counts.flat());
  const trace = {
    type: "heatmap",
    z: counts,
    zmin: 0,
    zmax: most,
    xgap: 2,
    ygap: 2,
    colorscale: [[0, "#f2f2f2"], [1, "#0072B2"]],
    hovertemplate: `%{z} ${unit}<extra></extra>`,
    colorbar: { ...BAR, title: { text: unit, side: "right" }, tick0: 0, dtick: Math.ceil(most / 6) },
  };
  const annotations = counts.flatMap((row, y) =>
    row.map((count, x) => ({
      x,
      y,
      text: `${count}`,
      showarrow: false,
      font: { color: count > DARK * most ? "white" : "#222222" },
    }))
  );
  return figure([trace], {
    ...head,
    width,
    annotations,
    height: head.margin.t + 130 + Math.max(2, rows.length) * ROW,
    xaxis: nameAxis(columns.map((name) => shortLabel(name))),
    yaxis: nameAxisDown(rows.map((name) => shortLabel(name))),
  });
}
