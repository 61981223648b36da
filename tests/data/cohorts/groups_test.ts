import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import type { LabelSet } from "../../../lib/data/label_set.ts";
import { makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { evaluateCases } from "../../../lib/inference/evaluate.ts";
import { prepareStudy } from "../../../lib/data/store/prepared_study.ts";
import { readStoredLabels } from "../../../lib/data/store/store.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";

const SIDES = { "0": "background", "1": "Left Kidney", "2": "Right Kidney", "3": "Liver" };
const WHOLE = { "0": "background", "1": "renes", "2": "Liver" };
const GROUPS = { 201: [1, 2] };

/** Folder one has sides, two has whole kidneys; the test cases have sides. */
async function writeKidneys(root: string, annotated = {}): Promise<void> {
  const labelled = (labels: number[]) => (scan: { id: string }) => ({ ...scan, labels });
  const sides = labelled([1, 2, 3]), whole = labelled([1, 0, 2]);
  await writeDecathlon(join(root, "one"), tinyCases(20).map(sides), { labels: SIDES, annotated });
  await writeDecathlon(join(root, "two"), tinyCases(20, 21).map(whole), { labels: WHOLE });
  await writeDecathlon(join(root, "full"), tinyCases(2, 41).map(sides), { labels: SIDES });
}

// deno-lint-ignore no-explicit-any -- tests break it
function kidneys(change: (json: any) => void = () => {}) {
  return parseCohort(
    tinyCohort((json) => {
      json.organs = [
        { name: "LeftKidney", mirror: "RightKidney", nsdToleranceMm: 1 },
        { name: "RightKidney", mirror: "LeftKidney", nsdToleranceMm: 1 },
        { name: "Liver", nsdToleranceMm: 1 },
      ];
      const parts = ["LeftKidney", "RightKidney"];
      json.groups = [{ name: "Kidneys", aliases: ["renes"], parts, nsdToleranceMm: 2 }];
      json.datasets[0].organs = [...parts, "Liver"];
      json.datasets[1].organs = ["Kidneys"];
      change(json);
    }),
    "kidneys.json",
  );
}

Deno.test("a dataset's coarser label is a group in its cases' label sets", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot);
    const study = await resolveStudy(kidneys(), { dataRoot });
    const one = study.datasets[0]!, two = study.datasets[1]!;
    assertEquals(study.groups, [{ number: 201, name: "Kidneys", parts: [1, 2], nsdToleranceMm: 2 }]);
    assertEquals([one.organs, two.organs], [[1, 2, 3], [1, 2]]);
    const { labelSet, values, groups } = two.training[0]!;
    assertEquals([labelSet, values, groups], [[201], { 1: 201 }, GROUPS]);
    assertEquals([one.training[0]!.labelSet, study.test[0]!.labelSet], [[1, 2, 3], [1, 2, 3]]);
    assertEquals(study.warnings, []);
    // A group is no other name of its organs: they are decided for in its scans.
    for (const { training, validation } of [...study.datasets]) {
      for (const one of [...training, ...validation, ...study.test]) assertEquals("without" in one, false);
    }
    const open = (await resolveStudy(kidneys(), { dataRoot, showAll: true })).datasets[1]!;
    assertEquals([open.organs, open.training[0]!.labelSet], [[1, 2, 3], [3, 201]]);
  }));

Deno.test("a test set is scored on a group by its own name, and on one of whose organs all are annotated", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot);
    await writeDecathlon(join(dataRoot, "whole"), tinyCases(1, 51), { labels: WHOLE });
    const cohort = kidneys((json) => json.test.push({ name: "whole", folder: "whole", cases: {} }));
    const { organs, groups, test } = await resolveStudy(cohort, { dataRoot });
    assertEquals(test.map(({ labelSet }) => labelSet), [[1, 2, 3], [1, 2, 3], [3, 201]]);
    const rows = await evaluateCases(test, {
      organs,
      groups,
      predict: ({ label }) => loadScan(label) as never,
    });
    const names = Map.groupBy(rows, (row) => row.case).values().map((own) => own.map(({ organ }) => organ));
    const every = ["LeftKidney", "RightKidney", "Liver", "Kidneys"];
    assertEquals([...names], [every, every, ["Liver", "Kidneys"]]);
  }));

Deno.test("of a group that is shown, its organs' labels are hidden, and needed", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot, { case_5: ["Left Kidney", "Liver"] });
    const cohort = kidneys((json) => {
      json.datasets[0].organs = ["Liver", "Kidneys"];
      json.datasets.push({ ...json.datasets[0], name: "sides", organs: ["LeftKidney", "RightKidney"] });
    });
    const { datasets, test } = await resolveStudy(cohort, { dataRoot });
    const one = datasets[0]!;
    for (const { id, labelSet, values } of [...one.training, ...one.validation]) {
      const whole = id !== "case_5";
      assertEquals(labelSet, whole ? [3, 201] : [3]);
      assertEquals(values, whole ? { 1: 201, 2: 201, 3: 3 } : { 3: 3 } as Record<number, number>);
    }
    assertEquals(one.organs, [1, 2, 3]);
    assertEquals(test[0]!.labelSet, [1, 2, 3]);
  }));

Deno.test("a group is stored under its code, sampled, and mirrored where its organs are closed under the swap", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot);
    const study = await resolveStudy(kidneys(), { dataRoot });
    const { datasets } = await prepareStudy(study, { folder: join(dataRoot, "store") });
    const two = datasets[1]!, stored = two.training[0]!;
    assertEquals([...await readStoredLabels(stored)].slice(0, 4), [201, 0, 0, 0]);
    assertEquals([stored.labelSet, stored.groups, stored.locations], [[201], GROUPS, { 201: [0] }]);
    const make = async (shownOrgans: LabelSet) =>
      await makeBatch([stored], 0, {
        seed: 1,
        stream: "two",
        patch: [4, 4, 4],
        batchSize: 2,
        augmentation: { mirror: 1, rotation: 0, scale: 0 },
        shownOrgans,
        mirrorPairs: [[1, 2]],
      });
    const { labels, labelSets, groups } = await make(two.organs);
    assertEquals([[...labels.slice(0, 4)], labelSets, groups], [[0, 0, 0, 201], [[201], [201]], GROUPS]);
    assertEquals([...(await make([1])).labels.slice(0, 4)], [201, 0, 0, 0]);
  }));

Deno.test("which of a group's organs a voxel is stays hidden: poisoned, it changes nothing in the store", () =>
  inTempFolder(async (dataRoot) => {
    const prepared = async (labels: number[]) => {
      await writeKidneys(dataRoot);
      await writeDecathlon(join(dataRoot, "one"), tinyCases(20).map((scan) => ({ ...scan, labels })), {
        labels: SIDES,
      });
      const cohort = kidneys((json) => {
        json.datasets[0].organs = ["Kidneys"];
        json.datasets[1].organs = ["Liver"];
        json.datasets.push({
          ...json.datasets[0],
          name: "full",
          folder: "full",
          organs: json.groups[0].parts,
        });
        Object.assign(json.datasets[2], { training: ["case_41"], validation: ["case_42"] });
        json.test = [{ name: "test", folder: "test", cases: {} }];
      });
      await writeDecathlon(join(dataRoot, "test"), tinyCases(1, 51), { labels: SIDES });
      const study = await resolveStudy(cohort, { dataRoot });
      return (await prepareStudy(study, { folder: join(dataRoot, "store") })).datasets[0]!;
    };
    const clean = await prepared([1, 2, 3, 0, 1]);
    assertEquals(await prepared([2, 2, 0, 3, 1]), clean);
    assertEquals([...await readStoredLabels(clean.training[0]!)].slice(0, 5), [201, 201, 0, 0, 201]);
  }));

// deno-lint-ignore no-explicit-any -- the change breaks the type on purpose
const FAULTS: [what: string, change: (json: any) => void, problem: string][] = [
  [
    "an unknown part",
    (json) => json.groups[0].parts = ["LeftKidney", "Lung"],
    "groups[0].parts[1]: Lung is none of",
  ],
  [
    "a part twice",
    (json) => json.groups[0].parts = ["Liver", "Liver"],
    "groups[0].parts: Liver is listed twice",
  ],
  [
    "a part that stands for another organ",
    (json) => {
      json.organs.push({ name: "Hepar", standsFor: ["Liver"], nsdToleranceMm: 1 });
      json.datasets.push({ ...json.datasets[1], name: "three", organs: ["Hepar"] });
      json.groups[0].parts = ["LeftKidney", "Hepar"];
    },
    "groups[0].parts[1]: must stand for no other organ, Hepar does",
  ],
  [
    "an organ's name",
    (json) => json.groups[0].aliases = ["liver"],
    "groups[0]: Kidneys and Liver have one name",
  ],
  [
    "shown beside its part",
    (json) => json.datasets[0].organs.push("Kidneys"),
    "datasets[0].organs: LeftKidney and Kidneys have LeftKidney in common, show one of them",
  ],
  [
    "an organ that is only ever shown in a group",
    (json) => json.datasets[0].organs = ["LeftKidney", "Liver"],
    "organs: no dataset shows RightKidney",
  ],
];
for (const [what, change, problem] of FAULTS) {
  Deno.test(`refused: a group with ${what}`, () => {
    const error = assertThrows(() => kidneys(change), InvalidFileError);
    assert(error.message.includes(problem), error.message);
  });
}
