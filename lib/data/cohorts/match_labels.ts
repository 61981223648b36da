/**
 * Which of a dataset's labels are which of the cohort's organs and groups.
 *
 * @module
 */
import type { Cohort } from "./cohort.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Groups } from "../groups.ts";
import { FIRST_GROUP, type LabelSet } from "../label_set.ts";
import { organId } from "../organs/organ_name.ts";

/** An organ of a cohort, or a group of them. */
export interface CohortLabel {
  /** Its code in label maps. */
  number: number;
  name: string;
  aliases: readonly string[];
  /** Numbers of a group's organs, and of those that an organ stands for. */
  parts?: readonly number[];
}

/** All organs, those that stand for others last, then all groups. */
export function labelsOf({ organs, groups = [] }: Pick<Cohort, "organs" | "groups">): CohortLabel[] {
  const numberOf = (name: string) => organs.findIndex((organ) => organ.name === name) + 1;
  const own = organs.map(({ name, aliases = [], standsFor }) => ({
    number: numberOf(name),
    name,
    aliases,
    ...standsFor && { parts: standsFor.map(numberOf) },
  }));
  return [
    ...own.filter(({ parts }) => !parts),
    ...own.filter(({ parts }) => parts),
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
  const all = labelsOf(cohort).filter(({ number }) => number >= FIRST_GROUP);
  return Object.fromEntries(all.map(({ number, parts }) => [number, parts!]));
}

/** A label of the cohort as a dataset has it. */
export interface MatchedLabel {
  name: string;
  /** Values in the dataset's label maps that it covers. */
  values: number[];
  /** The dataset's names that must all be annotated in a case, for the label to be: else the others were background. */
  needs: string[];
}

/** Which organs and groups an entry of the cohort lists. */
export type Listed = Pick<Cohort["test"][number], "organs">;

/**
 * By code; what the dataset lacks is absent. A group is there by its own name, or where all of its organs are; likewise an organ that
 * stands for others. Of an organ's names only the listed one is there.
 */
export function matchLabels(
  dataset: Pick<Dataset, "labels">,
  cohort: Cohort,
  listed: Listed,
): Map<number, MatchedLabel> {
  const matched = new Map<number, MatchedLabel>();
  const byId = Map.groupBy(dataset.labels, ([, written]) => organId(written));
  for (const { number, name, aliases, parts = [] } of labelsOf(cohort)) {
    const ids = new Set([name, ...aliases].map(organId));
    const own = [...ids].flatMap((id) => byId.get(id) ?? []).sort(([a], [b]) => a - b);
    const there = parts.flatMap((part) => matched.get(part) ?? []);
    const whole = parts.length > 0 && there.length === parts.length;
    if (own.length === 0 && !whole) continue;
    matched.set(number, {
      name,
      values: [...own.map(([value]) => value), ...there.flatMap(({ values }) => values)],
      needs: own.length > 0 ? own.map(([, written]) => written) : there.flatMap(({ needs }) => needs),
    });
  }
  for (const organ of otherNames(cohort, listed)) matched.delete(organ);
  return matched;
}

/**
 * Organs that are called otherwise where an entry's list holds: those that a listed one stands for, and all that stand for others and
 * are not listed.
 */
export function otherNames({ organs }: Pick<Cohort, "organs">, { organs: listed = [] }: Listed): LabelSet {
  const standIns = labelsOf({ organs }).filter(({ parts }) => parts);
  const others = standIns.flatMap(({ number, name, parts }) => listed.includes(name) ? parts! : [number]);
  return [...new Set(others)].sort((a, b) => a - b);
}

/** A dataset's label values → codes of the organs and groups in `visible` only; an organ's value is the organ's before a group's. */
export function matchOrgans(
  dataset: Pick<Dataset, "labels">,
  cohort: Cohort,
  { visible, ...listed }: Listed & { visible: LabelSet },
): Record<number, number> {
  const values: Record<number, number> = {};
  for (const [number, label] of matchLabels(dataset, cohort, listed)) {
    if (!visible.includes(number)) continue;
    for (const value of label.values) values[value] ??= number;
  }
  return values;
}
