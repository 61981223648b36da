import { assertEquals } from "@std/assert";
import { deriveLabels } from "../../lib/labels/derive_labels.ts";
import type { OrganModel } from "../../lib/inference/predictor.ts";
import { completion } from "../../lib/labels/pseudo_labels.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { blockCase } from "../support/training/block_case.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/pseudo_label_options.ts";
import { fakeModel } from "../support/training/fake_model.ts";

const options = { ...pseudoLabelOptions({ seed: 1 }), window: [8, 8, 8] as Shape, copies: 0 };

Deno.test("organs of an annotated group are not missing: completion leaves them, and does not count the group as an organ", async () => {
  await inTemporaryFolder(async (folder) => {
    // Code 201 is organ 1 and a third that is nowhere; organ 2 is missing.
    const stored = await blockCase(folder, "a-1", { shown: [201], sizes: { 2: 3 } });
    const models = [fakeModel("a", [1]), fakeModel("b", [2]), fakeModel("c", [3])];
    const cases = [[{ ...stored, groups: { 201: [1, 3] } }]];
    const { datasets, rows } = await deriveLabels(cases, memoryRecorder({ folder }), {
      ...completion(models, { ...options, organCount: 3 }),
      name: "pseudo_labels",
      options: {},
    });
    assertEquals(rows.map(({ organ, verdict }) => [organ, verdict]), [[2, ""]]);
    assertEquals(datasets.flat().map(({ labelSet, pseudoSet }) => [labelSet, pseudoSet]), [[[201], [2]]]);
  });
});

Deno.test("a model that saw organs as a group only is not asked for them where another tells them apart", async () => {
  await inTemporaryFolder(async (folder) => {
    const stored = await blockCase(folder, "a-1", { shown: [3], sizes: { 1: 3, 2: 2 } });
    // It has never seen organ 1 without organ 2, and says 2 where 1 is.
    const joint = { ...fakeModel("a", [2, 1]), organs: [1, 2], joint: [1, 2] };
    const models = [joint, fakeModel("b", [1, 2]), fakeModel("c", [3])];
    const complete = async (models: OrganModel[]) => {
      const { rows } = await deriveLabels([[stored]], memoryRecorder({ folder }), {
        ...completion(models, { ...options, organCount: 3 }),
        name: "pseudo_labels",
        options: {},
      });
      return rows.map(({ organ, voxels }) => [organ, voxels]);
    };
    assertEquals(await complete(models), [[1, 27], [2, 8]]);
    // Were it asked, both would say one half everywhere, and nothing would be sure.
    assertEquals(await complete(models.with(0, { ...joint, joint: [] })), [[1, 0], [2, 0]]);
    // Nobody else: better unsure than an error in the middle of a run.
    assertEquals(await complete([joint, fakeModel("c", [3])]), [[1, 8], [2, 27]]);
  });
});
