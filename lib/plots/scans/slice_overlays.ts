/**
 * Slices of scans with organs drawn over them, side by side.
 *
 * @module
 */
import { UNCERTAIN } from "../../data/label_set.ts";
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { contrast } from "./contrast.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { requireRows } from "../arms/metric_rows.ts";
import { overlayImage } from "./overlay_image.ts";
import { organColours } from "../palette.ts";
import { label } from "../panels.ts";
import { busiestSlice, type Plane, type Slice, sliceCount, sliceOf } from "./slice.ts";
import {
  addSliceMarks,
  addSlicePanel,
  arrangeSlices,
  COLUMN_TITLE,
  legendEntry,
  type SliceLayout,
} from "./slice_panels.ts";

/** One row of the figure: a scan in RAS+ and what is drawn over it, a column each. */
export interface SliceRow {
  /** Of the row, such as the case. */
  title: string;
  /** [depth, height, width] intensities. */
  image: Float32Array;
  /** The data's licence allows pictures of the scan in what is published. @default false */
  publish?: boolean | undefined;
  shape: Shape;
  /** [z, y, x], mm. */
  spacing: Spacing;
  /**
   * Label maps of organ numbers on the same grid, such as truth, pseudo label, prediction; the first one picks the
   * slice.
   */
  maps: { title: string; labels: Uint8Array }[];
  /** @default "axial" */
  plane?: Plane;
  /** Place along the plane's axis, voxels. @default the slice with the most organs in the first map */
  index?: number;
  /** Intensities shown black and white. @default the 1st and the 99.5th percentile of the slice */
  window?: [black: number, white: number];
}

export interface SliceOverlaysOptions {
  /** The study's vocabulary: organ 1…K of the label maps by name. */
  organs: readonly string[];
  /** Colours of organs by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default "Slices" */
  title?: string;
}

/** Px left of the panels, for the rows' titles, and below them. */
const ROW_TITLE = 50, BELOW = 14;
/** Pixels of a picture a px of the figure: as the PNG of the figure has. */
const SCALE = 2;
/** Of voxels that a pseudo label left open. */
const UNCERTAIN_COLOUR = "#ffffff";

/**
 * A row a case and plane; columns are the scan alone, then each map over it. Radiological convention: the patient's
 * right is on the viewer's left, anterior (or superior) is up; proportions are those of the body.
 *
 * @throws {Error} A map has another size than its scan, or the slice lies outside of it.
 *
 * @example
 * ```ts
 * import { readCase, surveyCohort } from "consilium/data";
 * import { sliceOverlays } from "consilium/plots";
 *
 * const { organs } = await surveyCohort("phantom");
 * const { labels, ...scan } = await readCase("phantom");
 * sliceOverlays([{ ...scan, maps: [{ title: "truth", labels }], plane: "coronal" }], { organs });
 * ```
 */
export function sliceOverlays(
  rows: readonly SliceRow[],
  { organs, colours, title = "Slices" }: SliceOverlaysOptions,
): Figure {
  requireRows("draw slices", rows);
  const slices = rows.map((row) => chooseSlice(row, organs.length));
  const columns = [...new Set(rows.flatMap(({ maps }) => maps.map((map) => map.title)))];
  const palette = organColours([...organs], { colours });
  const codes = new Map([
    ...organs.map((name, index): [number, string] => [index + 1, palette.get(name)!]),
    [UNCERTAIN, UNCERTAIN_COLOUR],
  ]);
  const { places, area } = arrangeSlices(slices, columns.length + 1);
  const legend = legendEntries(rows, { slices, organs, codes });
  const right = 56 + 8 * Math.max(6, ...legend.map(({ name }) => (name as string).length));
  const width = ROW_TITLE + area.width + right;
  const head = heading(title, {
    notes: ["R, L: the patient's right and left. A, P: front and back."],
    width,
  });
  const layout: SliceLayout = {
    title: head.title,
    width,
    height: Math.ceil(head.margin.t + area.height + BELOW),
    margin: { t: head.margin.t, l: ROW_TITLE, r: right, b: BELOW },
    legend: { itemsizing: "constant", itemclick: false, itemdoubleclick: false },
    images: [],
    shapes: [],
    annotations: ["scan", ...columns].map((name, column) => {
      const { left, width } = places[0]![column]!;
      return label(shortLabel(name, { longest: 16 }), {
        left: left + width / 2,
        xanchor: "center",
        top: COLUMN_TITLE - 4,
        area,
      });
    }),
  };
  rows.forEach((row, index) => {
    const [slice, panels, first] = [slices[index]!, places[index]!, index * (columns.length + 1)];
    const { top, height } = panels[0]!;
    const where = `${slice.plane} ${slice.index + 1} of ${sliceCount(row.shape, slice.plane)}`;
    layout.annotations.push(
      label(`${shortLabel(row.title, { longest: Math.floor(height / 7.5) })}<br>${where}`, {
        left: 0,
        top: top + height / 2,
        area,
        textangle: -90,
        xanchor: "right",
        yanchor: "middle",
        xshift: -6,
        align: "center",
        font: { size: 12 },
      }),
    );
    const window = row.window ?? contrast(Float32Array.from(slice.voxels, (voxel) => row.image[voxel]!));
    panels.forEach((place, column) => {
      const map = row.maps.find((map) => map.title === columns[column - 1]);
      if (column > 0 && !map) return;
      const pixels: [number, number] = [Math.round(place.height * SCALE), Math.round(place.width * SCALE)];
      const source = overlayImage(row.image, slice, { window, labels: map?.labels, colours: codes, pixels });
      addSlicePanel(layout, { slice, place, area, panel: first + column, first, source });
    });
    addSliceMarks(layout, { slice, panel: first });
  });
  const unpublished = !rows.every(({ publish }) => publish);
  return Object.assign(figure(legend, layout), { unpublished });
}

function chooseSlice(row: SliceRow, organs: number): Slice {
  const { title, image, shape, spacing, maps, plane = "axial" } = row;
  const voxels = shape[0] * shape[1] * shape[2];
  for (
    const { title: name, length } of [
      { title: "the scan", length: image.length },
      ...maps.map((map) => ({ title: `map "${map.title}"`, length: map.labels.length })),
    ]
  ) {
    if (length === voxels) continue;
    throw new Error(
      `Cannot draw slices of ${title}: ${name} must have ${voxels} voxels (${
        shape.join("×")
      }), current value is ${length}`,
    );
  }
  const count = sliceCount(shape, plane);
  const labels = maps[0]?.labels ?? new Uint8Array(voxels);
  const index = row.index ?? busiestSlice(labels, { shape, plane, organs });
  if (!(Number.isInteger(index) && index >= 0 && index < count)) {
    throw new Error(
      `Cannot draw slices of ${title}: the ${plane} slice must be 0 to ${
        count - 1
      }, current value is ${index}`,
    );
  }
  return sliceOf(shape, { plane, index, spacing });
}

/** A square a label that is drawn anywhere; marks of no place, which only the legend shows. */
function legendEntries(
  rows: readonly SliceRow[],
  { slices, organs, codes }: { slices: Slice[]; organs: readonly string[]; codes: Map<number, string> },
): Trace[] {
  const drawn = new Set<number>();
  rows.forEach(({ maps }, index) => {
    for (const { labels } of maps) for (const voxel of slices[index]!.voxels) drawn.add(labels[voxel]!);
  });
  return [...codes].filter(([code]) => drawn.has(code)).map(([code, colour]) =>
    legendEntry(code === UNCERTAIN ? "uncertain" : organs[code - 1]!, colour)
  );
}
