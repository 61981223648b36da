import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { meansOf, scorePredictions } from "../../../benchmarks/beside_nnunet/score_predictions.ts";
import type { StudyCase } from "../../../lib/data/cohorts/study.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import { besideStudy, writeVoxels } from "../../support/benchmarks/beside_study.ts";

Deno.test("the mean over organs of each one's mean over scans that have it", () => {
  const { organs, dice } = meansOf(new Map([["Liver", [0.5, NaN, 1]], ["Spleen", [0.25]], ["Colon", []]]));
  assertEquals(organs, { Liver: 0.75, Spleen: 0.25 });
  assertEquals(dice, 0.5);
});

Deno.test("label maps are scored by what is annotated in their scans", () =>
  withFolder(async (folder) => {
    const label = join(folder, "label.nii.gz");
    // Values of the file: 9 the spleen, 4 the liver, 7 not annotated.
    await writeVoxels(label, [9, 9, 4, 4, 0, 7]);
    const whole: StudyCase = {
      id: "whole",
      dataset: "A",
      subject: "1",
      image: "none",
      label,
      labelSet: [1, 2],
      values: { 9: 2, 4: 1 },
      ignored: 7,
      declared: [4, 7, 9],
    };
    const partial: StudyCase = { ...whole, id: "partial", labelSet: [1], values: { 4: 1 } };
    const study = besideStudy({ validation: [whole, partial] });
    const predictions = join(folder, "predictions");
    await Deno.mkdir(predictions);
    await writeVoxels(join(predictions, "validation_0001.nii.gz"), [2, 0, 1, 1, 0, 1]);
    await assertRejects(() => scorePredictions(study, predictions), Error, "validation_0002");
    await writeVoxels(join(predictions, "validation_0002.nii.gz"), [2, 0, 1, 0, 1, 0]);
    const { organs, dice } = await scorePredictions(study, predictions);
    // Liver: 1 (what is not annotated does not count) and 2 · 1 / 4; spleen: 2 · 1 / 3, in the first scan alone.
    assertAlmostEquals(organs.Liver!, 0.75, 1e-12);
    assertAlmostEquals(organs.Spleen!, 2 / 3, 1e-12);
    assertAlmostEquals(dice, (0.75 + 2 / 3) / 2, 1e-12);
    await writeVoxels(join(predictions, "validation_0002.nii.gz"), [2, 0, 1]);
    await assertRejects(() => scorePredictions(study, predictions), Error, "the prediction must have");
  }));
