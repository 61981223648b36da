import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { gaussianWeights, windowStarts } from "../../lib/inference/windows.ts";

const starts: [size: number, window: number, overlap: number, expected: number[]][] = [
  [8, 8, 0.5, [0]],
  [9, 8, 0.5, [0, 1]],
  [12, 8, 0.5, [0, 4]],
  [13, 8, 0.5, [0, 3, 5]],
  [16, 8, 0.5, [0, 4, 8]],
  [16, 8, 0, [0, 8]],
  [17, 8, 0, [0, 5, 9]],
  [20, 8, 0.25, [0, 6, 12]],
  [7, 5, 0.5, [0, 2]],
  [4, 1, 0.5, [0, 1, 2, 3]],
  [5, 2, 0.99, [0, 1, 2, 3]],
  [1, 1, 0.5, [0]],
];

Deno.test("windows are spread from edge to edge", () => {
  for (const [size, window, overlap, expected] of starts) {
    assertEquals(windowStarts(size, window, { overlap }), expected, `${size} ${window} ${overlap}`);
  }
});

Deno.test("windows overlap at least as much as asked and leave no voxel out", () => {
  for (let window = 1; window <= 12; window++) {
    for (let size = window; size <= 50; size++) {
      for (const overlap of [0, 0.25, 0.5, 0.75]) {
        const found = windowStarts(size, window, { overlap });
        assertEquals([found[0], found.at(-1)], [0, size - window]);
        const step = Math.max(1, Math.floor(window * (1 - overlap)));
        found.slice(1).forEach((start, i) =>
          assert(start > found[i]! && start - found[i]! <= step, `${size} ${window} ${overlap}: ${found}`)
        );
      }
    }
  }
});

Deno.test("a window's weights are a Gaussian about its centre, by hand", () => {
  // σ is 4/8 along x, 2/8 along y: exp(-½ (0.5/0.5)²) etc.
  const weights = gaussianWeights([1, 2, 4]);
  const y = Math.exp(-2);
  const [inner, outer] = [Math.exp(-0.5), Math.exp(-4.5)];
  const row = [outer, inner, inner, outer].map((x) => x * y);
  [...row, ...row].forEach((expected, i) => assertAlmostEquals(weights[i], expected, 1e-7));
  assertEquals(gaussianWeights([3, 3, 3])[13], 1);
});

Deno.test("a window's weights are the same from both ends and never vanish", () => {
  for (const window of [[8, 6, 5], [64, 64, 64]] as [number, number, number][]) {
    const weights = gaussianWeights(window);
    assertEquals(weights, weights.toReversed());
    assert(weights.every((weight) => weight >= Math.fround(1e-6)));
  }
});
