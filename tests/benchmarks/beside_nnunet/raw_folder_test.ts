import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  datasetJson,
  nnunetValues,
  RAW_NAME,
  rawCases,
  writeRawFolder,
} from "../../../benchmarks/beside_nnunet/raw_folder.ts";
import type { Study, StudyCase } from "../../../lib/data/cohorts/study.ts";
import { IGNORED } from "../../../lib/data/label_set.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import { besideStudy, writeVoxels } from "../../support/benchmarks/beside_study.ts";

Deno.test("what a voxel is to nnU-Net: its organ, or ignored where that is not known", () => {
  const codes = Uint8Array.of(0, 1, 2, 3, 201, IGNORED);
  const groups = { 201: [2, 3] };
  const table: [why: string, labelSet: number[], wanted: number[]][] = [
    ["all organs are annotated", [1, 2, 3], [0, 1, 2, 3, 4, 4]],
    ["organ 3 may lie in the background", [1, 2], [4, 1, 2, 3, 4, 4]],
    ["organs 2 and 3 are told as one: the background is none of them", [1, 201], [0, 1, 2, 3, 4, 4]],
    ["organ 1 may lie in the background", [201], [4, 1, 2, 3, 4, 4]],
  ];
  for (const [why, labelSet, wanted] of table) {
    assertEquals([...nnunetValues(codes, { labelSet, groups, organs: 3 })], wanted, why);
  }
});

Deno.test("dataset.json has the organs by their numbers, and the ignore label above them where it is needed", () => {
  const study = besideStudy();
  assertEquals(datasetJson(study, { cases: 3, ignores: false }), {
    channel_names: { "0": "MRI" },
    labels: { background: 0, Liver: 1, Spleen: 2 },
    numTraining: 3,
    file_ending: ".nii.gz",
    overwrite_image_reader_writer: "NibabelIOWithReorient",
  });
  const intensity = { scheme: "ct", clipHu: [-100, 200], mean: 0, std: 1 } as const;
  const preprocessing = {
    ...study.preprocessing,
    intensity: { ...intensity, clipHu: [-100, 200] as [number, number] },
  };
  const ct = datasetJson({ ...study, preprocessing }, { cases: 3, ignores: true });
  assertEquals(ct.channel_names, { "0": "CT" });
  assertEquals(ct.labels, { background: 0, Liver: 1, Spleen: 2, ignore: 3 });
});

Deno.test("cases of all datasets are named in their order, whatever their ids", () => {
  const one = (id: string) => ({ id }) as StudyCase;
  const { training, validation } = rawCases({
    datasets: [
      { name: "A", organs: [1], training: [one("a/1"), one("a 2")], validation: [one("a3")] },
      { name: "B", organs: [2], training: [one("b1")], validation: [one("b2")] },
    ],
  });
  const names = (cases: typeof training) => cases.map(({ name, scan }) => [name, scan.id]);
  assertEquals(names(training), [["training_0001", "a/1"], ["training_0002", "a 2"], [
    "training_0003",
    "b1",
  ]]);
  assertEquals(names(validation), [["validation_0001", "a3"], ["validation_0002", "b2"]]);
});

Deno.test("the raw folder has scans, organs and the cohort's split", () =>
  withFolder(async (folder) => {
    const file = async (name: string, voxels: number[]) => {
      const path = join(folder, `${name}.nii.gz`);
      await writeVoxels(path, voxels);
      return path;
    };
    const image = await file("image", [5, 6, 7, 8]);
    const label = await file("label", [9, 0, 4, 4]);
    const whole: StudyCase = {
      id: "whole",
      dataset: "A",
      subject: "1",
      image,
      label,
      labelSet: [1, 2],
      values: { 9: 2, 4: 1 },
      declared: [4, 9],
    };
    const partial: StudyCase = { ...whole, id: "partial", labelSet: [1], values: { 4: 1 } };
    const study: Study = besideStudy({ training: [whole, partial], validation: [whole] });
    const done: number[] = [];
    await writeRawFolder(study, { folder, onCase: (count, of) => done.push(count, of) });
    assertEquals(done, [1, 3, 2, 3, 3, 3]);
    const root = join(folder, RAW_NAME);
    const voxels = async (...path: string[]) => [...(await loadScan(join(root, ...path))).data].map(Number);
    assertEquals(await voxels("imagesTr", "validation_0001_0000.nii.gz"), [5, 6, 7, 8]);
    assertEquals(await voxels("labelsTr", "training_0001.nii.gz"), [2, 0, 1, 1]);
    assertEquals(await voxels("labelsTr", "training_0002.nii.gz"), [3, 3, 1, 1]);
    const json = async (path: string) => JSON.parse(await Deno.readTextFile(path));
    assertEquals((await json(join(root, "dataset.json"))).labels.ignore, 3);
    assertEquals(await json(join(folder, "splits_final.json")), [
      { train: ["training_0001", "training_0002"], val: ["validation_0001"] },
    ]);
  }));
