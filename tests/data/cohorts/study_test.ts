import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseCohort, readCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import type { StudyCase } from "../../../lib/data/cohorts/study.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { withScans } from "../../support/scans.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../../support/data/datasets/tiny_dataset.ts";

/** Folders one (ids 1-20), two (21-40, Spleen is value 1) and full (41-44). */
async function writeTinyData(root: string): Promise<void> {
  await writeDecathlon(join(root, "one"), tinyCases(20), { annotated: { case_3: ["Spleen"] } });
  const swapped = { labels: { background: 0, SPLEEN: 1, liver: 2, Bladder: 7 } };
  await writeNnunet(join(root, "two"), tinyCases(20, 21), swapped);
  await writeDecathlon(join(root, "full"), tinyCases(4, 41), { annotated: { case_42: ["Spleen"] } });
}

// deno-lint-ignore no-explicit-any -- tests break it
const tiny = (change?: (json: any) => void) => parseCohort(tinyCohort(change), "tiny.json");
const ids = (cases: StudyCase[]) => cases.map(({ id }) => id);

Deno.test("hidden organs are in no label set and behind no value", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const { datasets, test } = await resolveStudy(tiny(), { dataRoot });
    const one = datasets[0]!, two = datasets[1]!;
    assertEquals([one.organs, two.organs], [[1], [2]]);
    for (const scan of [...one.training, ...one.validation]) {
      assertEquals([scan.labelSet, scan.values], [[1], { 1: 1 }]);
    }
    // In folder two, Spleen (organ 2) is written as 1, under another spelling.
    for (const scan of [...two.training, ...two.validation]) {
      assertEquals([scan.labelSet, scan.values], [[2], { 1: 2 }]);
    }
    assertEquals(test.map(({ labelSet }) => labelSet), [[1, 2], [2], [1, 2], [1, 2]]);
    assertEquals(test[1]!.values, { 2: 2 });
  }));

Deno.test("an organ in two parts is annotated where both are", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    await writeDecathlon(join(dataRoot, "one"), tinyCases(20), {
      labels: { "1": "left lobe", "2": "right lobe" },
      annotated: { case_5: ["left lobe"] },
    });
    const cohort = tiny((json) => json.organs[0].aliases = ["left lobe", "right lobe"]);
    const one = (await resolveStudy(cohort, { dataRoot })).datasets[0]!;
    const all = [...one.training, ...one.validation];
    assert(!ids(all).includes("case_5"));
    all.forEach(({ labelSet, values }) => assertEquals([labelSet, values], [[1], { 1: 1, 2: 1 }]));
  }));

Deno.test("a case with none of the shown organs annotated is passed over", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const one = (await resolveStudy(tiny(), { dataRoot })).datasets[0]!;
    const all = [...ids(one.training), ...ids(one.validation)];
    assertEquals(all.length, 19);
    assert(!all.includes("case_3"));
  }));

Deno.test("showAll shows everything annotated, in the same cases", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const hidden = await resolveStudy(tiny(), { dataRoot });
    const shown = await resolveStudy(tiny(), { dataRoot, showAll: true });
    for (const [index, dataset] of shown.datasets.entries()) {
      assertEquals(dataset.organs, [1, 2]);
      const same = hidden.datasets[index]!;
      assertEquals(ids(dataset.training), ids(same.training));
      assertEquals(ids(dataset.validation), ids(same.validation));
    }
    assertEquals(shown.datasets[1]!.training[0]!.values, { 1: 2, 2: 1 });
    assertEquals(shown.test, hidden.test);
  }));

Deno.test("an id that two folders use gets its folder's name", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    await writeDecathlon(join(dataRoot, "full"), tinyCases(2, 20));
    const { test } = await resolveStudy(tiny(), { dataRoot });
    assertEquals(ids(test), ["full_case_20", "full_case_21"]);
    assertEquals(test[0]!.subject, "full/case_20");
  }));

Deno.test("ids are unique where folders of one name share them: as much of the path goes before them as it takes", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    for (const site of ["s1", "s2"]) await writeDecathlon(join(dataRoot, site, "ct"), tinyCases(20, 51));
    const { datasets } = await resolveStudy(
      tiny((json) => ["s1/ct", "s2/ct"].forEach((folder, i) => json.datasets[i].folder = folder)),
      { dataRoot },
    );
    const scans = datasets.flatMap(({ training, validation }) => [...training, ...validation]);
    assertEquals(scans.length, 40);
    assertEquals(new Set(ids(scans)).size, 40);
    for (const { id, image } of scans) {
      const [site, case_] = [image.split("/").at(-4), image.split("/").at(-1)!.replace(".nii.gz", "")];
      assertEquals(id, `${site}_ct_${case_}`);
    }
  }));

Deno.test("a scan that two datasets share has one id", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const { datasets } = await resolveStudy(
      tiny((json) => Object.assign(json.datasets[1], { folder: "one", training: ["case_1"] })),
      { dataRoot },
    );
    assertEquals(ids(datasets[1]!.training), ["case_1"]);
    assertEquals(datasets[0]!.training.filter(({ id }) => id === "case_1").length <= 1, true);
  }));

// deno-lint-ignore no-explicit-any -- the change breaks the type on purpose
const FAULTS: [what: string, change: (json: any) => void, ...problems: string[]][] = [
  [
    "a subject in training and in test",
    (json) => json.test[0] = { name: "full", folder: "one", cases: ["case_1", "case_2", "case_4", "case_5"] },
    "subject one/case_1 is in",
    "subject one/case_5 is in",
  ],
  [
    "one person's scans on both sides of a split",
    (json) => {
      json.datasets[0].subject = { pattern: "(\\d+)", blockOf: 2 };
      json.datasets[0].training = ["case_1"];
      json.datasets[0].validation = ["case_2"];
    },
    "subject one/block 1 of 2 is in training of one (case_1) and in validation of one (case_2)",
  ],
  [
    "unknown and useless cases, a rule that fits none, a missing folder: at once",
    (json) => {
      json.datasets[0].training = ["case_3", "case_99"];
      json.datasets[1].training = { fraction: [0, 1e-9] };
      json.test.push({ name: "more", folder: "nowhere", cases: {} });
    },
    "training of one: no labelled case is called case_99",
    "training of one: none of the organs is annotated in case_3",
    'training of two: no case fits the rule {"fraction":[0,1e-9]}',
    join("nowhere", "dataset.json") + ": no such file",
  ],
  [
    "an organ that is none of the dataset's labels",
    (json) => {
      json.organs.push({ name: "Lung", nsdToleranceMm: 1 });
      json.datasets[0].organs.push("Lung");
    },
    "dataset one: shows Lung, which is none of its labels",
  ],
  [
    "a split that is not there",
    (json) => json.test[0].cases = { split: "test" },
    "test set full: no case fits",
  ],
  [
    "a pattern that does not match",
    (json) => json.datasets[0].subject = { pattern: "(x)" },
    "must match the case id",
  ],
];

for (const [what, change, ...problems] of FAULTS) {
  Deno.test(`refused: ${what}`, () =>
    inTempFolder(async (dataRoot) => {
      await writeTinyData(dataRoot);
      const error = await assertRejects(() => resolveStudy(tiny(change), { dataRoot }), InvalidFileError);
      for (const problem of problems) assert(error.message.includes(problem), error.message);
    }));
}

Deno.test("refused: two scans of one id, with both paths", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    await writeDecathlon(join(dataRoot, "full"), tinyCases(1, 1)); // shares case_1 with one
    await writeDecathlon(join(dataRoot, "two"), [{ id: "full_case_1" }, ...tinyCases(19, 21)]);
    const cohort = tiny((json) => json.datasets[1].training = ["full_case_1"]);
    const error = await assertRejects(() => resolveStudy(cohort, { dataRoot }), InvalidFileError);
    const [a, b] = ["two", "full"].map((folder) => join(dataRoot, folder, "imagesTr"));
    const said =
      `case full_case_1: two scans would be called that, ${a}/full_case_1.nii.gz and ${b}/case_1.nii.gz`;
    assert(error.message.includes(said), error.message);
  }));

Deno.test("subjects that datasets name are compared across folders", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    await writeDecathlon(join(dataRoot, "one"), tinyCases(20), {
      subjects: Object.fromEntries(tinyCases(20).map(({ id }) => [id, "Ada"])),
    });
    await writeDecathlon(join(dataRoot, "full"), tinyCases(1, 41), { subjects: { case_41: "Ada" } });
    const cohort = tiny((json) => {
      json.datasets[0].training = json.datasets[0].validation = {};
    });
    await assertRejects(
      () => resolveStudy(cohort, { dataRoot }),
      InvalidFileError,
      "subject Ada is in training",
    );
  }));

Deno.test("a shown organ that no training case has is a warning", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const annotated = Object.fromEntries(tinyCases(20).map(({ id }) => [id, ["Liver"]]));
    await writeDecathlon(join(dataRoot, "one"), tinyCases(20), { annotated });
    const cohort = tiny((json) => json.datasets[0].organs = ["Liver", "Spleen"]);
    const { warnings } = await resolveStudy(cohort, { dataRoot });
    assertEquals(warnings, ["dataset one: no training case has Spleen annotated"]);
  }));

for (const [name, training] of [["hippocampus", 40], ["head_neck", 25]] as const) {
  const title = `the shipped cohort ${name} finds its cases in the real data`;
  withScans(title, name.replace("_", "-"), async (folder) => {
    const cohort = await readCohort(`experiments/cohorts/${name}.json`);
    const { datasets, test, organs } = await resolveStudy(cohort, { dataRoot: join(folder, "..") });
    for (const dataset of datasets) {
      assert(dataset.training.length >= training, `${dataset.name}: ${dataset.training.length}`);
      assert(dataset.validation.length >= 5, `${dataset.name}: ${dataset.validation.length}`);
      for (const organ of dataset.organs) {
        assert(dataset.validation.some(({ labelSet }) => labelSet.includes(organ)), organs[organ - 1]!.name);
      }
    }
    assert(test.length >= 20);
  });
}

Deno.test("showAll says so where there is nothing more to show", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const more =
      "showing all organs changes nothing: no dataset hides an organ that is annotated in its cases";
    const whole = tiny((json) =>
      json.datasets.forEach((dataset: { organs: string[] }) => dataset.organs = ["Liver", "Spleen"])
    );
    const said = async (cohort: typeof whole, showAll: boolean) =>
      (await resolveStudy(cohort, { dataRoot, showAll })).warnings.includes(more);
    assertEquals([await said(whole, true), await said(whole, false), await said(tiny(), true)], [
      true,
      false,
      false,
    ]);
  }));

Deno.test("a folder is one folder, however it is written", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const odd = tiny((json) => {
      json.datasets[0].folder = "./one/";
      json.datasets[1].folder = "two//../two";
      json.test[0].folder = "./full";
    });
    assertEquals([...odd.datasets, ...odd.test].map(({ folder }) => folder), ["one", "two", "full"]);
    assertEquals(await resolveStudy(odd, { dataRoot }), await resolveStudy(tiny(), { dataRoot }));
    const twice = tiny((json) => json.test[0].folder = "./one");
    await assertRejects(() => resolveStudy(twice, { dataRoot }), InvalidFileError);
  }));

Deno.test("deep supervision is the network's where the cohort has it; written down as usual it leaves no trace", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const networkOf = async (deepSupervision?: boolean) => {
      const cohort = tiny((json) => {
        json.network = { widths: [2, 3, 4, 4], strides: [[2, 2, 2], [2, 2, 2], [1, 1, 1]] };
        if (deepSupervision !== undefined) json.network.deepSupervision = deepSupervision;
      });
      return (await resolveStudy(cohort, { dataRoot })).network;
    };
    const plain = await networkOf();
    assertEquals(Object.keys(plain), ["widths", "strides"]);
    assertEquals(await networkOf(false), plain);
    assertEquals(await networkOf(true), { ...plain, deepSupervision: true });
  }));
