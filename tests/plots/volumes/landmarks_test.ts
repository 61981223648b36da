import { assertEquals } from "@std/assert";
import type { Affine, Shape } from "../../../lib/imaging/volume.ts";
import { findLandmarks } from "../../../lib/plots/volumes/landmarks.ts";

const shape: Shape = [3, 4, 5];
/** x runs to the left in steps of 2 mm, y to the front in steps of 1, z to the head in steps of 3. */
const affine: Affine = [[-2, 0, 0, 10], [0, 1, 0, 0], [0, 0, 3, -5], [0, 0, 0, 1]];

function labels(voxels: [z: number, y: number, x: number, organ: number][]): Uint8Array {
  const data = new Uint8Array(60);
  for (const [z, y, x, organ] of voxels) data[(z * 4 + y) * 5 + x] = organ;
  return data;
}

Deno.test("an organ's landmark is its own voxel nearest to its centre of mass, in mm", () => {
  const { centres } = findLandmarks(
    labels([
      [1, 2, 3, 1],
      // An arch: the centre of mass (1, 0.8, 2) is none of its voxels, and (1, 1, 1) and (1, 1, 3) are 2 mm from it.
      ...[[1, 2, 1], [1, 1, 1], [1, 0, 2], [1, 1, 3], [1, 0, 3]].map(([z, y, x]) =>
        [z, y, x, 2] as [number, number, number, number]
      ),
    ]),
    { shape, affine, organs: 3 },
  );
  assertEquals(centres, [[4, 2, -2], [6, 0, -2], undefined]);
});

Deno.test("the start is on an organ, where the planes show the most of them", () => {
  const two = labels([[0, 0, 0, 1], [2, 3, 4, 1], [2, 3, 3, 2], [2, 0, 4, 2]]);
  // Two organs lie in the planes z = 2, y = 0 or 3 and x = 4; y = 0 comes first.
  assertEquals(findLandmarks(two, { shape, affine, organs: 2 }).start, [2, 0, 1]);
});

Deno.test("without organs the start is the middle; codes beyond the organs are none", () => {
  const { start, centres } = findLandmarks(labels([[0, 0, 0, 3], [0, 0, 1, 255]]), {
    shape,
    affine,
    organs: 2,
  });
  assertEquals({ start, centres }, { start: [6, 2, -2], centres: [undefined, undefined] });
});
