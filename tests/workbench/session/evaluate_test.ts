import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createUnet } from "../../../lib/models/unet.ts";
import type { TrainedModel } from "../../../lib/training/train.ts";
import { evaluate } from "../../../lib/workbench/session/evaluate.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import { type MemoryRecorder, memoryRecorder } from "../../support/training/memory_recorder.ts";
import { loadTiny, runInMemory } from "../../support/workbench/tiny_session.ts";

Deno.test("what was stopped goes on with the cases of every test set, though two sets share them", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(join(folder, "one"), tinyCases(20));
    await writeDecathlon(join(folder, "two"), tinyCases(20, 21));
    await writeDecathlon(join(folder, "full"), tinyCases(2, 41));
    const study = await loadTiny(folder, (json) => {
      json.test.push({ name: "again", folder: "full", cases: {} });
    });
    const model = createUnet({ classes: 3, widths: [2, 4], strides: [[2, 2, 2]], seed: 1 });
    const models = [{ name: "net", organs: [1, 2], model, validationDice: 0.5 }] as unknown as TrainedModel[];
    const stages = join(folder, "stages"), steps: string[] = [];
    await Deno.mkdir(stages);
    const recorder: MemoryRecorder = memoryRecorder({
      folder: stages,
      onProgress({ step, steps: of }) {
        steps.push(`${step} of ${of}`);
        if (steps.length === 3) recorder.stop(); // two cases of the first set are done
      },
    });
    const score = () => evaluate(study, runInMemory("mutual", { study, recorder, folder }), models);
    await assertRejects(score, DOMException, "Stopped");
    recorder.restart();
    const rows = await score();
    assertEquals(
      rows.map(({ dataset, case: id, organ }) => `${dataset} ${id} ${organ}`),
      ["full", "again"].flatMap((set) =>
        ["case_41", "case_42"].flatMap((id) => ["Liver", "Spleen"].map((organ) => `${set} ${id} ${organ}`))
      ),
    );
    assertEquals(steps, ["0 of 4", "1 of 4", "2 of 4", "2 of 4", "3 of 4", "4 of 4"]);
    assertEquals(await score(), rows);
    for (const id of ["case_41", "case_42"]) await Deno.stat(join(folder, "predictions", `${id}.nii.gz`));
    model.dispose();
  }));

Deno.test("networks of one name are refused before a test case is predicted", () =>
  inTempFolder(async (folder) => {
    for (const name of ["one", "full"]) {
      await writeDecathlon(join(folder, name), tinyCases(20, name.length * 20));
    }
    await writeDecathlon(join(folder, "two"), tinyCases(20, 1));
    const study = await loadTiny(folder);
    const model = createUnet({ classes: 3, widths: [2, 4], strides: [[2, 2, 2]], seed: 1 });
    const twice = [1, 2].map(() => ({ name: "net", organs: [1, 2], model, validationDice: 0.5 }));
    const recorder = memoryRecorder({ folder });
    const run = runInMemory("mutual", { study, recorder, folder });
    await assertRejects(
      () => evaluate(study, run, twice as unknown as TrainedModel[]),
      Error,
      "are called net",
    );
    assertEquals(recorder.stages, []);
    model.dispose();
  }));
