import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { dealFold } from "../../../lib/data/cohorts/deal_fold.ts";
import type { Cohort } from "../../../lib/data/cohorts/cohort.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import type { Dataset } from "../../../lib/data/datasets/dataset.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";

/** Cases 1…count of a folder, all organs annotated but where it says otherwise; `person` tells the subject of some. */
function folderOf(
  folder: string,
  count: number,
  { annotated = {}, subjects = {} }: {
    annotated?: Record<string, string[]>;
    subjects?: Record<string, string>;
  } = {},
): Dataset {
  const cases = Array.from({ length: count }, (_, i) => `${folder}_${i + 1}`).map((id) => ({
    id,
    image: `${id}.nii`,
    label: `${id}_label.nii`,
    annotated: annotated[id] ?? ["Liver", "Spleen"],
    ...id in subjects ? { subject: subjects[id]! } : {},
  }));
  const labels = new Map([[1, "Liver"], [2, "Spleen"]]);
  return { name: folder, folder: `/data/${folder}`, modality: "CT", labels, cases };
}

/** Datasets `one` (Liver) and `two` (Spleen) in one folder, and a test set there. */
// deno-lint-ignore no-explicit-any -- tests change it in every way
function shared(change: (json: any) => void = () => {}): Cohort {
  return parseCohort(
    tinyCohort((json) => {
      const [one, two] = json.datasets;
      Object.assign(one, {
        folder: "a",
        training: { fraction: [0, 0.3] },
        validation: { fraction: [0.3, 0.4] },
      });
      Object.assign(two, {
        folder: "a",
        training: { fraction: [0.4, 0.7] },
        validation: { fraction: [0.7, 0.8] },
      });
      json.test = [{
        name: "full",
        folder: "a",
        cases: { fraction: [0.8, 1], requires: ["Liver", "Spleen"] },
      }];
      change(json);
    }),
    "tiny.json",
  );
}

interface Sides {
  training: string[][];
  validation: string[][];
  test: string[][];
  problems: string[];
}

function deal(cohort: Cohort, folders: Dataset[], part: number, of = 5): Sides {
  const problems: string[] = [];
  const map = new Map(folders.map((one) => [one.name, one]));
  const dealt = dealFold(cohort, map, { fold: { part, of }, problems });
  return {
    training: dealt.datasets.map(({ training }) => training as string[]),
    validation: dealt.datasets.map(({ validation }) => validation as string[]),
    test: dealt.test.map(({ cases }) => cases as string[]),
    problems,
  };
}

const allFolds = (cohort: Cohort, folders: Dataset[], of = 5) =>
  Array.from({ length: of }, (_, i) => deal(cohort, folders, i + 1, of));

Deno.test("folds: everybody is tested once, validates once and trains in all others", () => {
  const folder = folderOf("a", 100);
  const folds = allFolds(shared(), [folder]);
  const ids = folder.cases.map(({ id }) => id).sort();
  assertEquals(folds.map(({ problems }) => problems), Array(5).fill([]));
  for (const role of ["test", "validation"] as const) {
    assertEquals(folds.flatMap((fold) => fold[role].flat()).sort(), ids, role);
  }
  for (const [index, { training, validation, test }] of folds.entries()) {
    assertEquals(
      [...training, ...validation, ...test].flat().sort(),
      ids,
      "no case is on two sides, none is lost",
    );
    assertEquals(folds[(index + 1) % 5]!.test.flat().sort(), validation.flat().sort());
    assert(Math.abs(test.flat().length - 20) <= 1, "parts are equally large");
  }
});

Deno.test("folds: a dataset keeps who it names; who was only tested joins the datasets by turns", () => {
  const folds = allFolds(shared(), [folderOf("a", 100)]);
  const learners = (dataset: number) =>
    new Set(folds.flatMap(({ training, validation }) => [training[dataset]!, validation[dataset]!].flat()));
  const [one, two] = [learners(0), learners(1)];
  assertEquals(one.intersection(two).size, 0);
  assertEquals(one.size + two.size, 100);
  assert(Math.abs(one.size - two.size) <= 12, `${one.size} and ${two.size}`);
  // Of each dataset each part tests its share, not one dataset here and another there.
  for (const { test } of folds) {
    const own = test.flat().filter((id) => one.has(id)).length;
    assert(own >= one.size / 5 - 2 && own <= one.size / 5 + 2, `${own} of ${one.size}`);
  }
});

Deno.test("folds: they depend on splitSeed, and on the order of the cases not at all", () => {
  const folder = folderOf("a", 60);
  const backward = { ...folder, cases: folder.cases.toReversed() };
  assertEquals(deal(shared(), [backward], 2), deal(shared(), [folder], 2));
  // Where no rule is of a fraction, the seed deals the folds and nothing else.
  const tested = (splitSeed: number) =>
    deal(
      shared((json) => {
        json.splitSeed = splitSeed;
        json.datasets.forEach((dataset: Record<string, unknown>) =>
          dataset.training = dataset.validation = {}
        );
        json.test[0].cases = {};
      }),
      [folder],
      2,
    ).test;
  assertEquals(tested(2), tested(2));
  assertNotEquals(tested(1), tested(2));
});

Deno.test("folds: all scans of a person are on one side, in whichever dataset", () => {
  const subjects = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`a_${i + 1}`, `p${i % 20}`]));
  for (const { training, validation, test } of allFolds(shared(), [folderOf("a", 60, { subjects })])) {
    const people = [training, validation, test].map((ids) => new Set(ids.flat().map((id) => subjects[id])));
    const [trains, validates, tested] = people as [Set<string>, Set<string>, Set<string>];
    assertEquals(trains.intersection(tested).size + trains.intersection(validates).size, 0);
    assertEquals(validates.intersection(tested).size, 0);
  }
});

Deno.test("folds: who lacks the annotations that a test set wants is never tested, and trains instead", () => {
  const annotated = { a_7: ["Liver"], a_8: ["Spleen"], a_9: ["Liver"] };
  const cohort = shared((json) => {
    for (const dataset of json.datasets) dataset.training = dataset.validation = {};
    json.datasets[0].validation = { fraction: [0, 0.5] };
    json.test[0].cases.fraction = [0, 1];
  });
  const folds = allFolds(cohort, [folderOf("a", 30, { annotated })]);
  const tested = folds.flatMap(({ test }) => test.flat());
  assertEquals(tested.length, 27);
  for (const id of Object.keys(annotated)) assert(!tested.includes(id), id);
  // Of those with Liver alone dataset two, which shows Spleen, learns nothing.
  const times = (dataset: number, id: string) =>
    folds.filter(({ training }) => training[dataset]!.includes(id)).length;
  assertEquals([times(0, "a_7"), times(1, "a_7"), times(0, "a_8"), times(1, "a_8")], [4, 0, 0, 4]);
  assertEquals([times(0, "a_1"), times(1, "a_1")], [3, 3], "both datasets name it");
});

Deno.test("folds: what training requires is required in every fold", () => {
  const annotated = { a_3: ["Liver"] };
  const cohort = shared((json) => {
    Object.assign(json.datasets[0], { training: { requires: ["Liver", "Spleen"] }, validation: {} });
    json.datasets.splice(1);
    json.organs.splice(1);
    json.organs.push({ name: "Spleen", nsdToleranceMm: 2 });
    json.datasets[0].organs = ["Liver", "Spleen"];
  });
  const folds = allFolds(cohort, [folderOf("a", 30, { annotated })]);
  assert(folds.every(({ training, test }) => ![...training, ...test].flat().includes("a_3")));
  assertEquals(folds.filter(({ validation }) => validation.flat().includes("a_3")).length, 1);
});

Deno.test("folds: two test sets of a folder keep their own cases; others are tested in the first that takes them", () => {
  const cohort = shared((json) => {
    json.test = [
      { name: "hard", folder: "a", cases: ["a_1", "a_2", "a_3", "a_4", "a_5"] },
      { name: "full", folder: "a", cases: ["a_6", "a_7", "a_8", "a_9", "a_10"] },
    ];
  });
  const folds = allFolds(cohort, [folderOf("a", 40)], 3);
  const tested = (set: number) => folds.flatMap(({ test }) => test[set]!);
  assert(cohort.test.every(({ cases }, set) => (cases as string[]).every((id) => tested(set).includes(id))));
  assertEquals(tested(1).length, 5);
  assertEquals(new Set([...tested(0), ...tested(1)]).size, tested(0).length + 5);
});

Deno.test("folds: unlabelled cases train where the cohort uses them, and are never tested", () => {
  const cohort = shared((json) => {
    json.datasets.splice(1);
    Object.assign(json.datasets[0], { organs: ["Liver", "Spleen"], unlabelled: "use", training: {} });
  });
  const folds = allFolds(cohort, [folderOf("a", 30, { annotated: { a_5: [] } })]);
  assertEquals(folds.filter(({ training }) => training.flat().includes("a_5")).length, 5);
  assertEquals(folds.flatMap(({ test, validation }) => [...test, ...validation].flat()).length, 58);
});

Deno.test("folds: a test set in a folder of its own, and parts without cases, are refused", () => {
  const cohort = parseCohort(tinyCohort(), "tiny.json");
  const apart = deal(cohort, ["one", "two", "full"].map((folder) => folderOf(folder, 20)), 1);
  assertEquals(apart.problems.length, 1);
  assert(apart.problems[0]!.includes("no dataset has the test set full in full"), apart.problems[0]);
  const few = deal(shared(), [folderOf("a", 20)], 9, 40);
  assert(few.problems.some((problem) => problem.includes("fewer parts")), String(few.problems));
});
