import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { checkData } from "../../../../lib/commands/check_data.ts";
import { evaluatePredictions } from "../../../../lib/commands/evaluate.ts";
import { exportResults } from "../../../../lib/commands/export.ts";
import type { StudyCase } from "../../../../lib/data/cohorts/study.ts";
import { loadScan } from "../../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../../lib/imaging/nifti/write_nifti.ts";
import type { Affine } from "../../../../lib/imaging/volume.ts";
import type { FoundStudy } from "../../../../lib/workbench/load_study.ts";
import { writeNnunetDataset } from "../../../../lib/workbench/export/nnunet/nnunet_dataset.ts";
import { readPredictionLabels } from "../../../../lib/workbench/prediction/prediction_labels.ts";
import { besideStudy, writeVoxels } from "../../../support/benchmarks/beside_study.ts";
import { withOutput } from "../../../support/commands/with_output.ts";
import { tinyCohort } from "../../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../../support/data/datasets/tiny_dataset.ts";

const readJson = async (...path: string[]) => JSON.parse(await Deno.readTextFile(join(...path)));
const voxelsOf = async (...path: string[]) => [...(await loadScan(join(...path))).data].map(Number);
const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

/** Two datasets whose cases are called alike: of the one Liver (1) is shown, of the other, whose values are swapped, Spleen (1). */
async function writeCohort(folder: string): Promise<string> {
  await writeDecathlon(join(folder, "one"), tinyCases(3));
  const labels = { "0": "background", "1": "Spleen", "2": "Liver" };
  await writeDecathlon(join(folder, "two"), tinyCases(3), { labels });
  await writeDecathlon(join(folder, "full"), tinyCases(1, 41));
  const json = tinyCohort((json) => {
    Object.assign(json.datasets[0], { training: ["case_1", "case_2"], validation: ["case_3"] });
    Object.assign(json.datasets[1], { training: ["case_1"], validation: ["case_2"] });
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
  });
  const path = join(folder, "tiny.json");
  await Deno.writeTextFile(path, JSON.stringify(json));
  return path;
}

Deno.test("a cohort is one nnU-Net dataset: each label map holds what is annotated and shown, hidden organs are gone", () =>
  inTempFolder(async (folder) => {
    const cohort = await writeCohort(folder), out = join(folder, "raw");
    const { result } = await withOutput(() => exportResults(["nnunet", cohort, "--out", out, "--id", "7"]));
    assertEquals(result, 0);
    assertEquals(await namesIn(out), ["Dataset007_tiny"]);
    const root = join(out, "Dataset007_tiny");
    const cases: [name: string, source: string, first: number[]][] = [
      ["one_one_case_1", "one/imagesTr/case_1", [1, 0, 0]],
      ["one_one_case_2", "one/imagesTr/case_2", [1, 0, 0]],
      ["one_one_case_3", "one/imagesTr/case_3", [1, 0, 0]],
      ["two_two_case_1", "two/imagesTr/case_1", [2, 0, 0]],
      ["two_two_case_2", "two/imagesTr/case_2", [2, 0, 0]],
    ];
    assertEquals(await namesIn(join(root, "labelsTr")), cases.map(([name]) => `${name}.nii.gz`));
    for (const [name, source, first] of cases) {
      const labels = await voxelsOf(root, "labelsTr", `${name}.nii.gz`);
      assertEquals(labels, [...first, ...Array(4 ** 3 - 3).fill(0)], name);
      const image = await Deno.readFile(join(root, "imagesTr", `${name}_0000.nii.gz`));
      assertEquals(image, await Deno.readFile(join(folder, `${source}.nii.gz`)), name);
    }
    assertEquals(await namesIn(join(root, "imagesTs")), ["case_41_0000.nii.gz"]);
    assertEquals(await namesIn(root), [
      "annotated.json",
      "dataset.json",
      "imagesTr",
      "imagesTs",
      "labelsTr",
      "splits_final.json",
      "trainer",
    ]);
    const dataset = await readJson(root, "dataset.json");
    assertEquals(dataset.labels, { background: 0, Liver: 1, Spleen: 2 });
    assertEquals([dataset.numTraining, dataset.file_ending, dataset.channel_names], [5, ".nii.gz", {
      "0": "MRI",
    }]);
    assertEquals(dataset.annotated.two_two_case_2, ["Spleen"]);
    assertEquals(dataset.consilium, { organs: 2, groups: {}, sided: false });
    const [train, val] = [["one_one_case_1", "one_one_case_2", "two_two_case_1"], [
      "one_one_case_3",
      "two_two_case_2",
    ]];
    assertEquals(dataset.splits, { train, validation: val });
    assertEquals(await readJson(root, "splits_final.json"), [{ train, val }]);
    assertEquals(await readJson(root, "annotated.json"), {
      one_one_case_1: [1],
      one_one_case_2: [1],
      one_one_case_3: [1],
      two_two_case_1: [2],
      two_two_case_2: [2],
    });
    assertStringIncludes(
      await Deno.readTextFile(join(root, "trainer", "consilium_trainer.py")),
      "class nnUNetTrainerConsilium(nnUNetTrainer)",
    );
    const checked = await withOutput(() => checkData([root]));
    assertEquals(checked.result, 0, checked.text);
    assertStringIncludes(checked.text, "5 cases, 0 errors");
  }));

Deno.test("what nnU-Net predicts of the exported test scans, evaluate scores as it is", () =>
  inTempFolder(async (folder) => {
    const cohort = await writeCohort(folder), out = join(folder, "raw");
    await withOutput(() => exportResults(["nnunet", cohort, "--out", out, "--id", "7"]));
    const predictions = join(folder, "predictions");
    await Deno.mkdir(predictions);
    // As nnU-Net does: a prediction of each image, called as it without the channel, and the model's files beside.
    const scan = await loadScan(join(out, "Dataset007_tiny", "imagesTs", "case_41_0000.nii.gz"));
    const data = new Uint8Array(scan.data.length);
    data.set([1, 2]);
    await writeNifti(join(predictions, "case_41.nii.gz"), { ...scan, data });
    await Deno.writeTextFile(join(predictions, "dataset.json"), "{}");
    const asked = [predictions, "--cohort", cohort, "--name", "nnunet"];
    const { result, text } = await withOutput(() =>
      evaluatePredictions(asked, { results: join(folder, "results") })
    );
    assertEquals(result, 0, text);
    assert(/Liver[^\n]*1\.000/.test(text) && /Spleen[^\n]*1\.000/.test(text), text);
  }));

/** A study of one case, whose label map has the values 1 to 5, in a folder of its own. */
async function oneCase(folder: string, change: Partial<StudyCase> = {}): Promise<FoundStudy> {
  const [image, label] = [join(folder, "image.nii.gz"), join(folder, "label.nii.gz")];
  await writeVoxels(image, [9, 8, 7, 6, 5, 4]);
  await writeVoxels(label, [0, 1, 2, 3, 4, 5]);
  const scan: StudyCase = {
    id: "case",
    dataset: "A",
    subject: "case",
    image,
    label,
    labelSet: [1, 201],
    values: { 1: 1, 3: 201 },
    ignored: 5,
    declared: [1, 2, 3, 4, 5],
    ...change,
  };
  const study = besideStudy({ training: [scan] });
  const organs = ["Liver", "LeftKidney", "RightKidney"].map((name, index) => ({
    number: index + 1,
    name,
    nsdToleranceMm: 1,
    ...index > 0 && { mirror: 4 - index },
  }));
  const groups = [{ number: 201, name: "Kidneys", parts: [2, 3], nsdToleranceMm: 1 }];
  const training = { ...study.training, foregroundShare: 0.5 };
  return { ...study, organs, groups, training, publishScans: true };
}

const usual = { id: 500, link: false };

Deno.test("values above the organs': organs that are told as one, and what is not annotated", () =>
  inTempFolder(async (folder) => {
    const study = await oneCase(folder);
    const { folder: root } = await writeNnunetDataset(study, { ...usual, out: join(folder, "raw") });
    assertEquals(basename(root), "Dataset500_tiny");
    assertEquals(await voxelsOf(root, "labelsTr", "A_case.nii.gz"), [0, 1, 0, 4, 0, 5]);
    const { labels, annotated, consilium } = await readJson(root, "dataset.json");
    assertEquals(labels, { background: 0, Liver: 1, LeftKidney: 2, RightKidney: 3, Kidneys: 4, ignore: 5 });
    assertEquals(annotated, { A_case: ["Liver", "Kidneys"] });
    assertEquals(await readJson(root, "annotated.json"), { A_case: [1, 4] });
    assertEquals(consilium, { organs: 3, groups: { "4": [2, 3] }, sided: true, foregroundShare: 0.5 });
    // A group's voxels, should nnU-Net predict any, are no organ's.
    const predicted = await readPredictionLabels(
      join(root, "dataset.json"),
      tinyCohort((json) => {
        json.organs = study.organs.map(({ name }) => ({ name, nsdToleranceMm: 1 }));
      }),
    );
    assertEquals(predicted, { values: { 1: 1, 2: 2, 3: 3 }, foreign: [4] });
  }));

const mirrored: Affine = [[-1, 0, 0, 5], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];

Deno.test("label maps lie on their scans' grids, though their voxels may be stored the other way round", () =>
  inTempFolder(async (folder) => {
    const study = await oneCase(folder);
    const data = Uint8Array.of(5, 4, 3, 2, 1, 0);
    const { label } = study.datasets[0]!.training[0]!;
    await writeNifti(label, { data, shape: [1, 1, 6], affine: mirrored });
    const { folder: root } = await writeNnunetDataset(study, { ...usual, out: join(folder, "raw") });
    assertEquals(await voxelsOf(root, "labelsTr", "A_case.nii.gz"), [0, 1, 0, 4, 0, 5]);
  }));

Deno.test("scans are copied or linked; what nnU-Net cannot read so, or must not, is written anew", () =>
  inTempFolder(async (folder) => {
    const study = await oneCase(folder);
    const source = study.datasets[0]!.training[0]!.image, plain = join(folder, "plain.nii");
    await writeVoxels(plain, [9, 8, 7, 6, 5, 4]);
    const place = async (name: string, changed: FoundStudy, link = false) => {
      const { folder: root } = await writeNnunetDataset(changed, { id: 1, link, out: join(folder, name) });
      const path = join(root, "imagesTr", "A_case_0000.nii.gz");
      assertEquals(await voxelsOf(path), [9, 8, 7, 6, 5, 4], name);
      return path;
    };
    const linked = await place("linked", study, true);
    assertEquals(await Deno.readLink(linked), await Deno.realPath(source));
    const copied = await place("copied", study);
    assertEquals(await Deno.readFile(copied), await Deno.readFile(source));
    const unpacked = await place("unpacked", await oneCase(folder, { image: plain }), true);
    assert((await Deno.lstat(unpacked)).isFile);
    // Whatever a header says besides, such as a name in its description, stays behind.
    const bytes = await new Response(
      (await Deno.open(source)).readable.pipeThrough(new DecompressionStream("gzip")),
    ).bytes();
    bytes.set(new TextEncoder().encode("Jane Doe"), 148);
    const packed = ReadableStream.from([bytes]).pipeThrough(new CompressionStream("gzip"));
    await Deno.writeFile(source, packed);
    const nameless = await place("nameless", { ...study, pseudonyms: true });
    const descriptions = [source, nameless].map(async (path) => (await loadScan(path)).header!.description);
    assertEquals(await Promise.all(descriptions), ["Jane Doe", ""]);
  }));

Deno.test("what cannot be exported is told at once, and nothing is written", () =>
  inTempFolder(async (folder) => {
    const study = await oneCase(folder), out = join(folder, "raw");
    const [one] = study.datasets[0]!.training as [StudyCase];
    const named = (dataset: string, id: string) => ({
      name: dataset,
      organs: [1],
      training: [{ ...one, id, dataset }],
      validation: [],
    });
    await Deno.mkdir(join(out, "Dataset500_other"), { recursive: true });
    const organs = study.organs.map((organ, index) => index === 0 ? { ...organ, name: "ignore" } : organ);
    const datasets = [named("A", "B_1"), named("A_B", "1"), named("C", "x_seg")];
    const wrong = { ...study, organs, datasets, pseudonyms: true };
    const error = await assertRejects(() => writeNnunetDataset(wrong, { id: 500, link: true, out }), Error);
    for (
      const problem of [
        `--id must be one that no dataset in ${out} has, there is Dataset500_other already`,
        "B_1 of A and 1 of A_B would both be A_B_1",
        "must not end in _seg, by which nnU-Net knows its own label maps, current name is C_x_seg",
        "an organ must not be called as nnU-Net's own labels, background and ignore, current name is ignore",
        "--link must be left out of a cohort with pseudonyms",
      ]
    ) assertStringIncludes(error.message, problem);
    const file = join(folder, "label.nii.gz");
    await assertRejects(
      () => writeNnunetDataset(study, { ...usual, out: file }),
      Error,
      "--out must be a folder",
    );
    const undeclared = await oneCase(folder, { declared: [1, 2, 3] });
    await assertRejects(
      () => writeNnunetDataset(undeclared, { ...usual, id: 2, out }),
      Error,
      "label.nii.gz",
    );
    const stopped = { ...usual, id: 2, out, signal: AbortSignal.abort(new Error("Stopped")) };
    await assertRejects(() => writeNnunetDataset(study, stopped), Error, "Stopped");
    assertEquals(await namesIn(out), ["Dataset500_other"]);
  }));

Deno.test("export nnunet says what it lacks", async () => {
  const run = (...args: string[]) => exportResults(["nnunet", ...args]);
  for (
    const [args, message] of [
      [["phantom"], "--out must name nnU-Net's folder of raw data"],
      [["phantom", "--out", "x", "--id", "0"], '--id must be a whole number from 1 on, current value is "0"'],
      [["phantom", "--out", "x", "--id", "1000"], '--id must be 999 at most, current value is "1000"'],
      [["phantom", "--out", "x", "--ids", "1"], "did you mean --id?"],
      [["phantoms", "--out", "x"], "did you mean phantom"],
    ] as const
  ) await assertRejects(() => run(...args), Error, message);
  const { result, text } = await withOutput(() => run());
  assertEquals(result, 2);
  assertStringIncludes(text, "Cannot export: no cohort is named");
  const help = await withOutput(() => run("--help"));
  assertEquals([help.result, help.text.split("\n").filter((line) => line.length > 80)], [0, []]);
});
