/**
 * From a cohort and the data at hand to a study.
 *
 * @module
 */
import { wholeNotes } from "../organs/organ_notes.ts";
import { relative, resolve } from "@std/path";
import { type Dataset, inspectDataset } from "../datasets/dataset.ts";
import { leavesOf } from "../groups.ts";
import { InvalidFileError } from "../json_file.ts";
import { FIRST_GROUP, type LabelSet } from "../label_set.ts";
import { caseNames, idProblems, type NameCase } from "./case_ids.ts";
import type { Cohort } from "./cohort.ts";
import { unusualIn } from "../patches/augment_options.ts";
import { dealFold } from "./deal_fold.ts";
import type { Fold } from "./fold.ts";
import { groupsOf, matchLabels, otherNames } from "./match_labels.ts";
import { type PlacedScan, sameScanProblems } from "./same_scan.ts";
import { type Assignment, overlapProblems } from "./splits.ts";
import {
  type Group,
  namesOfLabels,
  type Organ,
  type Study,
  type StudyCase,
  type StudyDataset,
  type StudyScan,
} from "./study.ts";
import { type ChosenCases, selectCases } from "./study_cases.ts";

export interface ResolveOptions {
  /** The folder that the cohort's folders are relative to; absolute ones are taken as they are. */
  dataRoot: string;
  /**
   * Show every annotated organ in training and validation: for the upper bound, and for judging pseudo labels. The
   * cases are the same.
   * @default false
   */
  showAll?: boolean | undefined;
  /** The part of the cohort's subjects that is tested. @default the cohort's own test sets, as they are */
  fold?: Fold | undefined;
  /** What to call a case, by its scan's path from the data root. @default its id in the dataset, see case_ids.ts */
  pseudonym?: ((scan: string) => string) | undefined;
}

const byPseudonym = (one: StudyScan, other: StudyScan) => one.id < other.id ? -1 : 1;

function vocabulary(cohort: Cohort): Organ[] {
  const number = (name: string) => cohort.organs.findIndex((organ) => organ.name === name) + 1;
  return cohort.organs.map(({ name, mirror, nsdToleranceMm }, index) => ({
    number: index + 1,
    name,
    nsdToleranceMm,
    ...(mirror === undefined ? {} : { mirror: number(mirror) }),
  }));
}

function groupsOfStudy(cohort: Cohort): Group[] | undefined {
  const groups = groupsOf(cohort);
  return cohort.groups?.map(({ name, nsdToleranceMm }, index) => {
    const number = FIRST_GROUP + index;
    return { number, name, parts: groups[number]!, nsdToleranceMm };
  });
}

/** Reads every folder once. Their faults are collected. */
async function readFolders(cohort: Cohort, dataRoot: string, problems: string[]) {
  const folders = new Set([...cohort.datasets, ...cohort.test].map(({ folder }) => folder));
  const datasets = new Map<string, Dataset>();
  for (const folder of folders) {
    try {
      const found = await inspectDataset(resolve(dataRoot, folder));
      problems.push(...found.problems.map((problem) => `${found.file}: ${problem}`));
      if (found.dataset) datasets.set(folder, found.dataset);
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      problems.push(`${error.file}: ${error.problems.join("; ")}`);
    }
  }
  return datasets;
}

/**
 * Finds a cohort's files and chooses its cases.
 *
 * A case with none of its dataset's shown organs annotated has no labels: training passes it over or uses it without. Validation cases carry their
 * dataset's organs, as a user's would; test cases everything annotated.
 *
 * @throws {InvalidFileError} with every problem at once: faults of a `dataset.json`, organs a dataset lacks, unknown
 * cases, empty selections, two scans of one id, a subject in two of training, validation and test
 */
export async function resolveStudy(asked: Cohort, options: ResolveOptions): Promise<Study> {
  const { dataRoot, showAll = false, fold, pseudonym } = options;
  const problems: string[] = [];
  const wholes = [...asked.groups ?? [], ...asked.organs.filter(({ standsFor }) => standsFor)];
  const warnings = wholeNotes(asked.organs, wholes.map(({ name }) => name));
  const folders = await readFolders(asked, dataRoot, problems);
  const cohort = fold ? dealFold(asked, folders, { fold, problems }) : asked;
  const organs = vocabulary(cohort), groups = groupsOfStudy(cohort);
  const parts = groupsOf(cohort);
  const names = namesOfLabels({ organs, groups });
  const everything = [...names.keys()];
  const numberOf = new Map([...names].map(([number, name]) => [name, number]));
  const nameCase: NameCase = pseudonym
    ? (_, { image }) => pseudonym(relative(dataRoot, image))
    : caseNames(folders.values());
  const assignments: Assignment[] = [], scans: StudyScan[] = [], placed: PlacedScan[] = [];

  const choose = (
    entry: Cohort["datasets"][number] | Cohort["test"][number],
    role: Assignment["role"],
    shown: LabelSet,
    visible: LabelSet,
  ): ChosenCases => {
    const dataset = folders.get(entry.folder);
    if (!dataset) return { labelled: [], unlabelled: [] };
    const rules = cohort.datasets.find(({ folder }) => folder === entry.folder);
    const chosen = selectCases(dataset, {
      entry,
      role,
      cohort,
      shown,
      visible,
      nameCase,
      subject: rules?.subject,
      problems,
    });
    // In the order of ids, which the list of a dataset would tell.
    if (pseudonym) { for (const own of [chosen.labelled, chosen.unlabelled]) own.sort(byPseudonym); }
    const all = [...chosen.labelled, ...chosen.unlabelled];
    scans.push(...all);
    assignments.push(...all.map(({ id, subject }) => ({ role, dataset: entry.name, id, subject })));
    placed.push(...all.map(({ id, image }) => ({ role, dataset: entry.name, id, image })));
    return chosen;
  };

  const datasets = cohort.datasets.map((entry): StudyDataset => {
    const shown = entry.organs.map((name) => numberOf.get(name)!).sort((a, b) => a - b);
    const others = otherNames(cohort, entry);
    const visible = showAll ? everything.filter((number) => !others.includes(number)) : shown;
    const dataset = folders.get(entry.folder);
    const present = dataset && matchLabels(dataset, cohort, entry);
    if (present) {
      for (const number of shown.filter((number) => !present.has(number))) {
        problems.push(`dataset ${entry.name}: shows ${names.get(number)}, which is none of its labels`);
      }
    }
    const { labelled: training, unlabelled } = choose(entry, "training", shown, visible);
    for (const number of shown) {
      const wanted = leavesOf([number], parts);
      const has = ({ labelSet }: StudyCase) =>
        wanted.every((organ) => leavesOf(labelSet, parts).includes(organ));
      if (training.length > 0 && !training.some(has)) {
        warnings.push(`dataset ${entry.name}: no training case has ${names.get(number)} annotated`);
      }
    }
    if (entry.unlabelled === "use" && training.length > 0 && unlabelled.length === 0) {
      warnings.push(
        `dataset ${entry.name}: every training case is labelled, none is there to be used unlabelled`,
      );
    }
    return {
      name: entry.name,
      organs: leavesOf(visible, parts),
      training,
      validation: choose(entry, "validation", shown, visible).labelled,
      ...(entry.unlabelled === "use" ? { unlabelled } : {}),
    };
  });
  if (showAll && !datasets.some(showsMore(cohort, numberOf))) {
    warnings.push(
      "showing all organs changes nothing: no dataset hides an organ that is annotated in its cases",
    );
  }
  const test = cohort.test.flatMap((entry) => {
    const scored = entry.organs?.map((name) => numberOf.get(name)!) ?? everything;
    const dataset = folders.get(entry.folder), present = dataset && matchLabels(dataset, cohort, entry);
    for (const number of entry.organs && present ? scored : []) {
      if (!present!.has(number)) {
        problems.push(`test set ${entry.name}: scores ${names.get(number)}, which is none of its labels`);
      }
    }
    return choose(entry, "test", scored, scored).labelled;
  });
  problems.push(
    ...idProblems(scans),
    ...overlapProblems(assignments),
    ...scoredTwice(test),
    ...await sameScanProblems(placed),
  );
  if (problems.length > 0) {
    throw new InvalidFileError(dataRoot, [...new Set(problems)], `the data of cohort ${cohort.name}`);
  }
  const { name, preprocessing, patch } = cohort;
  const { augmentation, ...settings } = cohort.training, unusual = unusualIn(augmentation);
  const { kernels, deepSupervision, precision, ...form } = cohort.network;
  // What is as usual leaves no trace in identities, whether it is written down or not.
  const network = {
    ...form,
    ...kernels?.flat().some((size) => size !== 3) && { kernels },
    ...deepSupervision && { deepSupervision },
    ...precision === "bfloat16" && { precision },
  };
  const training = { ...settings, ...unusual && { augmentation: unusual } };
  const study = { name, organs, datasets, test, preprocessing, patch, network, training, warnings };
  return {
    ...study,
    ...groups && { groups },
    ...fold && { fold },
    ...cohort.nominalSpacing && { nominalSpacing: true },
  };
}

/** One line a scan that two test sets score by different organs or names: a scan has one prediction and one hash. */
function scoredTwice(test: readonly StudyCase[]): string[] {
  return [...Map.groupBy(test, ({ id }) => id)].flatMap(([id, own]) => {
    const kinds = new Set(
      own.map(({ labelSet, values, without }) => JSON.stringify([labelSet, values, without])),
    );
    const sets = own.map(({ dataset }) => dataset).join(" and ");
    return kinds.size < 2
      ? []
      : [`case ${id}: the test sets ${sets} score it by different organs; a scan may be in one of them`];
  });
}

/** Whether a dataset's cases have labels that the cohort does not show of it. */
function showsMore(cohort: Cohort, numberOf: ReadonlyMap<string, number>) {
  return ({ training, validation }: StudyDataset, index: number): boolean => {
    const shown = cohort.datasets[index]!.organs.map((name) => numberOf.get(name));
    return [...training, ...validation].some(({ labelSet }) =>
      labelSet.some((label) => !shown.includes(label))
    );
  };
}
