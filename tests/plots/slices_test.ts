import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { overlayImage } from "../../lib/plots/scans/overlay_image.ts";
import { figureToSvg } from "../../lib/plots/rendering/render_svg.ts";
import { busiestSlice, sliceOf } from "../../lib/plots/scans/slice.ts";
import { sliceOverlays } from "../../lib/plots/scans/slice_overlays.ts";
import { textsOf } from "../support/plots/scores.ts";

const shape: Shape = [2, 3, 4];
const spacing: Spacing = [3, 2, 1];
const voxel = (z: number, y: number, x: number) => (z * 3 + y) * 4 + x;

// RAS+: x grows to the patient's right, y to the front, z to the head.
for (
  const [plane, index, upperLeft, lowerRight, size] of [
    ["axial", 1, voxel(1, 2, 3), voxel(1, 0, 0), [6, 4]],
    ["coronal", 1, voxel(1, 1, 3), voxel(0, 1, 0), [6, 4]],
    ["sagittal", 2, voxel(1, 2, 2), voxel(0, 0, 2), [6, 6]],
  ] as const
) {
  Deno.test(`${plane}: the patient's right (or front) is on the left, the head or front is up`, () => {
    const slice = sliceOf(shape, { plane, index, spacing });
    assertEquals(slice.voxels[0], upperLeft);
    assertEquals(slice.voxels.at(-1), lowerRight);
    assertEquals(slice.size, [...size]);
    assertEquals(slice.voxels.length, slice.rows * slice.columns);
  });
}

Deno.test("the slice with the most organs; among equals the one that shows most of each; else the middle", () => {
  const labels = new Uint8Array(4 * 2 * 2); // four slices of four voxels
  labels.set([1, 1, 1, 1], 0); // one organ, much of it
  labels.set([1, 2, 0, 0], 4);
  labels.set([1, 2, 2, 254], 8); // UNCERTAIN is no organ
  const at = { shape: [4, 2, 2] as Shape, plane: "axial" as const, organs: 2 };
  assertEquals(busiestSlice(labels, at), 2);
  assertEquals(busiestSlice(new Uint8Array(16), at), 2);
});

async function pixels(uri: string) {
  const image = await loadImage(uri);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return (y: number, x: number) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
}

Deno.test("grey is interpolated between voxels and cut at the window; labels are not", async () => {
  const image = new Float32Array([0, 100]); // x = 0 is black and the patient's left, so on the viewer's right
  const slice = sliceOf([1, 1, 2], { plane: "axial", index: 0, spacing: [1, 1, 1] });
  const at = await pixels(overlayImage(image, slice, { window: [0, 50], pixels: [4, 8] }));
  assertEquals([at(0, 0), at(0, 7)], [[255, 255, 255], [0, 0, 0]]);
  const [grey] = at(0, 5); // its centre lies at 1.375 - 0.5 = 0.875 of the way
  assertAlmostEquals(grey, 255 * 2 * 0.125, 1);
  const labels = new Uint8Array([0, 1]);
  const colours = new Map([[1, "#ff0000"]]);
  const over = await pixels(
    overlayImage(image, slice, { window: [0, 50], labels, colours, pixels: [20, 40] }),
  );
  assertEquals(over(10, 18), [255, 0, 0]); // border, two pixels wide
  assertEquals(over(10, 10)[0], 255);
  assertAlmostEquals(over(10, 10)[1], 255 * 0.62, 1);
  assertEquals(over(10, 39), [0, 0, 0]);
});

interface Axis {
  domain: [from: number, to: number];
}

Deno.test("a figure of slices: proportions of the body, titles, legend of what is drawn", {
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  const labels = new Uint8Array(24);
  labels[voxel(1, 1, 1)] = 1;
  labels[voxel(1, 1, 2)] = 254;
  const maps = [{ title: "truth", labels }, { title: "prediction", labels: new Uint8Array(24) }];
  const image = Float32Array.from({ length: 24 }, (_, i) => i);
  const figure = sliceOverlays([
    { title: "case <1>", image, shape, spacing, maps },
    { title: "case 2", image, shape, spacing, maps: maps.slice(1), plane: "coronal", index: 0 },
  ], { organs: ["Liver", "Spleen"] });
  const images = figure.layout.images as { source: string; sizex: number; sizey: number }[];
  assertEquals(images.length, 5); // scan, truth, prediction; scan, prediction
  const { source, sizex, sizey } = images[0]!;
  assertEquals([sizey, sizex], [6, 4]);
  const picture = await loadImage(source);
  assertAlmostEquals(picture.height / picture.width, 6 / 4, 0.02);
  const { width, height, margin, xaxis, yaxis } = figure.layout as typeof figure.layout & {
    margin: Record<"t" | "b" | "l" | "r", number>;
    xaxis: Axis;
    yaxis: Axis;
  };
  const span = ({ domain: [from, to] }: Axis, px: number) => (to - from) * px;
  const ratio = span(yaxis, height - margin.t - margin.b) / span(xaxis, width - margin.l - margin.r);
  assertAlmostEquals(ratio, 6 / 4, 0.02);
  const texts = await textsOf(await figureToSvg(figure));
  for (
    const text of ["scan", "truth", "prediction", "case <1> axial 2 of 2", "R", "L", "Liver", "uncertain"]
  ) {
    assert(texts.includes(text), `${text}: ${texts}`);
  }
  assert(!texts.includes("Spleen"));
});

Deno.test("a map of another size, or a slice outside of the scan, is an error", () => {
  const image = new Float32Array(24);
  const row = { title: "case_7", image, shape, spacing, maps: [] };
  const organs = ["Liver"];
  assertThrows(
    () => sliceOverlays([{ ...row, maps: [{ title: "truth", labels: new Uint8Array(23) }] }], { organs }),
    Error,
    `Cannot draw slices of case_7: map "truth" must have 24 voxels (2×3×4), current value is 23`,
  );
  assertThrows(
    () => sliceOverlays([{ ...row, index: 2 }], { organs }),
    Error,
    "must be 0 to 1, current value is 2",
  );
  assertThrows(() => sliceOverlays([], { organs }), Error, "Cannot draw slices");
});
