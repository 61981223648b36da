import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { contentOf } from "../../../lib/data/store/prepared_study.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import type { TrainedModel } from "../../../lib/training/train.ts";
import { completeLabels } from "../../../lib/workbench/session/complete_labels.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import { memoryRecorder } from "../../support/training/memory_recorder.ts";
import { loadTiny, runInMemory } from "../../support/workbench/tiny_session.ts";

/** Networks that were never trained; what they say is always the same. */
function specialists(): TrainedModel[] {
  return [1, 2].map((organ) => {
    const model = createUnet({ classes: 2, widths: [2, 4], strides: [[2, 2, 2]], seed: organ });
    return { name: `net${organ}`, organs: [organ], model, validationDice: 0.5 } as unknown as TrainedModel;
  });
}

/** Folder `one` shows value 1; what stands in the voxels behind it is hidden. */
async function writeTinyData(root: string, { hidden }: { hidden: number[] }): Promise<void> {
  const labelled = (scan: { id: string }) => ({ ...scan, labels: [1, ...hidden] });
  await writeDecathlon(join(root, "one"), tinyCases(20).map(labelled));
  await writeDecathlon(join(root, "two"), tinyCases(20, 21));
  await writeDecathlon(join(root, "full"), tinyCases(2, 41));
}

Deno.test("corrected labels of what is hidden are another report's, and the same cases for training", () =>
  inTempFolder(async (folder) => {
    const recorder = memoryRecorder({ folder: join(folder, "stages") });
    const models = specialists();
    const complete = async () => {
      const study = await loadTiny(folder);
      const run = runInMemory("mutual", { study, recorder, folder });
      const { completed, report } = await completeLabels(study, run, models);
      return { hash: study.data.hash, completed: completed.flat().map(contentOf), report };
    };
    await writeTinyData(folder, { hidden: [2] });
    const before = await complete();
    assert(before.report.some(({ dice }) => Number.isFinite(dice)));
    assertEquals(await complete(), before);
    assertEquals(recorder.stages.length, 1, "nothing changed, nothing is computed anew");
    await writeTinyData(folder, { hidden: Array(63).fill(2) });
    const after = await complete();
    assertEquals(recorder.stages.length, 2);
    assertEquals([after.hash, after.completed], [before.hash, before.completed]);
    const dice = ({ report }: typeof before) => report.map(({ dice }) => dice);
    assertNotEquals(dice(after), dice(before));
    assertEquals(recorder.stages.map(({ inputs }) => typeof inputs.truth), ["string", "string"]);
    models.forEach(({ model }) => model.dispose());
  }));

Deno.test("where nothing is hidden, the stage of pseudo labels is the one that it was", () =>
  inTempFolder(async (folder) => {
    await writeTinyData(folder, { hidden: [] });
    const annotatedOnly = (organ: string, start: number) => ({
      annotated: Object.fromEntries(tinyCases(20, start).map(({ id }) => [id, [organ]])),
    });
    await writeDecathlon(join(folder, "one"), tinyCases(20), annotatedOnly("Liver", 1));
    await writeDecathlon(join(folder, "two"), tinyCases(20, 21), annotatedOnly("Spleen", 21));
    const recorder = memoryRecorder({ folder: join(folder, "stages") });
    const study = await loadTiny(folder);
    const models = specialists();
    await completeLabels(study, runInMemory("mutual", { study, recorder, folder }), models);
    assertEquals(recorder.stages.map(({ name, inputs }) => [name, "truth" in inputs]), [[
      "pseudo_labels",
      false,
    ]]);
    models.forEach(({ model }) => model.dispose());
  }));
