/**
 * One scan to look through, in three planes, without a server: the slices are drawn before and lie in the figure.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { contrast } from "./contrast.ts";
import { type Figure, figure, type Layout } from "../figure.ts";
import { heading } from "../heading.ts";
import { overlayImage } from "./overlay_image.ts";
import { organColours } from "../palette.ts";
import { label } from "../panels.ts";
import { busiestSlice, type Plane, type Slice, sliceCount, sliceOf } from "./slice.ts";
import {
  addSliceMarks,
  addSlicePanel,
  arrangePlanes,
  legendEntry,
  type SliceLayout,
} from "./slice_panels.ts";

export interface BrowsedScan {
  /** Such as the case. */
  title: string;
  /** [depth, height, width] intensities in RAS+. */
  image: Float32Array;
  /** The data's licence allows pictures of the scan in what is published. @default false */
  publish?: boolean | undefined;
  shape: Shape;
  /** [z, y, x], mm. */
  spacing: Spacing;
  /** Organ numbers on the same grid. */
  labels: Uint8Array;
}

export interface SliceBrowserOptions {
  /** The study's vocabulary: organ 1…K of the label map by name. */
  organs: readonly string[];
  /** Slices of a plane that can be looked at, evenly spread. @default 40 */
  slices?: number | undefined;
}

const PLANES: Plane[] = ["axial", "coronal", "sagittal"];
/** Px below the panels for the sliders. */
const SLIDER = 64;
/** Of the pictures: three times smaller than as PNG, and a look through needs no more. */
const JPEG_QUALITY = 0.8;

/**
 * A panel a plane, each with a slider below it; at first the slice with the most organs.
 *
 * @example
 * ```ts
 * import { readCase, surveyCohort } from "consilium/data";
 * import { sliceBrowser } from "consilium/plots";
 *
 * const { organs } = await surveyCohort("phantom");
 * sliceBrowser(await readCase("phantom", "test_01"), { organs, slices: 20 });
 * ```
 */
export function sliceBrowser(scan: BrowsedScan, { organs, slices = 40 }: SliceBrowserOptions): Figure {
  const { image, shape, spacing, labels } = scan;
  const palette = organColours([...organs]);
  const codes = new Map(organs.map((name, index): [number, string] => [index + 1, palette.get(name)!]));
  const window = contrast(someOf(image));
  const shown = PLANES.map((plane) => {
    const busiest = busiestSlice(labels, { shape, plane, organs: organs.length });
    return {
      plane,
      indices: spreadIndices(sliceCount(shape, plane), { most: slices, with: busiest }),
      busiest,
    };
  });
  const first = shown.map(({ plane, busiest }) => sliceOf(shape, { plane, index: busiest, spacing }));
  const { places, area } = arrangePlanes(first);
  const there = new Set(labels);
  const legend = organs.filter((_, index) => there.has(index + 1)).map((name) =>
    legendEntry(name, palette.get(name)!)
  );
  const right = 56 + 8 * Math.max(6, ...legend.map(({ name }) => (name as string).length));
  const width = Math.ceil(area.width) + 24 + right;
  const notes = [
    "R, L: the patient's right and left. A, P: front and back. Sliders need a page that runs Plotly.",
  ];
  const head = heading(scan.title, { notes, width });
  const layout: SliceLayout = {
    title: head.title,
    width,
    height: Math.ceil(head.margin.t + area.height + SLIDER),
    margin: { t: head.margin.t, l: 24, r: right, b: SLIDER },
    legend: { itemsizing: "constant", itemclick: false, itemdoubleclick: false },
    images: [],
    shapes: [],
    annotations: [],
  };
  const sliders = shown.map(({ plane, indices, busiest }, panel): Layout => {
    const [slice, place] = [first[panel]!, places[panel]!];
    const draw = (slice: Slice) =>
      overlayImage(image, slice, {
        window,
        labels,
        colours: codes,
        jpegQuality: JPEG_QUALITY,
        pixels: [Math.round(place.height), Math.round(place.width)],
      });
    const sources = indices.map((index) => draw(sliceOf(shape, { plane, index, spacing })));
    const active = indices.indexOf(busiest);
    addSlicePanel(layout, { slice, place, area, panel, first: panel, source: sources[active]! });
    addSliceMarks(layout, { slice, panel });
    layout.annotations.push(label(plane, { left: place.left, top: place.top - 4, area }));
    return {
      active,
      x: place.left / area.width,
      len: place.width / area.width,
      xanchor: "left",
      y: 0,
      yanchor: "top",
      pad: { t: 4, b: 0, l: 0, r: 0 },
      ticklen: 0,
      minorticklen: 0,
      font: { color: "rgba(0,0,0,0)" },
      currentvalue: { prefix: "slice ", xanchor: "left", font: { size: 12, color: "#222222" } },
      steps: indices.map((index, step) => ({
        method: "relayout",
        label: `${index + 1} of ${sliceCount(shape, plane)}`,
        args: [{ [`images[${panel}].source`]: sources[step] }],
      })),
    };
  });
  return Object.assign(figure(legend, { ...layout, sliders }), { unpublished: !scan.publish });
}

/** At most so many of 0…count-1, evenly spread, one of them given. */
function spreadIndices(count: number, { most, with: one }: { most: number; with: number }): number[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: count }, (_, index) => index).filter((index) => (index - one) % step === 0);
}

/** Evenly spread intensities: enough to know how bright the scan is. */
function someOf(image: Float32Array): Float32Array {
  const stride = Math.max(1, Math.floor(image.length / 50_000));
  return image.filter((_, voxel) => voxel % stride === 0);
}
