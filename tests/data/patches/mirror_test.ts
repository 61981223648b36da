import { assertEquals } from "@std/assert";
import { canMirror, mirrorLabelSet, mirrorPairsOf, mirrorPatch } from "../../../lib/data/patches/mirror.ts";

const ORGANS = [
  { number: 1 },
  { number: 2, mirror: 3 },
  { number: 3, mirror: 2 },
  { number: 4, mirror: 5 },
  { number: 5, mirror: 4 },
];
const PAIRS = mirrorPairsOf(ORGANS);

Deno.test("pairs of a vocabulary", () => assertEquals(PAIRS, [[2, 3], [4, 5]]));

Deno.test("mirroring is allowed only where the shown organs are closed under the swap", () => {
  const cases: [number[], boolean][] = [
    [[1], true],
    [[1, 2, 3], true],
    [[2, 3, 4, 5], true],
    [[2], false],
    [[1, 2, 3, 5], false],
    [[], true],
  ];
  for (const [shown, allowed] of cases) assertEquals(canMirror(shown, PAIRS), allowed, `${shown}`);
  assertEquals(canMirror([2], []), true);
});

Deno.test("mirroring swaps the label set: of a case with only the right one it makes one with only the left", () => {
  assertEquals(mirrorLabelSet([1, 2], PAIRS), [1, 3]);
  assertEquals(mirrorLabelSet([2, 3], PAIRS), [2, 3]);
  assertEquals(mirrorLabelSet([3, 4], PAIRS), [2, 5]);
});

Deno.test("mirroring reverses x and swaps codes; special codes stay", () => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const labels = Uint8Array.of(0, 2, 3, 1, 254, 255, 5, 5);
  mirrorPatch({ image, labels }, { shape: [1, 2, 4], pairs: PAIRS });
  assertEquals([...image], [4, 3, 2, 1, 8, 7, 6, 5]);
  assertEquals([...labels], [1, 2, 3, 0, 4, 4, 255, 254]);
  mirrorPatch({ image, labels }, { shape: [1, 2, 4], pairs: PAIRS });
  assertEquals([...labels], [0, 2, 3, 1, 254, 255, 5, 5]);
});
