import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Shape } from "../../lib/imaging/volume.ts";
import { cropMaskPairs } from "../../lib/metrics/mask_pair.ts";
import { normalisedSurfaceDice } from "../../lib/metrics/nsd.ts";
import {
  averageSymmetricSurfaceDistance,
  hausdorff95,
  surfaceDistances,
} from "../../lib/metrics/surface_distance.ts";

/** 1 in a square of a picture of 8 × 8. */
function square(from: number, to: number): Uint8Array {
  const inside = (value: number) => value >= from && value < to;
  return Uint8Array.from({ length: 64 }, (_, i) => inside(Math.floor(i / 8)) && inside(i % 8) ? 1 : 0);
}

const [outer, inner] = [square(2, 6), square(3, 5)];

for (const [name, shape] of [["z", [1, 8, 8]], ["y", [8, 1, 8]], ["x", [8, 8, 1]]] as [string, Shape][]) {
  Deno.test(`of a volume of one voxel along ${name} the surface is the contour`, () => {
    const pair = cropMaskPairs(inner, outer, { shape, organs: [1] }).get(1)!;
    const spacing = shape.map((size) => size === 1 ? 50 : 1) as [number, number, number];
    // The inner square's four voxels are each 1 from the outer one's twelve, of which four are at corners, √2 away.
    const distances = surfaceDistances(pair, { spacing });
    assertEquals([...distances.toTruth], [1, 1, 1, 1]);
    assertEquals([...distances.toPrediction].filter((distance) => distance === 1).length, 8);
    assertAlmostEquals(hausdorff95(distances), Math.SQRT2, 1e-12);
    assertAlmostEquals(averageSymmetricSurfaceDistance(distances), (4 + 8 + 4 * Math.SQRT2) / 16, 1e-12);
    // The contours have no point in common, though all of the inner square lies in the outer one.
    assertEquals(normalisedSurfaceDice(pair, { spacing, toleranceMm: 0 }), 0);
    assertEquals(normalisedSurfaceDice(pair, { spacing, toleranceMm: 1.5 }), 1);
    // At 1 mm all of the inner contour is near; of the outer one its sides but for the corners. Marching squares cut corners off: a
    // square of n voxels has 4 (n - 1) of straight and 4 · √½ of cut-off contour, half a step at both ends of each side.
    const [small, large] = [4 * 1 + 4 * Math.SQRT1_2, 4 * 3 + 4 * Math.SQRT1_2];
    assertAlmostEquals(
      normalisedSurfaceDice(pair, { spacing, toleranceMm: 1 }),
      (small + 4 * 3) / (small + large),
      1e-12,
    );
  });
}

Deno.test("an organ of one slice in a volume of many is closed above and below", () => {
  const volume = new Uint8Array(3 * 64);
  volume.set(outer, 64);
  const pair = cropMaskPairs(volume, volume, { shape: [3, 8, 8], organs: [1] }).get(1)!;
  assertEquals(surfaceDistances(pair, { spacing: [1, 1, 1] }).toTruth.length, 16);
});
