/** dataset.json as other tools and people write it. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../../support/data/datasets/tiny_dataset.ts";

type Training = { image: string | string[]; label: string }[];

/** Changes the list of the tiny Decathlon, whose two cases must then be found as before. */
const LISTS: [about: string, change: (training: Training, folder: string) => unknown][] = [
  ["images in lists of one channel", (training) => training.map((one) => ({ ...one, image: [one.image] }))],
  [
    "absolute paths",
    (training, folder) =>
      training.map(({ image, label }) => ({
        image: join(folder, String(image)),
        label: join(folder, label),
      })),
  ],
  [
    "backslashes",
    (training) =>
      training.map(({ image, label }) => ({
        image: String(image).replaceAll("/", "\\"),
        label: label.replaceAll("/", "\\"),
      })),
  ],
  ["nothing: the folders are scanned", () => []],
];
for (const [about, change] of LISTS) {
  Deno.test(`training that lists ${about}`, () =>
    inTempFolder(async (folder) => {
      await writeDecathlon(folder, tinyCases(2));
      const path = join(folder, "dataset.json"), json = JSON.parse(await Deno.readTextFile(path));
      json.training = change(json.training, folder);
      await Deno.writeTextFile(path, JSON.stringify(json));
      const { cases, notes } = await readDataset(folder);
      assertEquals(
        cases.map(({ id, image, label }) => [id, image, label]),
        ["case_1", "case_2"].map((id) => [
          id,
          join(folder, "imagesTr", `${id}.nii.gz`),
          join(folder, "labelsTr", `${id}.nii.gz`),
        ]),
      );
      assertEquals(notes, []);
      assertEquals((await checkDataset(folder)).findings, []);
    }));
}

Deno.test("nnU-Net's key `dataset`: cases by name, their files anywhere", () =>
  inTempFolder(async (folder) => {
    const dataset = {
      one: { images: ["imagesTr/case_1_0000.nii.gz"], label: "labelsTr/case_1.nii.gz" },
      two: { images: ["imagesTr/case_2_0000.nii.gz"], label: "labelsTr/case_2.nii.gz" },
    };
    await writeNnunet(folder, tinyCases(3), { dataset });
    const { cases } = await readDataset(folder);
    assertEquals(cases.map(({ id }) => id), ["one", "two"]);
    assertEquals((await checkDataset(folder)).findings, []);
    await writeNnunet(folder, tinyCases(3), { dataset: { one: { images: ["a", "b"] } } });
    await assertRejects(() => readDataset(folder), Error, "dataset.one.images");
  }));

Deno.test("files outside of the folder are read, and named", () =>
  inTempFolder(async (root) => {
    const folder = await writeDecathlon(join(root, "here"), tinyCases(1));
    await writeDecathlon(join(root, "there"), tinyCases(2));
    const path = join(folder, "dataset.json"), json = JSON.parse(await Deno.readTextFile(path));
    json.training.push({
      image: "../there/imagesTr/case_2.nii.gz",
      label: join(root, "there/labelsTr/case_2.nii.gz"),
    });
    await Deno.writeTextFile(path, JSON.stringify(json));
    const { cases, findings } = await checkDataset(folder);
    assertEquals(cases, 2);
    assertEquals(findings.map(({ severity, message }) => [severity, message]), [[
      "warning",
      `2 files that are listed lie outside of the dataset's folder, the first is ${
        join(root, "there/imagesTr/case_2.nii.gz")
      }`,
    ]]);
  }));

Deno.test("ids that end like channels, where label maps have the very names of the scans", () =>
  inTempFolder(async (folder) => {
    const cases = ["case_0000", "case_0001", "case_0002"].map((id) => ({ id }));
    await writeDecathlon(folder, cases, { training: undefined });
    assertEquals((await readDataset(folder)).cases.map(({ id }) => id), [
      "case_0000",
      "case_0001",
      "case_0002",
    ]);
  }));

Deno.test("label values as texts, a name that is a number", () =>
  inTempFolder(async (folder) => {
    await writeNnunet(folder, tinyCases(1), {
      labels: { background: "0", Liver: "1", Spleen: " 2" },
      name: 42,
    });
    const { labels, name } = await readDataset(folder);
    assertEquals([...labels], [[1, "Liver"], [2, "Spleen"]]);
    assertEquals(name, "42");
  }));

Deno.test("two spellings of one organ are refused, names that differ in other punctuation are two organs", () =>
  inTempFolder(async (folder) => {
    await writeNnunet(folder, tinyCases(1), { labels: { background: 0, "Kidney L": 1, left_kidney: 2 } });
    await assertRejects(
      () => readDataset(folder),
      Error,
      "Kidney L and left_kidney are two spellings of one organ",
    );
    const { findings } = await checkDataset(folder);
    assertEquals(findings.length, 1, "voxels of either are declared");
    await writeNnunet(folder, tinyCases(1), { labels: { background: 0, "C1-2": 1, C12: 2 } });
    assertEquals((await readDataset(folder)).labels.size, 2);
  }));

Deno.test("a value that stands for background by its place, and for an organ by its key, is a problem", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, tinyCases(1), { labels: { "0": "background", "1": 0, "2": "Spleen" } });
    await assertRejects(
      () => readDataset(folder),
      Error,
      "labels.1: wanted a whole number >= 0 and a name, got 0",
    );
  }));

/** labels → what is said of them. */
const WRONG_LABELS: [labels: Record<string, string | number>, told: string][] = [
  [
    { "0": "Liver", "1": "Spleen" },
    "labels.0: the value 0 is background, wanted a name such as background, got Liver",
  ],
  [{ background: 0, Liver: 0, Spleen: 1 }, "labels.Liver: the value 0 is background"],
  [{ "0": "air", "1": "Liver", "5": "Background" }, "labels.5: background has the value 0, got 5"],
  [{ "0": "background", "1": " ", "2": "Liver" }, "labels.1: wanted the organ's name, got none"],
];
for (const [labels, told] of WRONG_LABELS) {
  Deno.test(`labels ${JSON.stringify(labels)} are refused`, () =>
    inTempFolder(async (folder) => {
      await writeDecathlon(folder, tinyCases(1), { labels });
      await assertRejects(() => readDataset(folder), Error, told);
    }));
}

Deno.test("a key that stands twice is a problem with its line; equal keys of other objects are none", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, tinyCases(1));
    const path = join(folder, "dataset.json");
    const text = (labels: string) =>
      `{ "name": "a", "modality": { "0": "CT" },\n "labels": { ${labels} },\n "training": [] }`;
    await Deno.writeTextFile(path, text('"0": "background", "1": "Liver", "1": "Spleen"'));
    await assertRejects(() => readDataset(folder), Error, 'the key "1" stands twice in its object (line 2)');
    await Deno.writeTextFile(path, text('"0": "background", "1": "Liver", "\\u0031": "Spleen"'));
    await assertRejects(() => readDataset(folder), Error, 'the key "1" stands twice');
    await Deno.writeTextFile(path, text('"0": "background", "1": "Liver"'));
    assertEquals((await readDataset(folder)).labels.size, 1);
  }));

Deno.test("a pipe instead of dataset.json is not waited for", () =>
  inTempFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: [join(folder, "dataset.json")] }).output();
    await assertRejects(
      () => readDataset(folder),
      Error,
      "it must be a file, and is a pipe, a socket or a device",
    );
  }));

/** Keys that JavaScript takes for numbers, and nobody writes for one. */
for (const key of ["", " ", "0x2", "1e0", "2.0"]) {
  Deno.test(`a label's value ${JSON.stringify(key)} is a problem, not a value`, () =>
    inTempFolder(async (folder) => {
      await writeDecathlon(folder, tinyCases(1), {
        labels: { "0": "background", [key]: "Liver", "2": "Spleen" },
      });
      await assertRejects(
        () => readDataset(folder),
        Error,
        `labels.${key}: wanted a whole number >= 0 and a name, got "Liver"`,
      );
    }));
}
