import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../../support/data/datasets/tiny_dataset.ts";

const names = (labels: Map<number, string>) => [...labels];

Deno.test("Decathlon layout, with annotated, splits and subjects", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, tinyCases(2), {
      annotated: { case_1: ["Spleen"] },
      splits: { train: ["case_1"], validation: ["case_2"] },
      subjects: { case_2: 17 },
    });
    const dataset = await readDataset(folder);
    assertEquals([dataset.name, dataset.modality], ["Tiny", "CT"]);
    assertEquals(names(dataset.labels), [[1, "Liver"], [2, "Spleen"]]);
    assertEquals(dataset.cases[0]!.annotated, ["Spleen"]);
    assertEquals(dataset.cases[1]!.annotated, ["Liver", "Spleen"]);
    assertEquals(dataset.cases.map(({ subject }) => subject), [undefined, "17"]);
    assertEquals(dataset.cases[1]!.image, join(folder, "imagesTr", "case_2.nii.gz"));
    assertEquals(dataset.splits, { train: ["case_1"], validation: ["case_2"] });
  }));

Deno.test("nnU-Net v2 layout: names to values, _0000, labels found by scanning", () =>
  inTempFolder(async (folder) => {
    await writeNnunet(folder, tinyCases(2));
    await Deno.remove(join(folder, "labelsTr", "case_2.nii.gz"));
    const dataset = await readDataset(folder);
    assertEquals(names(dataset.labels), [[1, "Liver"], [2, "Spleen"]]);
    assertEquals(dataset.cases.map(({ id }) => id), ["case_1", "case_2"]);
    assertEquals(dataset.cases[0]!.label, join(folder, "labelsTr", "case_1.nii.gz"));
    assertEquals([dataset.cases[1]!.label, dataset.cases[1]!.annotated], [undefined, []]);
  }));

Deno.test("nnU-Net v2 ids may have any letters and signs, and end in what looks like a channel", () =>
  inTempFolder(async (folder) => {
    const ids = ["a (b), c", "c_0001", "d_12345", "肝 1", "__proto__"];
    await writeNnunet(folder, ids.map((id) => ({ id })));
    assertEquals((await readDataset(folder)).cases.map(({ id }) => id).sort(), ids.sort());
  }));

Deno.test("ids that terminals, spreadsheets or disks would take for something else are refused, all at once", () =>
  inTempFolder(async (folder) => {
    const long = "x".repeat(181);
    await writeNnunet(folder, ["a\nb", "\u001b[2J", "=1+1", "-c", "@d", long, "good"].map((id) => ({ id })));
    const error = await assertRejects(() => readDataset(folder), InvalidFileError);
    assertEquals(error.problems.toSorted(), [
      'case "-c": its id must not begin like a formula, with =, +, - or @',
      'case "=1+1": its id must not begin like a formula, with =, +, - or @',
      'case "@d": its id must not begin like a formula, with =, +, - or @',
      'case "\\u001b[2J": its id must have no control characters',
      'case "a\\nb": its id must have no control characters',
      `case "${long}": its id must have 180 bytes at most, has 181`,
    ]);
  }));

Deno.test("a Decathlon list whose images nnU-Net v1 renamed to _0000", () =>
  inTempFolder(async (folder) => {
    await writeDecathlon(folder, tinyCases(1));
    const to = join(folder, "imagesTr", "case_1_0000.nii.gz");
    await Deno.rename(join(folder, "imagesTr", "case_1.nii.gz"), to);
    const { cases } = await readDataset(folder);
    assertEquals(cases.map(({ id, image }) => [id, image]), [["case_1", to]]);
  }));

Deno.test("nnU-Net's ignore label is no organ, but what is not annotated", () =>
  inTempFolder(async (folder) => {
    const labels = { background: 0, Liver: 1, Spleen: 2, ignore: 3 };
    await writeNnunet(folder, tinyCases(1), { labels });
    const dataset = await readDataset(folder);
    assertEquals([names(dataset.labels), dataset.ignored], [[[1, "Liver"], [2, "Spleen"]], 3]);
    assertEquals(dataset.cases[0]!.annotated, ["Liver", "Spleen"]);
    await writeNnunet(folder, tinyCases(1));
    assertEquals((await readDataset(folder)).ignored, undefined);
  }));

const FAULTS: [what: string, extra: Record<string, unknown>, ...problems: string[]][] = [
  [
    "two channels",
    { modality: { "0": "T1", "1": "T2" } },
    "modality: scans must have one channel, these have 2",
  ],
  ["regions", { labels: { background: 0, whole: [1, 2] } }, "labels.whole: regions"],
  [
    "an ignore label as the Decathlon would write it",
    { labels: { "0": "background", "1": "Liver", "2": "ignore" } },
    'labels.2: voxels that are not annotated have nnU-Net\'s label, wanted "ignore": a value above 0, got "2": "ignore"',
  ],
  [
    "an organ ignored",
    { labels: { Liver: 1, Spleen: 2, ignore: 2 } },
    "labels: value 2 names both Spleen and ignore",
  ],
  [
    "background ignored",
    { labels: { Liver: 1, ignore: 0 } },
    'wanted "ignore": a value above 0, got "ignore": 0',
  ],
  ["several values ignored", { labels: { Liver: 1, ignore: [2, 3] } }, "labels.ignore: regions"],
  ["one value twice", { labels: { Liver: 1, Spleen: 1 } }, "value 1 names both Liver and Spleen"],
  ["one name twice", { labels: { "1": "Liver", "2": "Liver" } }, "Liver has two values"],
  ["no organ", { labels: { "0": "background" } }, "no organ besides background"],
  ["a wrong type", { labels: { "1": 3.5 } }, "labels.1:"],
  ["labels missing", { labels: undefined }, "labels:"],
  [
    "several at once",
    {
      annotated: { case_1: ["Lung", "Livr"], case_9: ["Liver"], zz: ["Liver"] },
      splits: { train: ["case_8"] },
      subjects: { x: "y" },
    },
    "annotated.case_1: Lung is none of the labels",
    "annotated.case_1: Livr is none of the labels: did you mean Liver?",
    "annotated.case_9: no such case: did you mean case_1?",
    "annotated.zz: no such case\n",
    "splits.train: no such case as case_8: did you mean case_1?",
    "subjects.x: no such case",
  ],
];

for (const [what, extra, ...problems] of FAULTS) {
  Deno.test(`a dataset.json with ${what} is refused, and says so`, () =>
    inTempFolder(async (folder) => {
      await writeDecathlon(folder, tinyCases(1), extra);
      const error = await assertRejects(() => readDataset(folder), InvalidFileError);
      assertEquals(error.problems.length, problems.length, error.message);
      for (const problem of problems) assert(error.message.includes(problem), error.message);
      assert(error.message.includes(join(folder, "dataset.json")));
    }));
}

Deno.test("a second channel's file, and a label map without a scan, are named", () =>
  inTempFolder(async (folder) => {
    await writeNnunet(folder, tinyCases(1));
    const copy = (from: string, to: string) => Deno.copyFile(join(folder, from), join(folder, to));
    await copy("imagesTr/case_1_0000.nii.gz", "imagesTr/case_1_0001.nii.gz");
    await copy("labelsTr/case_1.nii.gz", "labelsTr/case_7.nii.gz");
    const { problems } = await assertRejects(() => readDataset(folder), InvalidFileError);
    assertEquals(problems, [
      "imagesTr/case_1_0001.nii.gz: scans must have one channel, this is channel 1",
      "labelsTr/case_7.nii.gz: has no scan in imagesTr",
    ]);
  }));

Deno.test("no dataset.json, and one that is no JSON", () =>
  inTempFolder(async (folder) => {
    await assertRejects(() => readDataset(folder), InvalidFileError, "no such file");
    await Deno.writeTextFile(join(folder, "dataset.json"), "labels\n\nof a text\n");
    const error = await assertRejects(
      () => readDataset(folder),
      InvalidFileError,
      "not JSON",
    );
    assertEquals(error.problems.filter((problem: string) => problem.includes("\n")), []);
  }));
