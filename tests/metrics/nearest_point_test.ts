import { assertEquals } from "@std/assert";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { distanceTransform } from "../../lib/imaging/distance_transform.ts";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { distancesToNearest } from "../../lib/metrics/nearest_point.ts";

Deno.test("distances computed by hand", () => {
  const shape: Shape = [4, 5, 6];
  const at = (z: number, y: number, x: number) => (z * 5 + y) * 6 + x;
  const distances = distancesToNearest(
    Uint32Array.of(at(0, 0, 0), at(3, 4, 5), at(1, 1, 1), at(2, 1, 1)),
    Uint32Array.of(at(1, 1, 1), at(3, 4, 2)),
    { shape, spacing: [12, 4, 3] },
  );
  assertEquals([...distances], [13, 9, 0, 12]);
});

Deno.test("without targets everything is infinitely far", () => {
  const options = { shape: [1, 1, 3] as Shape, spacing: [1, 1, 1] as Spacing };
  assertEquals([...distancesToNearest(Uint32Array.of(0, 2), new Uint32Array(0), options)], [
    Infinity,
    Infinity,
  ]);
  assertEquals(distancesToNearest(new Uint32Array(0), Uint32Array.of(1), options).length, 0);
});

// The transform is checked against SciPy by its own tests. A few targets, many, some planes and rows of which are empty,
// and two far corners are searched from everywhere.
const sets: [
  name: string,
  shape: Shape,
  spacing: Spacing,
  holds: (random: number, voxel: number) => boolean,
][] = [
  ["one target", [5, 6, 7], [1, 1, 1], (_, voxel) => voxel === 100],
  ["few targets", [9, 10, 11], [2.5, 0.9, 1.1], (random) => random < 0.02],
  ["half of all", [9, 10, 11], [0.3, 1.7, 1], (random) => random < 0.5],
  ["every voxel", [6, 7, 8], [1, 1, 1], () => true],
  ["a full plane", [7, 20, 20], [3, 1, 1], (_, voxel) => Math.floor(voxel / 400) === 4],
  ["two far corners", [8, 9, 10], [2.5, 0.9, 1.1], (_, voxel) => voxel === 0 || voxel === 719],
  ["a line", [1, 1, 200], [1, 1, 0.7], (random) => random < 0.3],
];
for (const [name, shape, spacing, holds] of sets) {
  Deno.test(`distances equal the distance transform's to the last bit: ${name}`, () => {
    const random = xoroshiro128plus(7);
    const free = Uint8Array.from(
      { length: shape[0] * shape[1] * shape[2] },
      (_, voxel) => holds(uniformFloat64(random), voxel) ? 0 : 1,
    );
    const everywhere = Uint32Array.from(free, (_, voxel) => voxel);
    const targets = everywhere.filter((voxel) => free[voxel] === 0);
    assertEquals(
      distancesToNearest(everywhere, targets, { shape, spacing }),
      distanceTransform(free, shape, { spacing }),
    );
  });
}
