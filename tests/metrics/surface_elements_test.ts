import { assertAlmostEquals } from "@std/assert";
import { surfaceElementAreas } from "../../lib/metrics/surface_elements.ts";
import { peerAreas } from "../support/metrics/fixture.ts";

/** Our bit 4z + 2y + x is their bit 7 - (4z + 2y + x). */
function theirCode(code: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= (code >> bit & 1) << (7 - bit);
  return reversed;
}

for (const { spacing, areas } of peerAreas) {
  Deno.test(`surface element areas equal surface-distance's, spacing ${spacing}`, () => {
    const ours = surfaceElementAreas(spacing);
    for (let code = 0; code < 256; code++) {
      assertAlmostEquals(ours[code], areas[theirCode(code)], 1e-12, `code ${code}`);
    }
  });
}

Deno.test("surface elements computed by hand", () => {
  const [sz, sy, sx] = [3, 1.5, 0.5];
  const areas = surfaceElementAreas([sz, sy, sx]);
  const corner = Math.hypot(sy * sx, sz * sx, sz * sy) / 8; // half the cross product of three half edges
  const table: [code: number, area: number, what: string][] = [
    [0b00000000, 0, "nothing"],
    [0b11111111, 0, "everything"],
    [0b00000001, corner, "a corner"],
    [0b01111111, corner, "all but a corner"],
    [0b10000001, 2 * corner, "two opposite corners"],
    [0b00001001, 2 * corner, "two corners across a face stay apart"],
    [0b01101001, 4 * corner, "four corners, no two neighbours"],
    [0b00001111, sy * sx, "a flat surface across z"],
    [0b00110011, sz * sx, "a flat surface across y"],
    [0b01010101, sz * sy, "a flat surface across x"],
    [0b00000011, sx * Math.hypot(sz / 2, sy / 2), "an edge along x: a slanted rectangle"],
    [0b00010111, 6 * corner, "a corner and its neighbours: a flat hexagon"],
    [0b00000111, sy * sx / 2 + 3 * corner, "an L: half a face and three corners' worth"],
  ];
  for (const [code, area, what] of table) assertAlmostEquals(areas[code], area, 1e-12, what);
});

Deno.test("a mask and its complement have the same surface", () => {
  const areas = surfaceElementAreas([2, 0.9, 1.1]);
  for (let code = 0; code < 128; code++) assertAlmostEquals(areas[code], areas[255 - code], 1e-12);
});
