import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Fold } from "../../../lib/data/cohorts/fold.ts";
import { matchLabels, otherNames } from "../../../lib/data/cohorts/match_labels.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import { contentOf, prepareStudy } from "../../../lib/data/store/prepared_study.ts";
import { readStoredLabels } from "../../../lib/data/store/store.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";

const LABELS = { "0": "background", "1": "Left Kidney", "2": "Right Kidney", "3": "Liver" };
const [LEFT, RIGHT, LIVER, KIDNEY, HEPAR] = [1, 2, 3, 4, 5];

async function writeKidneys(root: string): Promise<void> {
  for (const [folder, count, first] of [["one", 20, 1], ["two", 20, 21], ["full", 4, 41]] as const) {
    const cases = tinyCases(count, first).map((scan) => ({ ...scan, labels: [1, 2, 3] }));
    await writeDecathlon(join(root, folder), cases, { labels: LABELS });
  }
}

/** Dataset one shows sides and the liver; two calls both kidneys one, and the liver otherwise. */
// deno-lint-ignore no-explicit-any -- tests break it
function names(change: (json: any) => void = () => {}) {
  return parseCohort(
    tinyCohort((json) => {
      json.organs = [
        { name: "LeftKidney", nsdToleranceMm: 1 },
        { name: "RightKidney", nsdToleranceMm: 1 },
        { name: "Liver", nsdToleranceMm: 1 },
        { name: "Kidney", standsFor: ["LeftKidney", "RightKidney"], nsdToleranceMm: 1 },
        { name: "Hepar", standsFor: ["Liver"], nsdToleranceMm: 1 },
      ];
      json.datasets[0].organs = ["LeftKidney", "RightKidney", "Liver"];
      json.datasets[1].organs = ["Kidney", "Hepar"];
      json.test = [
        { name: "own", folder: "full", cases: ["case_41", "case_42"] },
        { name: "others", folder: "full", organs: ["Hepar"], cases: ["case_43", "case_44"] },
      ];
      change(json);
    }),
    "names.json",
  );
}

const TABLE: [what: string, listed: string[] | undefined, others: number[], found: [number, number[]][]][] = [
  ["nothing listed", undefined, [KIDNEY, HEPAR], [[LEFT, [1]], [RIGHT, [2]], [LIVER, [3]]]],
  ["one that stands for two", ["Kidney"], [LEFT, RIGHT, HEPAR], [[LIVER, [3]], [KIDNEY, [1, 2]]]],
  ["one that stands for one", ["Hepar"], [LIVER, KIDNEY], [[LEFT, [1]], [RIGHT, [2]], [HEPAR, [3]]]],
  ["both", ["Hepar", "Kidney"], [LEFT, RIGHT, LIVER], [[KIDNEY, [1, 2]], [HEPAR, [3]]]],
];
for (const [what, listed, others, found] of TABLE) {
  Deno.test(`names of one organ: ${what}`, () => {
    const labels = new Map(Object.entries(LABELS).slice(1).map(([value, name]) => [Number(value), name]));
    const organs = listed && { organs: listed };
    assertEquals(otherNames(names(), { ...organs }), others);
    const matched = matchLabels({ labels }, names(), { ...organs });
    assertEquals([...matched].map(([number, { values }]) => [number, values]), found);
  });
}

Deno.test("a dataset's own word for an organ is the organ's, whatever it stands for", () => {
  const labels = new Map([[7, "hepar"], [8, "liver"]]);
  const values = (organs: string[]) =>
    [...matchLabels({ labels }, names(), { organs })].map(([, l]) => l.values);
  assertEquals(values(["Hepar"]), [[7, 8]]);
  assertEquals(values(["Liver"]), [[8]]);
});

Deno.test("labels of a dataset are read under the names that it lists, and no others are decided for in its scans", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot);
    const study = await resolveStudy(names(), { dataRoot });
    const [one, two] = [study.datasets[0]!, study.datasets[1]!];
    assertEquals([one.organs, two.organs, study.groups], [[LEFT, RIGHT, LIVER], [KIDNEY, HEPAR], undefined]);
    assertEquals([one.training[0]!.without, two.validation[0]!.without], [[KIDNEY, HEPAR], [
      LEFT,
      RIGHT,
      LIVER,
    ]]);
    assertEquals(two.training[0]!.values, { 1: KIDNEY, 2: KIDNEY, 3: HEPAR });
    const [own, , others] = study.test;
    assertEquals([own!.labelSet, own!.without], [[LEFT, RIGHT, LIVER], [KIDNEY, HEPAR]]);
    assertEquals([others!.labelSet, others!.values, others!.without], [[HEPAR], { 3: HEPAR }, [
      LIVER,
      KIDNEY,
    ]]);
    const open = await resolveStudy(names(), { dataRoot, showAll: true });
    assertEquals(open.datasets.map(({ organs }) => organs), [[LEFT, RIGHT, LIVER], [KIDNEY, HEPAR]]);

    const { datasets } = await prepareStudy(study, { folder: join(dataRoot, "store") });
    const stored = datasets[1]!.training[0]!;
    assertEquals([...await readStoredLabels(stored)].slice(0, 4), [KIDNEY, KIDNEY, HEPAR, 0]);
    assertEquals(contentOf(stored).without, [LEFT, RIGHT, LIVER]);
  }));

Deno.test("organs that a test set lists are the ones that are scored", () =>
  inTempFolder(async (dataRoot) => {
    await writeKidneys(dataRoot);
    const cohort = names((json) => {
      json.organs.splice(3);
      json.datasets[1].organs = ["Liver"];
      json.test[1].organs = ["Liver"];
    });
    const { test } = await resolveStudy(cohort, { dataRoot });
    assertEquals(test.map(({ labelSet }) => labelSet), [[1, 2, 3], [1, 2, 3], [3], [3]]);
    assertEquals(test.map(({ without }) => without), [undefined, undefined, undefined, undefined]);
  }));

const REFUSED: [
  what: string,
  change: Parameters<typeof names>[0],
  fold: Fold | undefined,
  problem: string,
][] = [
  [
    "a scan that two test sets score by different names",
    (json) => json.test[1].cases = ["case_42"],
    undefined,
    "case case_42: the test sets own and others score it by different organs",
  ],
  [
    "a test set of an organ that its folder lacks",
    (json) => {
      json.organs.push({ name: "Spleen", nsdToleranceMm: 1 });
      json.datasets[0].organs.push("Spleen");
      json.test[1].organs.push("Spleen");
    },
    undefined,
    "test set others: scores Spleen, which is none of its labels",
  ],
  [
    "folds",
    (json) => json.test.forEach((set: { folder: string }) => set.folder = "one"),
    { part: 1, of: 3 },
    "fold 1/3: Kidney stands for other organs",
  ],
];
for (const [what, change, fold, problem] of REFUSED) {
  Deno.test(`refused where data meet names: ${what}`, () =>
    inTempFolder(async (dataRoot) => {
      await writeKidneys(dataRoot);
      const cohort = names(change);
      const error = await assertRejects(() => resolveStudy(cohort, { dataRoot, fold }), InvalidFileError);
      assert(error.message.includes(problem), error.message);
    }));
}

// deno-lint-ignore no-explicit-any -- the change breaks the type on purpose
const FAULTS: [what: string, change: (json: any) => void, problem: string][] = [
  [
    "of nobody",
    (json) => json.organs[4].standsFor = ["Livver"],
    "organs[4].standsFor[0]: Livver is none of the organs: did you mean Liver?",
  ],
  ["of itself", (json) => json.organs[4].standsFor = ["Hepar"], "organs[4].standsFor[0]: Hepar is none of"],
  [
    "of one that stands for another",
    (json) => json.organs[4].standsFor = ["Kidney"],
    "organs[4].standsFor[0]: must be organs that stand for no others, Kidney does",
  ],
  [
    "of one twice",
    (json) => json.organs[4].standsFor = ["Liver", "Liver"],
    "organs[4].standsFor: Liver is listed twice",
  ],
  [
    "beside what it stands for",
    (json) => json.datasets[0].organs.push("Hepar"),
    "datasets[0].organs: Liver and Hepar have Liver in common, show one of them",
  ],
  [
    "beside what it stands for, in a test set",
    (json) => json.test[0].organs = ["Hepar", "Liver"],
    "test[0].organs: Hepar and Liver have Liver in common, show one of them",
  ],
  [
    "of one side, without a mirror image",
    (json) => {
      json.organs[0].mirror = "RightKidney";
      json.organs[1].mirror = "LeftKidney";
      json.organs[4].standsFor = ["LeftKidney"];
    },
    "organs[4].mirror: must be there, since Hepar stands for organs of one side (LeftKidney)",
  ],
  [
    "that a rule asks for where it is called otherwise",
    (json) => json.datasets[1].training = { requires: ["Liver"] },
    "datasets[1].training.requires[0]: Liver has another name here, the one that `organs` lists",
  ],
  ["in no dataset", (json) => json.datasets[1].organs = ["Kidney"], "organs: no dataset shows Hepar"],
  [
    "that a test set misspells",
    (json) => json.test[1].organs = ["Heparr"],
    "test[1].organs[0]: Heparr is none of the organs: did you mean Hepar?",
  ],
];
for (const [what, change, problem] of FAULTS) {
  Deno.test(`refused: another name ${what}`, () => {
    const error = assertThrows(() => names(change), InvalidFileError);
    assert(error.message.includes(problem), error.message);
  });
}
