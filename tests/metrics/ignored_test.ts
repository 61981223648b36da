import { assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { scoreCase } from "../../lib/metrics/score_case.ts";

const options = {
  shape: [1, 1, 6] as Shape,
  spacing: [1, 1, 1] as Spacing,
  labelSet: [1, 2],
  tolerancesMm: { 1: 1, 2: 1 },
};
const truth = Uint8Array.of(1, 1, IGNORED, IGNORED, 0, 0);
const perfect = { dice: 1, hd95: 0, assd: 0, nsd: 1 };
const absent = { dice: NaN, hd95: NaN, assd: NaN, nsd: NaN };

Deno.test("what is predicted where the truth is ignored counts for nobody", () => {
  for (const beyond of [[0, 0], [1, 1], [2, 1], [2, 2]]) {
    const scores = scoreCase(Uint8Array.of(1, 1, ...beyond, 0, 0), truth, options);
    assertEquals(scores.get(1), perfect, `${beyond}`);
    assertEquals(scores.get(2), absent, `${beyond}`);
  }
});

Deno.test("beside what is ignored, false positives count", () => {
  const scores = scoreCase(Uint8Array.of(1, 1, 2, 2, 1, 2), truth, options);
  assertEquals([scores.get(1)!.dice, scores.get(2)!.dice], [4 / 5, 0]);
});
