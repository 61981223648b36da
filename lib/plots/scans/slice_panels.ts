/**
 * Where the pictures of slices stand on a figure, and the marks on them.
 *
 * @module
 */
import { shortLabel } from "../escape.ts";
import type { Layout, Trace } from "../figure.ts";
import { type Area, axisName, panelAxes, type Place } from "../panels.ts";
import { SIDES, type Slice } from "./slice.ts";

/** A layout with the lists that panels add to. */
export type SliceLayout = Layout & { images: Layout[]; shapes: Layout[]; annotations: Layout[] };

/** Px of the longer side of a panel, of a column at least, and between panels. */
const PANEL = 220, LARGE_PANEL = 300, MIN_COLUMN = 110, GAP = 8;
/** Px above the panels for the columns' titles. */
export const COLUMN_TITLE = 26;

/** A row of equal panels for each slice, as large as fits, in the proportions of the body. */
export function arrangeSlices(slices: Slice[], columns: number): { places: Place[][]; area: Area } {
  const sizes = slices.map(({ size: [height, width] }) => {
    const scale = PANEL / Math.max(height, width);
    return { width: width * scale, height: height * scale };
  });
  const widest = sizes.reduce((most, { width }) => Math.max(most, width), MIN_COLUMN);
  let top = COLUMN_TITLE;
  const places = sizes.map(({ width, height }) => {
    const left = (column: number) => column * (widest + GAP) + (widest - width) / 2;
    const row = Array.from({ length: columns }, (_, column) => ({ left: left(column), top, width, height }));
    top += height + GAP;
    return row;
  });
  return { places, area: { width: columns * (widest + GAP) - GAP, height: top - GAP } };
}

/** A square of a colour; a mark of no place, which only the legend shows. */
export function legendEntry(name: string, colour: string): Trace {
  return {
    type: "scatter",
    mode: "markers",
    x: [null],
    y: [null],
    showlegend: true,
    hoverinfo: "skip",
    name: shortLabel(name),
    marker: { symbol: "square", size: 12, color: colour, line: { color: "#222222", width: 0.5 } },
  };
}

/** One panel for each slice, side by side, their upper edges in line and in one scale. */
export function arrangePlanes(slices: Slice[]): { places: Place[]; area: Area } {
  const longest = Math.max(...slices.flatMap(({ size }) => size));
  let left = 0;
  const places = slices.map(({ size: [height, width] }) => {
    const scale = LARGE_PANEL / longest;
    const place = { left, top: COLUMN_TITLE, width: width * scale, height: height * scale };
    left += Math.max(place.width, MIN_COLUMN) + 2 * GAP;
    return place;
  });
  const height = COLUMN_TITLE + Math.max(...places.map((place) => place.height));
  return { places, area: { width: left - 2 * GAP, height } };
}

export interface SlicePanelOptions {
  slice: Slice;
  place: Place;
  area: Area;
  panel: number;
  /** The row's first panel: all panels of a row zoom together. */
  first: number;
  /** PNG data URI. */
  source: string;
}

/** A picture on axes in mm, which are not drawn: they keep its proportions and serve zooming. */
export function addSlicePanel(layout: SliceLayout, options: SlicePanelOptions): void {
  const { slice: { size: [height, width] }, place, area, panel, first, source } = options;
  const [x, y] = [axisName("x", panel), axisName("y", panel)];
  const hidden = { visible: false, automargin: false, constrain: "domain" };
  const linked = (letter: "x" | "y") => ({ matches: axisName(letter, first) });
  const [ownX, ownY] = panel === first ? [{}, { scaleanchor: x }] : [linked("x"), linked("y")];
  Object.assign(
    layout,
    panelAxes(panel, {
      place,
      area,
      x: { ...hidden, range: [0, width], ...ownX },
      y: { ...hidden, range: [0, height], ...ownY },
    }),
  );
  layout.images.push({
    source,
    xref: x,
    yref: y,
    x: 0,
    y: height,
    sizex: width,
    sizey: height,
    xanchor: "left",
    yanchor: "top",
    sizing: "stretch",
    layer: "below",
  });
}

/** Sides of the patient and a bar of a round length, on the first panel of a row. */
export function addSliceMarks(layout: SliceLayout, { slice, panel }: { slice: Slice; panel: number }): void {
  const [height, width] = slice.size;
  const refs = { xref: axisName("x", panel), yref: axisName("y", panel) };
  const text = { ...refs, showarrow: false, font: { color: "white", size: 11 }, bgcolor: "rgba(0,0,0,0.45)" };
  const bar = [100, 50, 20, 10, 5, 2, 1].find((length) => length <= width * 0.35) ?? width * 0.35;
  const [left, bottom] = [width * 0.04, height * 0.05];
  const [leftSide, rightSide] = SIDES[slice.plane];
  layout.annotations.push(
    { ...text, text: leftSide, x: 0, xanchor: "left", y: height / 2 },
    { ...text, text: rightSide, x: width, xanchor: "right", y: height / 2 },
    { ...text, text: `${bar} mm`, x: left, xanchor: "left", y: bottom, yanchor: "bottom", yshift: 2 },
  );
  layout.shapes.push({
    type: "line",
    ...refs,
    x0: left,
    x1: left + bar,
    y0: bottom,
    y1: bottom,
    line: { color: "white", width: 3 },
  });
}
