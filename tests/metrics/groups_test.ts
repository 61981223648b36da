import { assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { scoreCase } from "../../lib/metrics/score_case.ts";

const options = {
  shape: [1, 1, 6] as Shape,
  spacing: [1, 1, 1] as Spacing,
  tolerancesMm: { 1: 1, 2: 1, 3: 1, 201: 1 },
  groups: { 201: [1, 2] },
};

Deno.test("a group is scored on the union of its organs, under its own number", () => {
  const truth = Uint8Array.of(201, 201, 201, 201, 0, 3);
  const scores = scoreCase(Uint8Array.of(1, 1, 2, 0, 2, 3), truth, { ...options, labelSet: [3, 201] });
  assertEquals([...scores.keys()], [3, 201]);
  assertEquals([scores.get(3)!.dice, scores.get(201)!.dice], [1, 6 / 8]);
});

Deno.test("where some of it has its own label, the group is all of it; ignored voxels count for nobody", () => {
  const truth = Uint8Array.of(1, 1, 201, 0, IGNORED, 0);
  const scores = scoreCase(Uint8Array.of(1, 1, 2, 0, 2, 0), truth, { ...options, labelSet: [1, 201] });
  assertEquals([scores.get(1)!.dice, scores.get(201)!.dice], [1, 1]);
});
