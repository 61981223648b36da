import { assertEquals } from "@std/assert";
import { deriveLabels } from "../../lib/labels/derive_labels.ts";
import { completion } from "../../lib/labels/pseudo_labels.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { blockCase } from "../support/training/block_case.ts";
import { fakeModel } from "../support/training/fake_model.ts";

Deno.test("organs of an annotated group are not missing: completion leaves them, and does not count the group as an organ", async () => {
  await inTemporaryFolder(async (folder) => {
    // Code 201 is organ 1 and a third that is nowhere; organ 2 is missing.
    const stored = await blockCase(folder, "a-1", { shown: [201], sizes: { 2: 3 } });
    const models = [fakeModel("a", [1]), fakeModel("b", [2]), fakeModel("c", [3])];
    const cases = [[{ ...stored, groups: { 201: [1, 3] } }]];
    const { datasets: [[completed]], rows } = await deriveLabels(cases, memoryRecorder({ folder }), {
      ...completion(models, { organCount: 3, window: [8, 8, 8], seed: 1, copies: 0 }),
      name: "pseudo_labels",
      options: {},
    });
    assertEquals(rows.map(({ organ, verdict }) => [organ, verdict]), [[2, ""]]);
    assertEquals([completed.labelSet, completed.pseudoSet], [[201], [2]]);
  });
});
