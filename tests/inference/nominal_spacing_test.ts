import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { StudyCase } from "../../lib/data/cohorts/study.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import type { Affine, Shape } from "../../lib/imaging/volume.ts";
import { evaluateCases } from "../../lib/inference/evaluate.ts";
import { scoresToCsv } from "../../lib/runs/tables/scores.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("where lengths are nominal Dice alone is scored, and no column of distances is written", () =>
  withFolder(async (folder) => {
    const shape: Shape = [1, 2, 2], label = join(folder, "label.nii.gz");
    const affine = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] as unknown as Affine;
    const truth = { data: Uint8Array.of(1, 1, 0, 0), shape, affine };
    await writeNifti(label, truth);
    const test: StudyCase = {
      id: "a",
      dataset: "full",
      subject: "a",
      image: label,
      label,
      labelSet: [1],
      values: { 1: 1 },
      declared: [1],
    };
    const predict = () => Promise.resolve({ ...truth, data: Uint8Array.of(1, 0, 0, 0) });
    const organs = [{ number: 1, name: "Liver", nsdToleranceMm: 1 }];
    const rows = await evaluateCases([test], { organs, predict, nominalSpacing: true });
    assertEquals(rows, [{ case: "a", dataset: "full", organ: "Liver", dice: 2 / 3 }]);
    assertEquals(scoresToCsv(rows).split("\n")[0]?.trim(), "case,dataset,organ,dice");
    const [known] = await evaluateCases([test], { organs, predict });
    assertEquals(Object.keys(known!).sort(), [
      "assd",
      "case",
      "dataset",
      "dice",
      "hd95",
      "nsd",
      "nsdToleranceMm",
      "organ",
    ]);
  }));
