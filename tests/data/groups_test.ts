import { assertEquals } from "@std/assert";
import { labelsWithin, leavesOf, maskOfLabel } from "../../lib/data/groups.ts";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { organLocations } from "../../lib/data/store/locations.ts";
import { epochOf } from "../../lib/data/patches/sampler.ts";

/** 201 is organs 1 and 2; 202 these and 4. */
const groups = { 201: [1, 2], 202: [2, 1, 4] };

Deno.test("labels cover their organs", () => {
  assertEquals(leavesOf([3, 201], groups), [1, 2, 3]);
  assertEquals(leavesOf([202, 201, 4], groups), [1, 2, 4]);
  assertEquals(leavesOf([2, 1]), [1, 2]);
});

Deno.test("a model is judged by the labels that lie within its organs", () => {
  assertEquals(labelsWithin([1, 3, 201, 202], [1, 2, 3], groups), [1, 3, 201]);
  assertEquals(labelsWithin([201], [1], groups), []);
});

Deno.test("a group is where its organs are, and the groups within it", () => {
  const codes = Uint8Array.of(0, 1, 2, 3, 4, 201, 202, UNCERTAIN, IGNORED);
  assertEquals([...maskOfLabel(codes, 2, groups)], [0, 0, 1, 0, 0, 0, 0, 0, 0]);
  assertEquals([...maskOfLabel(codes, 201, groups)], [0, 1, 1, 0, 0, 1, 0, 0, 0]);
  assertEquals([...maskOfLabel(codes, 202, groups)], [0, 1, 1, 0, 1, 1, 1, 0, 0]);
});

Deno.test("patches are drawn around a group as around an organ", () => {
  const locate = (codes: number[]) =>
    organLocations(Uint8Array.from(codes), codes.filter((code) => code > 0));
  const whole = locate([0, 201, 201]), parts = locate([1, 0, 2]);
  assertEquals([whole, parts], [{ 201: [1, 2] }, { 1: [0], 2: [2] }]);
  assertEquals(epochOf([{ locations: whole }, { locations: parts }]), [0, 1]);
});
