import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import {
  inTempFolder,
  type TinyCase,
  tinyCases,
  writeDecathlon,
} from "../../support/data/datasets/tiny_dataset.ts";

const CASES: TinyCase[] = [
  { id: "good_1" },
  { id: "good_2" },
  { id: "good_3" },
  { id: "shape", labelShape: [4, 4, 3] },
  { id: "affine", labelEdge: 3 },
  { id: "rounding", labelEdge: 2.00001 },
  { id: "undeclared", labels: [1, 2, 9, 9] },
  { id: "nan", intensities: [1, NaN, Infinity] },
  { id: "constant", intensities: [] },
  { id: "empty", labels: [1] },
  { id: "hidden", labels: [1, 2, 2] },
  { id: "coarse", edge: 20 },
  { id: "no_image" },
  { id: "no_label" },
  { id: "broken" },
];

Deno.test("every problem of every case, at once", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, CASES, {
      annotated: { hidden: ["Liver"] },
      splits: { train: ["good_1", "good_2"], validation: ["good_2", "good_3"] },
      subjects: { good_1: "Ada", good_3: "Ada" },
    });
    await Deno.remove(join(folder, "imagesTr", "no_image.nii.gz"));
    await Deno.remove(join(folder, "labelsTr", "no_label.nii.gz"));
    await Deno.writeFile(join(folder, "imagesTr", "broken.nii.gz"), new Uint8Array([1, 2, 3]));
    const progress: string[] = [];
    const { cases, findings } = await checkDataset(folder, {
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    });
    assertEquals([cases, progress.at(-1)], [CASES.length, `${CASES.length}/${CASES.length}`]);
    const wanted: [severity: string, id: string | undefined, words: string][] = [
      ["error", undefined, "subject Ada is in splits train (good_1) and validation (good_3)"],
      ["error", undefined, "subject good_2 is in splits train (good_2) and validation (good_2)"],
      ["error", "shape", "shape"],
      ["error", "affine", "grid"],
      ["error", "undeclared", "not declared: 9 (2 voxels)"],
      ["error", "nan", "2 voxels that are NaN or infinite"],
      ["error", "constant", "constant (0)"],
      ["warning", "empty", "Spleen is annotated but has no voxel"],
      ["warning", "hidden", "Spleen is not annotated here but has 2 voxels"],
      ["warning", "coarse", "is it in mm?"],
      ["error", "no_image", "image is missing"],
      ["error", "no_label", "label map is missing"],
      ["error", "broken", "image cannot be read"],
      ["warning", "coarse", "where 2.00 × 2.00 × 2.00 mm is usual"],
    ];
    const found = findings.map(({ severity, case: id, message }) => `${severity} ${id}: ${message}`);
    assertEquals(found.length, wanted.length, found.join("\n"));
    wanted.forEach(([severity, id, words], index) => {
      const one = found[index]!;
      assert(one.startsWith(`${severity} ${id}: `) && one.includes(words), one);
    });
  }));

Deno.test("subject rules make neighbours one person", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, tinyCases(2), { splits: { train: ["case_1"], validation: ["case_2"] } });
    assertEquals((await checkDataset(folder)).findings, []);
    const { findings } = await checkDataset(folder, { subject: { pattern: "(\\d+)", blockOf: 2 } });
    assertEquals(findings.map(({ severity }) => severity), ["error"]);
  }));

Deno.test("a faulty dataset.json does not keep the cases from being checked", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, [{ id: "case_1", labels: [9] }], { splits: { train: ["case_7"] } });
    const messages = (await checkDataset(folder)).findings.map(({ message }) => message);
    assert(messages[0]!.startsWith("dataset.json: splits.train"));
    assert(messages.some((message) => message.includes("not declared: 9")));
    await Deno.remove(join(folder, "dataset.json"));
    const { cases, findings } = await checkDataset(folder);
    assertEquals([cases, findings[0]!.message], [0, "dataset.json: no such file"]);
  }));
