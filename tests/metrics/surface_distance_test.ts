import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import {
  averageSymmetricSurfaceDistance,
  hausdorff95,
  surfaceDistances,
  surfaceVoxels,
} from "../../lib/metrics/surface_distance.ts";

Deno.test("the surface of a mask is what the 6-neighbourhood erodes, the border of the volume included", () => {
  const full = new Uint8Array(27).fill(1);
  assertEquals(surfaceVoxels(full, { shape: [3, 3, 3] }).length, 26); // all but the centre
  const table: [hole: number, surface: number][] = [
    [13, 26], // without the centre: everything left
    [4, 26], // a face neighbour of the centre gone: the centre is surface, the hole is not
    [1, 25], // an edge neighbour gone: the centre is still enclosed
    [0, 25], // a corner neighbour gone
  ];
  for (const [hole, surface] of table) {
    const mask = full.slice();
    mask[hole] = 0;
    assertEquals(surfaceVoxels(mask, { shape: [3, 3, 3] }).length, surface, `hole at ${hole}`);
  }
  assertEquals([...surfaceVoxels(Uint8Array.of(0, 1, 1, 0), { shape: [1, 2, 2] })], [1, 2]);
});

Deno.test("surface distances computed by hand", () => {
  const shape: Shape = [1, 1, 6];
  const spacing: Spacing = [1, 1, 2];
  const pair = { prediction: Uint8Array.of(1, 0, 0, 0, 0, 0), truth: Uint8Array.of(0, 1, 0, 0, 0, 1), shape };
  const distances = surfaceDistances(pair, { spacing });
  assertEquals([...distances.toTruth], [2]);
  assertEquals([...distances.toPrediction], [2, 10]);
  assertAlmostEquals(hausdorff95(distances), 2 + 0.95 * 8, 1e-12); // the larger of the directed percentiles
  assertAlmostEquals(averageSymmetricSurfaceDistance(distances), 14 / 3, 1e-12); // over the points of both
});

Deno.test("a missing surface is infinitely far, two missing ones are undefined", () => {
  const one = { toTruth: new Float64Array(0), toPrediction: Float64Array.of(Infinity, Infinity) };
  const none = { toTruth: new Float64Array(0), toPrediction: new Float64Array(0) };
  assertEquals([hausdorff95(one), averageSymmetricSurfaceDistance(one)], [Infinity, Infinity]);
  assertEquals([hausdorff95(none), averageSymmetricSurfaceDistance(none)], [NaN, NaN]);
});
