/**
 * Many arms below each other, a panel an organ: where they would not fit side by side.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { nameAxisDown } from "./organ_axis.ts";
import { axisName, label, panelAxes } from "../panels.ts";
import { GREY, INK, LETTER } from "../template.ts";

/** One arm's intervals, an organ each and their mean last. */
export interface ArmRow {
  name: string;
  colour: string;
  intervals: readonly Interval[];
  /** Stars beside each interval. @default none */
  marks?: readonly string[];
}

export interface ArmRowsOptions {
  title: string;
  notes: string[];
  /** Names of the panels. */
  panels: readonly string[];
  /** Of what is on the x axes. */
  axis: string;
  /** Format of ticks and of what is shown under the mouse, such as ".3f". */
  format: string;
  /** A line at 0, for differences. @default false */
  zero?: boolean;
}

/** Px of a panel, between panels, of a row, above the panels for their names, and below for the axis. */
const PANEL = 150, GAP = 36, ROW = 20, ABOVE = 24, BELOW = 56;
const TICK_SIZE = 11;

/** Points with their intervals; panels have axes of their own, since organs differ more than arms do. */
export function armRows(rows: readonly ArmRow[], options: ArmRowsOptions): Figure {
  const { title, notes, panels, axis, format, zero = false } = options;
  const names = rows.map(({ name }) => shortLabel(name, { longest: 40 }));
  const left = 24 + Math.max(...rows.map(({ name }) => Math.min(40, [...name].length))) * TICK_SIZE * LETTER;
  const area = { width: panels.length * (PANEL + GAP) - GAP, height: ABOVE + rows.length * ROW };
  const width = Math.ceil(left + area.width + 24);
  const head = heading(title, { notes, width });
  const layout: Layout = {
    title: head.title,
    width,
    height: head.margin.t + area.height + BELOW,
    showlegend: false,
    margin: { t: head.margin.t, l: left, r: 24, b: BELOW },
    annotations: [],
  };
  const data = panels.flatMap((panel, index): Trace[] => {
    const place = { left: index * (PANEL + GAP), top: ABOVE, width: PANEL, height: rows.length * ROW };
    const x: Layout = {
      automargin: false,
      nticks: 3,
      tickformat: format,
      tickfont: { size: TICK_SIZE },
      title: { text: axis, standoff: 4, font: { size: TICK_SIZE } },
      showgrid: true,
      zeroline: zero,
      zerolinecolor: GREY,
    };
    const y: Layout = {
      ...nameAxisDown(names),
      automargin: false,
      showgrid: true,
      tickfont: { size: TICK_SIZE },
      showticklabels: index === 0,
    };
    Object.assign(layout, panelAxes(index, { place, area, x, y }));
    (layout.annotations as Layout[]).push(
      label(`<b>${shortLabel(panel, { longest: 20 })}</b>`, { left: place.left, top: ABOVE - 4, area }),
    );
    const shown = rows.map(({ intervals }) => intervals[index]!);
    const common = {
      type: "scatter",
      xaxis: axisName("x", index),
      yaxis: axisName("y", index),
      y: rows.map((_, row) => row),
    };
    const dots = {
      ...common,
      mode: "markers",
      name: shortLabel(panel),
      x: shown.map(({ value }) => value),
      error_x: {
        type: "data",
        thickness: 1.6,
        width: 3,
        color: INK,
        array: shown.map(({ value, high }) => high - value),
        arrayminus: shown.map(({ value, low }) => value - low),
      },
      marker: { color: rows.map(({ colour }) => colour), size: 7, line: { color: INK, width: 0.5 } },
      customdata: names,
      hovertemplate: `%{customdata}: %{x:${format}}<extra></extra>`,
    };
    const marks = rows.map((row) => row.marks?.[index] ?? "");
    if (marks.every((mark) => mark === "")) return [dots];
    const text = { textposition: "middle right", textfont: { size: TICK_SIZE }, cliponaxis: false };
    return [dots, {
      ...common,
      ...text,
      mode: "text",
      hoverinfo: "skip",
      text: marks,
      x: shown.map(({ value, high }) => Number.isNaN(high) ? value : high),
    }];
  });
  return figure(data, layout);
}
