/**
 * Matrices of numbers side by side, each cell with its number.
 *
 * @module
 */
import { shortLabel } from "./escape.ts";
import { type Figure, figure, type Layout, type Trace } from "./figure.ts";
import { heading } from "./heading.ts";
import { nameAxis, nameAxisDown } from "./arms/organ_axis.ts";
import { type Area, axisName, label, panelAxes } from "./panels.ts";
import { INK, LETTER } from "./template.ts";

/** One matrix. */
export interface MatrixPanel {
  name: string;
  /** [row][column]; NaN: there is none. */
  values: readonly (readonly number[])[];
}

export interface MatrixPanelsOptions {
  title: string;
  notes: string[];
  rows: readonly string[];
  columns: readonly string[];
  /** Lowest and highest value of the colours. */
  range: readonly [low: number, high: number];
  /** The text of a cell. */
  text: (value: number) => string;
  /** Places of cells with a frame, in every panel. @default [] */
  framed?: readonly (readonly [row: number, column: number])[];
}

/** Px of a cell, between panels, above one for its name, and below for the columns' names. */
const CELL = { width: 78, height: 40 }, GAP = 34, ABOVE = 30, BELOW = 50;
/** Degrees by which columns' names are turned where one is wider than its cell. */
const TURN = 30;
/** From low to high, dark to light (of cividis, which colour-blind readers see alike). */
const SCALE = [[0, "#00224e"], [0.5, "#7d7c78"], [1, "#fee838"]];
/** Cells darker than at this share of the range have light letters. */
const DARK = 0.55;
const FRAME = "#D55E00";

/** A panel a matrix; all have the same rows and columns. */
export function matrixPanels(panels: readonly MatrixPanel[], options: MatrixPanelsOptions): Figure {
  const { title, notes, rows, columns, range: [low, high], text, framed = [] } = options;
  const size = { width: columns.length * CELL.width, height: rows.length * CELL.height };
  const widest = (names: readonly string[]) =>
    Math.max(...names.map((name) => [...shortLabel(name)].length)) * 12 * LETTER;
  const left = 24 + widest(rows), longest = widest(columns), angle = longest > CELL.width ? TURN : 0;
  const radians = angle * Math.PI / 180;
  const below = BELOW + longest * Math.sin(radians);
  // A turned name begins at the middle of its cell.
  const beyond = angle > 0 ? Math.max(0, longest * Math.cos(radians) - CELL.width / 2) : 0;
  const area: Area = { width: panels.length * (size.width + GAP) - GAP, height: ABOVE + size.height };
  const width = Math.max(560, Math.ceil(left + area.width + 24 + beyond));
  const head = heading(title, { notes, width });
  const layout: Layout = {
    title: head.title,
    width,
    height: Math.ceil(head.margin.t + area.height + below),
    showlegend: false,
    margin: { t: head.margin.t, l: left, r: width - left - area.width, b: below },
    annotations: [],
    shapes: [],
  };
  const data = panels.map(({ name, values }, index): Trace => {
    const place = { left: index * (size.width + GAP), top: ABOVE, ...size };
    const x = {
      ...nameAxis(columns.map((column) => shortLabel(column))),
      automargin: false,
      ...angle > 0 && { tickangle: angle },
    };
    const y = {
      ...nameAxisDown(rows.map((row) => shortLabel(row))),
      automargin: false,
      showticklabels: index === 0,
    };
    Object.assign(layout, panelAxes(index, { place, area, x, y }));
    const axes = { xref: axisName("x", index), yref: axisName("y", index) };
    (layout.annotations as Layout[]).push(
      label(`<b>${shortLabel(name, { longest: 24 })}</b>`, { left: place.left, top: ABOVE - 6, area }),
      ...values.flatMap((cells, row) =>
        cells.map((value, column) => ({
          ...axes,
          text: text(value),
          x: column,
          y: row,
          showarrow: false,
          font: { color: value > low + DARK * (high - low) || Number.isNaN(value) ? INK : "#ffffff" },
        }))
      ),
    );
    (layout.shapes as Layout[]).push(...framed.map(([row, column]) => ({
      ...axes,
      type: "rect",
      x0: column - 0.46,
      x1: column + 0.46,
      y0: row - 0.44,
      y1: row + 0.44,
      line: { color: FRAME, width: 3 },
    })));
    return {
      type: "heatmap",
      xaxis: axes.xref,
      yaxis: axes.yref,
      z: values,
      zmin: low,
      zmax: high,
      colorscale: SCALE,
      xgap: 2,
      ygap: 2,
      hoverongaps: false,
      showscale: false,
      hovertemplate: "%{z:.3f}<extra></extra>",
    };
  });
  return figure(data, layout);
}
