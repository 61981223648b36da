/**
 * Which of a dataset's labels are which of the cohort's organs and groups.
 *
 * @module
 */
import type { Cohort } from "./cohort.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Groups } from "../groups.ts";
import { FIRST_GROUP, type LabelSet } from "../label_set.ts";
import { organId } from "./organ_name.ts";

/** An organ of a cohort, or a group of them. */
export interface CohortLabel {
  /** Its code in label maps. */
  number: number;
  name: string;
  aliases: readonly string[];
  /** Numbers of a group's organs. */
  parts?: readonly number[];
}

/** All organs, then all groups. */
export function labelsOf({ organs, groups = [] }: Pick<Cohort, "organs" | "groups">): CohortLabel[] {
  const numberOf = (name: string) => organs.findIndex((organ) => organ.name === name) + 1;
  return [
    ...organs.map(({ name, aliases = [] }, index) => ({ number: index + 1, name, aliases })),
    ...groups.map(({ name, aliases = [], parts }, index) => ({
      number: FIRST_GROUP + index,
      name,
      aliases,
      parts: parts.map(numberOf),
    })),
  ];
}

/** The organs of each group, by its code. */
export function groupsOf(cohort: Pick<Cohort, "organs" | "groups">): Groups {
  return Object.fromEntries(labelsOf(cohort).flatMap(({ number, parts }) => parts ? [[number, parts]] : []));
}

/** A label of the cohort as a dataset has it. */
export interface MatchedLabel {
  name: string;
  /** Values in the dataset's label maps that it covers. */
  values: number[];
  /** The dataset's names that must all be annotated in a case, for the label to be: else the others were background. */
  needs: string[];
}

/** By code; what the dataset lacks is absent. A group is there by its own name, or where all of its organs are. */
export function matchLabels(dataset: Pick<Dataset, "labels">, cohort: Cohort): Map<number, MatchedLabel> {
  const matched = new Map<number, MatchedLabel>();
  for (const { number, name, aliases, parts = [] } of labelsOf(cohort)) {
    const ids = new Set([name, ...aliases].map(organId));
    const own = [...dataset.labels].filter(([, written]) => ids.has(organId(written)));
    const there = parts.flatMap((part) => matched.get(part) ?? []);
    const whole = parts.length > 0 && there.length === parts.length;
    if (own.length === 0 && !whole) continue;
    matched.set(number, {
      name,
      values: [...own.map(([value]) => value), ...there.flatMap(({ values }) => values)],
      needs: own.length > 0 ? own.map(([, written]) => written) : there.flatMap(({ needs }) => needs),
    });
  }
  return matched;
}

/** A dataset's label values → codes of the organs and groups in `visible` only; an organ's value is the organ's before a group's. */
export function matchOrgans(
  dataset: Pick<Dataset, "labels">,
  cohort: Cohort,
  visible: LabelSet,
): Record<number, number> {
  const values: Record<number, number> = {};
  for (const [number, label] of matchLabels(dataset, cohort)) {
    if (!visible.includes(number)) continue;
    for (const value of label.values) values[value] ??= number;
  }
  return values;
}
