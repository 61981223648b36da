import { assertEquals } from "@std/assert";
import { labelBoxes } from "../../lib/data/label_boxes.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { keptComponents, postprocess } from "../../lib/inference/postprocessing.ts";
import type { OrganRule } from "../../lib/models/postprocessing_rule.ts";
import { codesOf } from "../support/imaging/codes_of.ts";

const shape: Shape = [2, 3, 4];

/** Organ 1: two voxels and one; organ 2: two (one above the other) and two. */
const apart = "1100 0000 0002  0000 0001 2202";
/** Organ 1 hangs together by an edge alone. */
const bent = "1100 0010 0000  0000 0010 0000";

const rule = (organ: number, largest: boolean, minimumMm3 = 0): OrganRule => ({
  organ,
  largest,
  minimumMm3,
});

const cases: [what: string, labels: string, rules: OrganRule[], wanted: string][] = [
  ["no rule", apart, [], apart],
  ["an organ that is not there", apart, [rule(3, true, 5)], apart],
  ["the largest of one organ", apart, [rule(1, true)], "1100 0000 0002  0000 0000 2202"],
  ["of equally large ones all stay", apart, [rule(2, true)], apart],
  ["edges join", bent, [rule(1, true)], bent],
  ["a volume that a component just has", apart, [rule(1, false, 4)], "1100 0000 0002  0000 0000 2202"],
  ["a volume that all have", apart, [rule(1, false, 2), rule(2, false, 4)], apart],
  ["also the largest may be too small", apart, [rule(1, true, 4.1)], "0000 0000 0002  0000 0000 2202"],
  ["each organ by its own", apart, [rule(2, false, 5), rule(1, true)], "1100 0000 0000  0000 0000 0000"],
];

for (const [what, text, rules, wanted] of cases) {
  Deno.test(`postprocessing: ${what}`, () => {
    const labels = codesOf(text);
    // A voxel has 2 mm³.
    assertEquals(postprocess(labels, rules, { shape, voxelMm3: 2 }), codesOf(wanted));
    assertEquals(labels, codesOf(text), "the map that was given stays as it was");
  });
}

Deno.test("components stay by their size and the rule; what is none never does", () => {
  const kept = (largest: boolean, minimumMm3: number) =>
    keptComponents([99, 3, 5, 5, 1], { largest, minimumMm3 }, { voxelMm3: 0.5 }).map(Number);
  assertEquals(kept(false, 0), [0, 1, 1, 1, 1]);
  assertEquals(kept(true, 0), [0, 0, 1, 1, 0]);
  assertEquals(kept(false, 1.5), [0, 1, 1, 1, 0]);
  assertEquals(kept(true, 2.6), [0, 0, 0, 0, 0]);
});

Deno.test("boxes are around each label that occurs", () => {
  assertEquals(
    labelBoxes(codesOf(apart), shape),
    new Map([
      [1, { start: [0, 0, 0], shape: [2, 2, 4] }],
      [2, { start: [0, 2, 0], shape: [2, 1, 4] }],
    ]),
  );
});
