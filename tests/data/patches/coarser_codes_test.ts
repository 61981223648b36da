import { assertEquals } from "@std/assert";
import { coarserCodes } from "../../../lib/data/patches/coarser_codes.ts";
import { IGNORED, UNCERTAIN } from "../../../lib/data/label_set.ts";
import { supervisedLevels } from "../../../lib/data/supervised_levels.ts";

const coarser = (
  codes: number[],
  shape: [number, number, number, number],
  strides: [number, number, number],
) => {
  const made = coarserCodes(Uint8Array.from(codes), shape, strides);
  return { codes: [...made.codes], shape: made.shape };
};

Deno.test("labels on a coarser grid by hand: of a block the voxel nearest to its middle, of two the hinder one", () => {
  const row = [10, 11, 12, 13, 14, 15, 16, 17];
  assertEquals(coarser(row, [1, 1, 1, 8], [1, 1, 1]), { codes: row, shape: [1, 1, 1, 8] });
  assertEquals(coarser(row, [1, 1, 1, 8], [1, 1, 2]), { codes: [11, 13, 15, 17], shape: [1, 1, 1, 4] });
  assertEquals(coarser(row, [1, 1, 1, 8], [1, 1, 4]), { codes: [12, 16], shape: [1, 1, 1, 2] });
  assertEquals(coarser(row, [1, 1, 1, 8], [1, 1, 8]), { codes: [14], shape: [1, 1, 1, 1] });
  assertEquals(coarser(row.slice(0, 6), [1, 1, 1, 6], [1, 1, 3]), { codes: [11, 14], shape: [1, 1, 1, 2] });
});

Deno.test("labels on a coarser grid: each axis and each sample by itself", () => {
  // A voxel's code is 100 sample + 60 z' + 10 y + x, of size [2, 2, 4, 6].
  const codes: number[] = [];
  for (const n of [0, 1]) {
    for (const z of [0, 1]) {
      for (const y of [0, 1, 2, 3]) {
        for (const x of [0, 1, 2, 3, 4, 5]) codes.push(100 * n + 60 * z + 10 * y + x);
      }
    }
  }
  assertEquals(coarser(codes, [2, 2, 4, 6], [2, 2, 3]), {
    codes: [71, 74, 91, 94, 171, 174, 191, 194],
    shape: [2, 1, 2, 2],
  });
  assertEquals(coarser(codes, [2, 2, 4, 6], [1, 4, 6]), { codes: [23, 83, 123, 183], shape: [2, 2, 1, 1] });
});

Deno.test("codes are not mixed: what is ignored, undecided or a group stays that, whatever is beside it", () => {
  const group = 201;
  assertEquals(
    coarser([1, IGNORED, IGNORED, 2, 3, UNCERTAIN, 0, group], [1, 1, 1, 8], [1, 1, 2]).codes,
    [IGNORED, 2, UNCERTAIN, group],
  );
});

Deno.test("levels that labels teach: all of the decoder's below full resolution but the lowest", () => {
  assertEquals([1, 2, 3, 4, 5, 6].map(supervisedLevels), [[], [], [], [1], [1, 2], [1, 2, 3]]);
});
