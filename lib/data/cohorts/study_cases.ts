/**
 * Choosing the cases of one dataset in one role, and masking their organs.
 *
 * @module
 */
import { basename } from "@std/path";
import { didYouMean } from "../../text/unknown_name.ts";
import { type Candidate, chooseCases } from "./case_rule.ts";
import type { Cohort, SubjectRule } from "./cohort.ts";
import type { Dataset, DatasetCase } from "../datasets/dataset.ts";
import type { LabelSet, OrganNumber } from "../label_set.ts";
import { organId } from "./organ_name.ts";
import type { Assignment } from "./splits.ts";
import type { StudyCase } from "./study.ts";
import { subjectOf } from "./subject.ts";

/** A dataset's label values → the cohort's organs, for the organs in `visible` only. */
export function matchOrgans(
  dataset: Pick<Dataset, "labels">,
  cohort: Cohort,
  visible: LabelSet,
): Record<number, OrganNumber> {
  const numbers = new Map<string, OrganNumber>();
  cohort.organs.forEach(({ name, aliases = [] }, index) => {
    for (const spelling of [name, ...aliases]) numbers.set(organId(spelling), index + 1);
  });
  const values: Record<number, OrganNumber> = {};
  for (const [value, name] of dataset.labels) {
    const number = numbers.get(organId(name));
    if (number !== undefined && visible.includes(number)) values[value] = number;
  }
  return values;
}

export interface SelectOptions {
  entry: Cohort["datasets"][number] | Cohort["test"][number];
  role: Assignment["role"];
  cohort: Cohort;
  /** Organs of which a case must have one, to be chosen by a rule. */
  shown: LabelSet;
  /** Organs its label set may hold. */
  visible: LabelSet;
  /** Ids that other folders of the study use too. */
  shared: ReadonlySet<string>;
  /** The folder's subject rule. @default undefined */
  subject?: SubjectRule;
  /** Receives what is wrong. */
  problems: string[];
}

interface Chosen extends Candidate {
  scan: DatasetCase;
}

function candidatesOf(dataset: Dataset, options: SelectOptions, place: string): Chosen[] {
  const { cohort, entry, problems } = options;
  const all = cohort.organs.map((_, index) => index + 1);
  const namesOf = Map.groupBy(Object.entries(matchOrgans(dataset, cohort, all)), ([, number]) => number);
  // An organ in several parts (lobes, say) is annotated only where every part is: else the others were background.
  const organs = [...namesOf].map(([number, values]) => ({
    organ: cohort.organs[number - 1].name,
    parts: values.map(([value]) => dataset.labels.get(Number(value))!),
  }));
  const unreadable: string[] = [];
  const candidates = dataset.cases.flatMap((scan): Chosen[] => {
    try {
      const subject = subjectOf(scan, entry.subject ?? options.subject);
      const annotated = organs.flatMap(({ organ, parts }) =>
        parts.every((part) => scan.annotated.includes(part)) ? [organ] : []
      );
      return scan.label ? [{ id: scan.id, subject, annotated, scan }] : [];
    } catch (error) {
      unreadable.push((error as Error).message);
      return [];
    }
  });
  if (unreadable.length > 0) problems.push(`${place}: ${unreadable[0]} (and ${unreadable.length - 1} more)`);
  return candidates;
}

function listed(candidates: Chosen[], ids: string[], place: string, problems: string[]): Chosen[] {
  return ids.flatMap((id) => {
    const found = candidates.find((candidate) => candidate.id === id);
    if (!found) {
      const advice = didYouMean(id, candidates.map((candidate) => candidate.id));
      problems.push(`${place}: no labelled case is called ${id}${advice}`);
    }
    return found ?? [];
  });
}

/**
 * The study's cases of one dataset in one role. Listed cases must exist and have a shown organ annotated; by rule,
 * those without are passed over.
 */
export function selectCases(dataset: Dataset, options: SelectOptions): StudyCase[] {
  const { entry, role, cohort, shown, visible, shared, problems } = options;
  const place = role === "test" ? `test set ${entry.name}` : `${role} of ${entry.name}`;
  const cases = "cases" in entry ? entry.cases : entry[role as "training" | "validation"];
  const names = new Set(shown.map((number) => cohort.organs[number - 1].name));
  const useful = ({ annotated }: Candidate) => annotated.some((organ) => names.has(organ));
  const candidates = candidatesOf(dataset, options, place);
  let chosen: Chosen[] = [];
  if (Array.isArray(cases)) {
    chosen = listed(candidates, cases, place, problems);
    const bare = chosen.filter((candidate) => !useful(candidate)).map(({ id }) => id);
    if (bare.length > 0) problems.push(`${place}: none of the organs is annotated in ${bare.join(", ")}`);
  } else {
    try {
      const context = { seed: cohort.splitSeed, splits: dataset.splits };
      chosen = chooseCases(candidates.filter(useful), cases, context);
      if (chosen.length === 0) problems.push(`${place}: no case fits the rule ${JSON.stringify(cases)}`);
    } catch (error) {
      problems.push(`${place}: ${(error as Error).message}`);
    }
  }
  const values = matchOrgans(dataset, cohort, visible);
  return chosen.map(({ id, subject, annotated, scan }): StudyCase => {
    const own = Object.entries(values).filter(([, number]) =>
      annotated.includes(cohort.organs[number - 1].name)
    );
    return {
      id: shared.has(id) ? `${basename(dataset.folder)}_${id}` : id,
      dataset: entry.name,
      // Ids of different folders are different people, unless the datasets name the people themselves.
      subject: scan.subject ?? `${entry.folder}/${subject}`,
      image: scan.image,
      label: scan.label!,
      labelSet: [...new Set(own.map(([, number]) => number))].sort((a, b) => a - b),
      values: Object.fromEntries(own),
    };
  });
}
