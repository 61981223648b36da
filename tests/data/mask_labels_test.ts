import { assertEquals } from "@std/assert";
import { IGNORED, judgedPart } from "../../lib/data/label_set.ts";
import { maskLabels } from "../../lib/data/mask_labels.ts";

const values = { 1: 2, 2: 1, 3: 3 };

Deno.test("values become organs of the label set; others are background-or-unlabelled", () => {
  const data = Int32Array.of(0, 1, 2, 3, 9, 1, 0);
  assertEquals([...maskLabels(data, { labelSet: [1, 2], values })], [0, 2, 1, 0, 0, 2, 0]);
});

Deno.test("what is not annotated is IGNORED, whichever organs are shown", () => {
  const data = Uint8Array.of(4, 4, 1, 0, 3, 4);
  for (const labelSet of [[], [2], [1, 2]]) {
    const organ = labelSet.includes(2) ? 2 : 0;
    const codes = maskLabels(data, { labelSet, values, ignored: 4 });
    assertEquals([...codes], [IGNORED, IGNORED, organ, 0, 0, IGNORED]);
  }
});

Deno.test("a prediction is judged where the truth is not ignored", () => {
  const prediction = Uint8Array.of(1, 2, 0);
  assertEquals([...judgedPart(prediction, Uint8Array.of(0, IGNORED, IGNORED))], [1, IGNORED, IGNORED]);
  assertEquals(judgedPart(prediction, Uint8Array.of(0, 1, 0)), prediction);
});
