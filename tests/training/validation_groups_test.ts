import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { writeStoredArray } from "../../lib/data/store/store.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { validationScores } from "../../lib/training/validation.ts";
import { validationCases } from "../../lib/training/work.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { blockCase } from "../support/training/block_case.ts";
import { fakeModel } from "../support/training/fake_model.ts";

/** Blocks of organs 1 and 2, both labelled as the group 201. */
async function groupCase(folder: string): Promise<StoredCase> {
  const stored = await blockCase(folder, "a-1", { shown: [1, 2], sizes: { 1: 3, 2: 3 } });
  const labels = join(folder, "coarse");
  const codes = Uint8Array.from({ length: 512 }, (_, v) => {
    const [z, y, x] = [Math.floor(v / 64) % 4, Math.floor(v / 8) % 8, v % 8];
    return z < 3 && y < 3 && x < 3 ? 201 : 0;
  });
  await writeStoredArray(labels, codes, { shape: [8, 8, 8] });
  return { ...stored, labels, labelSet: [201], groups: { 201: [1, 2] } };
}

Deno.test("validation scores a group on the union of its organs, of models that own them all", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = [await groupCase(folder)], window: [number, number, number] = [8, 8, 8];
    const both = await validationScores(fakeModel("a", [2, 1]), { cases, window });
    assertEquals(both, new Map([[2, []], [1, []], [201, [1]]]));
    assertEquals(validationCases({ organs: [1], validation: cases }), []);
    assertEquals(validationCases({ organs: [1, 2, 3], validation: cases }), cases);
  });
});

Deno.test("a batch's groups reach the tables of every loss", () => {
  tf.tidy(() => {
    const map = createLabelMap(Uint8Array.of(201, 3), [1, 1, 1, 2]);
    const batch = { labelSets: [[201]], pseudoSets: [[3]], groups: { 201: [1, 2] }, map };
    for (const [believed, third] of [[true, "3"], [false, "03"]] as const) {
      const pseudo = believed ? { pseudoWeight: 1 } : {};
      const { tables: [{ allowed, classes }] } = targetsOf(batch, { channels: [1, 2, 3], ...pseudo });
      const of = (code: number) => [0, 1, 2, 3].filter((c) => allowed[code * classes + c]).join("");
      assertEquals([of(201), of(3), of(0)], ["12", third, believed ? "0" : "03"]);
    }
  });
});

Deno.test("a group teaches where its organs are labelled; where a label set was narrowed it is as unknown as they", () => {
  tf.tidy(() => {
    const map = createLabelMap(Uint8Array.of(201, 3), [1, 1, 1, 2]);
    const weightOf = (labelSet: number[]) => {
      const batch = { labelSets: [labelSet], pseudoSets: [[]], groups: { 201: [1, 2] }, map };
      const { tables: [{ weight }] } = targetsOf(batch, { channels: [1, 2, 3] });
      return weight[201];
    };
    assertEquals([[201], [1, 2, 3], [201, 3]].map(weightOf), [1, 1, 1]);
    assertEquals([[], [3], [1]].map(weightOf), [0, 0, 0]);
  });
});
