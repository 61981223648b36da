import { assertEquals } from "@std/assert";
import { hasMirrorImage, mirrorLabelSet, withGroups } from "../../../lib/data/patches/mirror.ts";

/** Lobes: left 1 and 2, right 3 and 4; 5 is in the middle. */
const PAIRS = [[1, 3], [2, 4]] as const;

Deno.test("groups that are each other's mirror image are a pair", () => {
  assertEquals(withGroups(PAIRS), PAIRS);
  const pairs = withGroups(PAIRS, { 201: [1, 2], 202: [4, 3], 203: [1, 3, 5] });
  assertEquals(pairs, [...PAIRS, [201, 202]]);
  assertEquals(mirrorLabelSet([201, 203], pairs), [202, 203]);
});

Deno.test("a label has a mirror image where its organs' images are a label", () => {
  const cases: [labelSet: number[], groups: Record<number, number[]>, has: boolean][] = [
    [[1, 5], {}, true],
    [[201], { 201: [1, 2, 3, 4] }, true],
    [[201], { 201: [1, 3, 5] }, true],
    [[201], { 201: [1, 2], 202: [3, 4] }, true],
    [[201], { 201: [1, 2] }, false],
    [[201], { 201: [1, 4] }, false],
    [[5], { 201: [1, 2] }, true],
  ];
  for (const [labelSet, groups, has] of cases) {
    assertEquals(hasMirrorImage(labelSet, withGroups(PAIRS, groups), groups), has, JSON.stringify(groups));
  }
});
