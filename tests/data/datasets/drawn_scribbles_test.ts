import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { inspectDataset, readDataset } from "../../../lib/data/datasets/dataset.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";

const pair = (id: string, labels: string) => ({
  image: `imagesTr/${id}.nii.gz`,
  label: `${labels}/${id}.nii.gz`,
});

/** Nothing but `dataset.json`: scans are not opened. */
async function writeJson(folder: string, changes: Record<string, unknown> = {}) {
  const json = {
    name: "Heart",
    modality: { "0": "MRI" },
    labels: { background: 0, Myocardium: 1, Ventricle: 2 },
    training: ["p1_a", "p2_a"].map((id) => pair(id, "labelsTr")),
    scribbles: {
      folder: "drawn",
      notAnnotated: 3,
      training: ["p1_a", "p1_b", "p3_a"].map((id) => pair(id, "drawn")),
    },
    annotated: { p2_a: ["Myocardium"], p3_a: ["Ventricle"] },
    ...changes,
  };
  await Deno.mkdir(join(folder, "drawn"), { recursive: true });
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(json));
}

Deno.test("the folder of drawn scribbles is a dataset of the scans that have some", () =>
  inTempFolder(async (folder) => {
    await writeJson(folder, { annotated: { p3_a: ["Ventricle"] } });
    const { name, labels, ignored, cases } = await readDataset(join(folder, "drawn"));
    assertEquals([name, [...labels], ignored], ["Heart, drawn", [[1, "Myocardium"], [2, "Ventricle"]], 3]);
    assertEquals(
      cases.map(({ id, image, label, annotated, drawn }) => [id, image, label, annotated.length, drawn]),
      [
        ["p1_a", join(folder, "imagesTr/p1_a.nii.gz"), join(folder, "drawn/p1_a.nii.gz"), 2, true],
        ["p1_b", join(folder, "imagesTr/p1_b.nii.gz"), join(folder, "drawn/p1_b.nii.gz"), 2, true],
        ["p3_a", join(folder, "imagesTr/p3_a.nii.gz"), join(folder, "drawn/p3_a.nii.gz"), 1, true],
      ],
    );
    await assertRejects(() => readDataset(join(folder, "imagesTr")), Error, "no such file");
  }));

Deno.test("a value of what is not annotated that is an organ's is told", () =>
  inTempFolder(async (folder) => {
    await writeJson(folder, { scribbles: { folder: "drawn", notAnnotated: 2, training: [] } });
    const { problems } = await inspectDataset(join(folder, "drawn"));
    assertEquals(problems[0], "labels: value 2 names both Ventricle and ignore");
  }));

Deno.test("who is trained on by scribbles and tested by dense labels is one person in two roles", () =>
  inTempFolder(async (folder) => {
    await writeJson(join(folder, "heart"), { annotated: {} });
    const json = tinyCohort((json) => {
      json.organs = [{ name: "Myocardium", nsdToleranceMm: 1 }, { name: "Ventricle", nsdToleranceMm: 1 }];
      const subject = { pattern: "^(p\\d)" };
      json.datasets = [{
        name: "S",
        folder: "heart/drawn",
        organs: ["Myocardium", "Ventricle"],
        subject,
        training: ["p1_a"],
        validation: ["p3_a"],
      }];
      json.test = [{ name: "full", folder: "heart", subject, cases: ["p2_a"] }];
      delete json.groups;
    });
    const study = (test: string) => {
      json.test[0]!.cases = [test];
      return resolveStudy(parseCohort(json, "cohort.json"), { dataRoot: folder });
    };
    assertEquals((await study("p2_a")).datasets[0]!.training[0]!.ignored, 3);
    await assertRejects(() => study("p1_a"), Error, "subject heart/p1 is in");
  }));
