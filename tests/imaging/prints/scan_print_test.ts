import { assert, assertEquals } from "@std/assert";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import { type Likeness, likeness } from "../../../lib/imaging/prints/same_print.ts";
import { printOf } from "../../../lib/imaging/prints/scan_print.ts";
import { resampleImage } from "../../../lib/imaging/resample.ts";
import type { Affine, Shape, Spacing, Volume } from "../../../lib/imaging/volume.ts";

const shape: Shape = [40, 44, 48], spacing: Spacing = [2, 1.5, 1.5];

/** Diagonal, from spacings [z, y, x] and the place of the first voxel [x, y, z], mm. */
function affineOf([z, y, x]: Spacing, [a, b, c] = [-30, -20, 10]): Affine {
  return [[x, 0, 0, a!], [0, y, 0, b!], [0, 0, z, c!], [0, 0, 0, 1]];
}

/** Blobs of a person's own, with noise. */
function scanOf(person: string): Volume<Float32Array> {
  const random = createRandom(person, "scan");
  const blobs = Array.from({ length: 40 }, () => ({
    at: shape.map((size) => uniform(random, [0, size])),
    height: uniform(random, [-300, 300]),
    width: uniform(random, [2, 6]),
  }));
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  let voxel = 0;
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const value = blobs.reduce((sum, { at, height, width }) => {
          const squared = (z - at[0]!) ** 2 + (y - at[1]!) ** 2 + (x - at[2]!) ** 2;
          return sum + height * Math.exp(-squared / (2 * width ** 2));
        }, uniform(random, [-20, 20]));
        data[voxel++] = Math.round(value);
      }
    }
  }
  return { data, shape, affine: affineOf(spacing) };
}

/** A box of the scan; its header may have lost its place. */
function crop(
  { data }: Volume<Float32Array>,
  [z0, y0, x0]: Shape,
  size: Shape,
  place?: Spacing,
): Volume<Float32Array> {
  const part = new Float32Array(size[0] * size[1] * size[2]);
  for (let z = 0, voxel = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[2]; x++) {
        part[voxel++] = data[((z + z0) * shape[1] + y + y0) * shape[2] + x + x0]!;
      }
    }
  }
  const kept: Spacing = [-30 + 1.5 * x0, -20 + 1.5 * y0, 10 + 2 * z0];
  return { data: part, shape: size, affine: affineOf(spacing, place ?? kept) };
}

/** The same voxels at the same places, with x from right to left. */
function flipped({ data }: Volume<Float32Array>): Volume<Int16Array> {
  const turned = new Int16Array(data.length), width = shape[2];
  data.forEach((value, voxel) => turned[voxel - voxel % width + width - 1 - voxel % width] = value);
  const affine = affineOf(spacing);
  affine[0] = [-1.5, 0, 0, -30 + 1.5 * (width - 1)];
  return { data: turned, shape, affine };
}

/** The same voxels in another order of axes and directions, under a header that knows nothing of it. */
function rewritten({ data }: Volume<Float32Array>): Volume<Float32Array> {
  const [depth, height, width] = shape, turned = new Float32Array(data.length);
  let voxel = 0;
  for (let x = width - 1; x >= 0; x--) {
    for (let y = 0; y < height; y++) {
      for (let z = depth - 1; z >= 0; z--) turned[voxel++] = data[(z * height + y) * width + x]!;
    }
  }
  return { data: turned, shape: [width, height, depth], affine: affineOf([1, 1, 1], [0, 0, 0]) };
}

const ada = scanOf("ada"), brighter = { ...ada, data: ada.data.map((value) => 2 * value + 100) };
const table: { of: string; other: Volume; is: Likeness | undefined }[] = [
  { of: "itself", other: ada, is: "voxels" },
  { of: "itself, stored in another order and type", other: flipped(ada), is: "voxels" },
  {
    of: "itself, moved by its header",
    other: { ...ada, affine: affineOf(spacing, [0, 0, 0]) },
    is: "voxels",
  },
  { of: "half of it along each axis", other: crop(ada, [10, 11, 12], [20, 22, 24]), is: "rows" },
  {
    of: "half of it, without its place",
    other: crop(ada, [10, 11, 12], [20, 22, 24], [0, 0, 0]),
    is: "rows",
  },
  { of: "itself, transposed and mirrored, with a new header", other: rewritten(ada), is: "rows" },
  { of: "itself, resampled to 2 mm", other: resampleImage(ada, [2, 2, 2]), is: "cells" },
  { of: "itself, resampled to 1.2 mm", other: resampleImage(ada, [1.2, 1.2, 1.2]), is: "cells" },
  { of: "itself in other units", other: brighter, is: "cells" },
  { of: "another person", other: scanOf("ben"), is: undefined },
  {
    of: "itself resampled, without its place",
    other: { ...resampleImage(ada, [2, 2, 2]), affine: affineOf([2, 2, 2], [77, 3, 51]) },
    is: undefined,
  },
  { of: "a scan of one value", other: { ...ada, data: new Float32Array(ada.data.length) }, is: undefined },
];

for (const { of, other, is } of table) {
  Deno.test(`a scan's print and that of ${of}: ${is ?? "two scans"}`, () => {
    assertEquals(likeness(printOf(ada), printOf(other)), is);
    assertEquals(likeness(printOf(other), printOf(ada)), is);
  });
}

Deno.test("a print is small, and air has no rows in it", () => {
  const print = printOf(ada);
  assertEquals([print.voxels.length, print.rows.length], [64, 256]);
  assert(
    print.rows.every((hash, index) =>
      Number.isSafeInteger(hash) && (index === 0 || hash > print.rows[index - 1]!)
    ),
  );
  // 72 × 66 × 80 mm, from (-30, -20, 10) mm to (40.5, 44.5, 88) mm at voxels' middles: cells 8, 8 and 9 long.
  assertEquals(Object.keys(print.cells).length, 8 * 7 * 9);
  assertEquals(printOf({ ...ada, data: new Float32Array(ada.data.length) }).rows, []);
});
