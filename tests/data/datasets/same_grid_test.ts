import { assertEquals, assertThrows } from "@std/assert";
import { isTurned, laidOn } from "../../../lib/data/datasets/same_grid.ts";
import { AXES } from "../../../lib/imaging/each_axis.ts";
import type { Affine, Shape, Volume } from "../../../lib/imaging/volume.ts";

const scan: Volume<Uint8Array> = {
  data: Uint8Array.from({ length: 24 }, (_, i) => i),
  shape: [2, 3, 4],
  affine: [[1, 0, 0, -5], [0, 2, 0, 7], [0, 0, 3, 1], [0, 0, 0, 1]],
};

/** The same voxels at the same places, stored in another order: `axes[n]` is the scan's axis that the n-th of the new ones runs along. */
function stored(axes: readonly number[], signs: readonly number[]): Volume<Uint8Array> & { path: string } {
  const sizes = [...scan.shape].reverse(), own = axes.map((axis) => sizes[axis]!);
  const data = new Uint8Array(24);
  for (let v = 0; v < 24; v++) {
    const index = [v % own[0]!, Math.floor(v / own[0]!) % own[1]!, Math.floor(v / own[0]! / own[1]!)];
    const from = [0, 0, 0];
    for (const n of AXES) from[axes[n]!] = signs[n]! > 0 ? index[n]! : own[n]! - 1 - index[n]!;
    data[v] = scan.data[from[0]! + 4 * from[1]! + 12 * from[2]!]!;
  }
  const affine: Affine = [0, 1, 2].map((row) => {
    const columns = AXES.map((n) => scan.affine[row]![axes[n]!]! * signs[n]!);
    const shift = AXES.reduce(
      (sum, n) => sum + (signs[n]! > 0 ? 0 : scan.affine[row]![axes[n]!]! * (own[n]! - 1)),
      scan.affine[row]![3]!,
    );
    return [...columns, shift];
  });
  return { data, shape: own.toReversed() as Shape, affine: [...affine, [0, 0, 0, 1]], path: "map.nii" };
}

const ORDERS = [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0], [2, 0, 1]];
const SIGNS = [[1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1], [
  -1,
  -1,
  -1,
]];

Deno.test("a map of the same voxels in any of the 48 orders is laid on its scan", () => {
  for (const axes of ORDERS) {
    for (const signs of SIGNS) {
      const map = stored(axes, signs), laid = laidOn(scan, map);
      assertEquals([...laid.data], [...scan.data], `${axes} ${signs}`);
      assertEquals([laid.shape, laid.affine], [scan.shape, scan.affine]);
      assertEquals(isTurned(scan, map), String([axes, signs]) !== String([[0, 1, 2], [1, 1, 1]]));
    }
  }
});

Deno.test("less than half a voxel apart is rounding, more is another place, turned or not", () => {
  for (const map of [stored([0, 1, 2], [1, 1, 1]), stored([1, 0, 2], [-1, 1, -1])]) {
    const moved = (mm: number) => ({
      ...map,
      affine: map.affine.map((row, i) => i === 0 ? [...row.slice(0, 3), row[3]! + mm] : row),
    });
    assertEquals([...laidOn(scan, moved(0.49)).data], [...scan.data]);
    assertThrows(() => laidOn(scan, moved(0.51)), Error, "its label map must");
  }
});

Deno.test("a map that is cropped, of other lengths, or of the same shape at another place is refused", () => {
  const map = { ...scan, path: "map.nii" };
  const unit: Affine = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  assertThrows(
    () => laidOn(scan, { ...map, affine: unit }),
    Error,
    "must lie on the image's grid, a corner is",
  );
  const cropped = { ...map, shape: [2, 3, 2] as Shape, data: new Uint8Array(12) };
  assertThrows(
    () => laidOn(scan, cropped, { name: "the prediction" }),
    Error,
    "the prediction must have the image's shape [2,3,4], it has [2,3,2] (map.nii)",
  );
});
