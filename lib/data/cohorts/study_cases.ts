/**
 * Choosing the cases of one dataset in one role, and masking their organs.
 *
 * @module
 */
import { declaredValues } from "../datasets/label_map.ts";
import { dirname } from "@std/path";
import { didYouMean } from "../../text/unknown_name.ts";
import { type Candidate, chooseCases } from "./case_rule.ts";
import type { NameCase } from "./case_ids.ts";
import type { Cohort, SubjectRule } from "./cohort.ts";
import type { Dataset, DatasetCase } from "../datasets/dataset.ts";
import type { LabelSet } from "../label_set.ts";
import { groupsOf, labelsOf, matchLabels, matchOrgans, otherNames } from "./match_labels.ts";
import type { Assignment } from "./splits.ts";
import type { StudyCase, StudyScan } from "./study.ts";
import { subjectOf } from "./subject.ts";

export interface SelectOptions {
  entry: Cohort["datasets"][number] | Cohort["test"][number];
  role: Assignment["role"];
  cohort: Cohort;
  /** Organs of which a case must have one, to be chosen by a rule. */
  shown: LabelSet;
  /** Organs its label set may hold. */
  visible: LabelSet;
  /** Makes ids unique in the study. */
  nameCase: NameCase;
  /** The folder's subject rule. @default undefined */
  subject?: SubjectRule | undefined;
  /** Receives what is wrong. */
  problems: string[];
}

/** A case of a dataset, and what rules ask of it. */
export interface Chosen extends Candidate {
  scan: DatasetCase;
}

/** The person of a case, unique over the study. */
export function personOf({ folder }: { folder: string }, { scan, subject }: Chosen): string {
  // Ids of different folders are different people, unless the datasets name the people themselves.
  return scan.subject ?? `${scan.drawn ? dirname(folder) : folder}/${subject}`;
}

function candidatesOf(dataset: Dataset, options: ChoiceOptions, place: string): Chosen[] {
  const { cohort, entry, problems } = options;
  const labels = [...matchLabels(dataset, cohort, entry).values()];
  const unreadable: string[] = [];
  const candidates = dataset.cases.flatMap((scan): Chosen[] => {
    try {
      const subject = subjectOf(scan, entry.subject ?? options.subject);
      const annotated = labels.flatMap(({ name, needs }) =>
        scan.label && needs.every((part) => scan.annotated.includes(part)) ? [name] : []
      );
      return [{ id: scan.id, subject, annotated, scan }];
    } catch (error) {
      unreadable.push((error as Error).message);
      return [];
    }
  });
  if (unreadable.length > 0) problems.push(`${place}: ${unreadable[0]} (and ${unreadable.length - 1} more)`);
  return candidates;
}

interface ListOptions {
  /** Whether cases without a label map are among the candidates. */
  unlabelled: boolean;
  place: string;
  problems: string[];
}

function listed(candidates: Chosen[], ids: string[], options: ListOptions): Chosen[] {
  const { unlabelled, place, problems } = options;
  const possible = candidates.filter(({ scan }) => unlabelled || scan.label);
  return ids.flatMap((id) => {
    const found = possible.find((candidate) => candidate.id === id);
    if (!found) {
      const advice = didYouMean(id, possible.map((candidate) => candidate.id));
      problems.push(`${place}: no ${unlabelled ? "" : "labelled "}case is called ${id}${advice}`);
    }
    return found ?? [];
  });
}

/** The cases of one dataset in one role. */
export interface ChosenCases {
  labelled: StudyCase[];
  /** Those without labels; empty unless the cohort wants to use them. */
  unlabelled: StudyScan[];
}

export type ChoiceOptions = Omit<SelectOptions, "visible" | "nameCase">;

/** Cases that the cohort names or chooses for a role: those with a shown organ annotated, and the others. */
export function choiceOf(dataset: Dataset, options: ChoiceOptions): { chosen: Chosen[]; bare: Chosen[] } {
  const { entry, role, cohort, shown, problems } = options;
  const place = role === "test" ? `test set ${entry.name}` : `${role} of ${entry.name}`;
  const cases = "cases" in entry ? entry.cases : entry[role as "training" | "validation"];
  const nameOf = namesByNumber(cohort);
  const names = new Set(shown.map((number) => nameOf.get(number)!));
  const useful = ({ annotated }: Candidate) => annotated.some((organ) => names.has(organ));
  const candidates = candidatesOf(dataset, options, place);
  const unlabelled = role === "training" && "unlabelled" in entry && entry.unlabelled === "use";
  let [chosen, bare]: [Chosen[], Chosen[]] = [[], []];
  if (Array.isArray(cases)) {
    const all = listed(candidates, cases, { unlabelled, place, problems });
    [chosen, bare] = [all.filter(useful), all.filter((candidate) => !useful(candidate))];
    if (bare.length > 0 && !unlabelled) {
      const ids = bare.map(({ id }) => id).join(", ");
      problems.push(`${place}: none of the organs is annotated in ${ids}`);
    } else if (chosen.length === 0 && bare.length > 0) {
      problems.push(`${place}: one of the organs must be annotated in some case, it is in none of them`);
    }
  } else {
    try {
      const context = { seed: cohort.splitSeed, splits: dataset.splits };
      const { split, fraction } = cases;
      chosen = chooseCases(candidates.filter(useful), cases, context);
      bare = chooseCases(candidates.filter((one) => !useful(one)), { split, fraction }, context);
      if (chosen.length === 0) problems.push(`${place}: no case fits the rule ${JSON.stringify(cases)}`);
    } catch (error) {
      problems.push(`${place}: ${(error as Error).message}`);
    }
  }
  return { chosen, bare };
}

function namesByNumber(cohort: Cohort): Map<number, string> {
  return new Map(labelsOf(cohort).map(({ number, name }) => [number, name]));
}

/**
 * The study's cases of one dataset in one role. Listed cases must exist and have a shown organ annotated; by rule,
 * those without are passed over. Where unlabelled cases are used in training, both are unlabelled instead.
 */
export function selectCases(dataset: Dataset, options: SelectOptions): ChosenCases {
  const { entry, role, cohort, visible, nameCase } = options;
  const { chosen, bare } = choiceOf(dataset, options);
  const unlabelled = role === "training" && "unlabelled" in entry && entry.unlabelled === "use";
  const nameOf = namesByNumber(cohort);
  const values = matchOrgans(dataset, cohort, { organs: entry.organs, visible });
  const without = otherNames(cohort, entry);
  const scanOf = (one: Chosen): StudyScan => ({
    id: nameCase(dataset, one.scan),
    dataset: entry.name,
    subject: personOf(entry, one),
    image: one.scan.image,
    ...(cohort.groups ? { groups: groupsOf(cohort) } : {}),
  });
  const labelled = chosen.map((one): StudyCase => {
    const own = Object.entries(values).filter(([, number]) => one.annotated.includes(nameOf.get(number)!));
    return {
      ...scanOf(one),
      label: one.scan.label!,
      labelSet: [...new Set(own.map(([, number]) => number))].sort((a, b) => a - b),
      values: Object.fromEntries(own),
      ...(without.length > 0 ? { without } : {}),
      ...(dataset.ignored === undefined ? {} : { ignored: dataset.ignored }),
      declared: declaredValues(dataset),
    };
  });
  return { labelled, unlabelled: unlabelled ? bare.map(scanOf) : [] };
}
