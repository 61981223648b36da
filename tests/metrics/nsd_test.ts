import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { normalisedSurfaceDice } from "../../lib/metrics/nsd.ts";

// One voxel each, side by side along x. Its surface is 8 corners of area √3/8 each (unit spacing), the middle 4 shared.
const shape: Shape = [1, 1, 2];
const pair = { prediction: Uint8Array.of(1, 0), truth: Uint8Array.of(0, 1), shape };

Deno.test("NSD computed by hand: the tolerance is in mm, and reached when equal", () => {
  const table: [spacing: Spacing, toleranceMm: number, nsd: number][] = [
    [[1, 1, 1], 0, 0.5],
    [[1, 1, 1], 0.99, 0.5],
    [[1, 1, 1], 1, 1],
    [[1, 1, 2.4], 2.39, 0.5],
    [[1, 1, 2.4], 2.4, 1],
    [[9, 9, 0.7], 0.7, 1],
  ];
  for (const [spacing, toleranceMm, nsd] of table) {
    assertAlmostEquals(normalisedSurfaceDice(pair, { spacing, toleranceMm }), nsd, 1e-12);
  }
});

Deno.test("elements count by their area", () => {
  // A voxel against a bar of two: at tolerance 0 all 8 elements of the voxel count, but of the bar only the
  // 4 at the common end and the 4 in the middle. By spacing: corner a = |(sy sx, sz sx, sz sy)| / 8; edge along x
  // e = sx |(sz, sy)| / 2.
  const [sz, sy, sx] = [3, 2, 1.5];
  const corner = Math.hypot(sy * sx, sz * sx, sz * sy) / 8;
  const edge = sx * Math.hypot(sz, sy) / 2;
  const bar = { prediction: Uint8Array.of(1, 0), truth: Uint8Array.of(1, 1), shape };
  const expected = (8 * corner + 4 * corner + 4 * edge) / (16 * corner + 4 * edge);
  assertAlmostEquals(normalisedSurfaceDice(bar, { spacing: [sz, sy, sx], toleranceMm: 0 }), expected, 1e-12);
});

Deno.test("an empty mask has no surface", () => {
  const empty = new Uint8Array(2);
  const options = { spacing: [1, 1, 1] as Spacing, toleranceMm: 100 };
  assertEquals(normalisedSurfaceDice({ ...pair, prediction: empty }, options), 0);
  assertEquals(normalisedSurfaceDice({ ...pair, truth: empty }, options), 0);
  assertEquals(normalisedSurfaceDice({ prediction: empty, truth: empty, shape }, options), NaN);
});
