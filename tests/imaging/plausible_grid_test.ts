import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { implausible } from "../../lib/imaging/plausible_grid.ts";
import { resampleGrid } from "../../lib/imaging/resample_grid.ts";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";

const GRIDS: [about: string, shape: Shape, spacing: Spacing, problem: RegExp | undefined][] = [
  ["a whole body", [1800, 512, 512], [1, 1.4, 1.4], undefined],
  ["a cochlea", [600, 900, 900], [0.02, 0.02, 0.02], undefined],
  ["one thick slice", [1, 256, 256], [25, 1, 1], undefined],
  ["voxels too small", [10, 10, 10], [1, 1, 0.019], /voxels of 0.02 to 25 mm/],
  ["voxels too large", [10, 10, 10], [25.1, 1, 1], /voxels of 0.02 to 25 mm/],
  ["longer than a person", [1, 1, 1000], [1, 1, 3], /at most 2500 mm, found 3000 mm/],
  [
    "more voxels than memory",
    [1025, 1024, 1024],
    [1, 1, 1],
    /at most 1,073,741,824 voxels, found 1025×1024×1024/,
  ],
];
for (const [about, shape, spacing, problem] of GRIDS) {
  Deno.test(`plausible grids: ${about}`, () => {
    const found = implausible(shape, spacing);
    if (problem) assertMatch(found ?? "", problem);
    else assertEquals(found, undefined);
  });
}

Deno.test("a grid that resampling would make too large is refused before memory is spent", () => {
  assertThrows(
    () => resampleGrid([60, 100, 100], { spacing: [20, 20, 20], target: [0.5, 0.5, 0.5] }),
    RangeError,
    "would have too many voxels",
  );
});
