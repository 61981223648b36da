import { assert, assertEquals } from "@std/assert";
import { distanceTransform } from "../../lib/imaging/distance_transform.ts";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";

interface DistanceCase {
  shape: Shape;
  spacing: Spacing;
  mask: string;
  distances: number[];
}

const cases: DistanceCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/imaging/distance.json", import.meta.url)),
);

Deno.test("distanceTransform equals scipy's distance_transform_edt bit for bit", () => {
  for (const { shape, spacing, mask, distances } of cases) {
    assertEquals(
      [...distanceTransform(Uint8Array.from(mask, Number), shape, { spacing })],
      distances,
      `${shape}`,
    );
  }
});

Deno.test("a single zero voxel is that far from everything, in mm", () => {
  const mask = new Uint8Array(3 * 3 * 3).fill(1);
  mask[0] = 0;
  const distances = distanceTransform(mask, [3, 3, 3], { spacing: [4, 3, 1] });
  assertEquals(distances[1], 1);
  assertEquals(distances[3], 3);
  assertEquals(distances[9], 4);
  assertEquals(distances[9 + 3], 5);
  assertEquals(distances[26], Math.hypot(8, 6, 2));
});

Deno.test("without a zero voxel every distance is infinite", () => {
  const distances = distanceTransform(new Uint8Array(8).fill(1), [2, 2, 2], { spacing: [1, 1, 1] });
  assert(distances.every((value) => value === Infinity));
});
