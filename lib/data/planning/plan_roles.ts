/**
 * Which datasets of a plan are learnt from, and which are only tested.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { organId } from "../organs/organ_name.ts";
import { annotatedIds } from "./plan_organs.ts";

export interface Roles {
  training: Dataset[];
  /** Only tested: nothing of them is looked at to plan. */
  tests: Dataset[];
  /** Why, where it was not asked for, as sentences. */
  notes: string[];
}

export interface RolesOptions {
  /** Learn from datasets that label every organ, too. @default false */
  trainAll?: boolean;
}

/**
 * A dataset that labels every organ, beside others that do not, is what a study of partial labels is measured by: learning from it would
 * take the question away, so it is only tested unless it is asked for.
 */
export function divideRoles(datasets: readonly Dataset[], { trainAll = false }: RolesOptions = {}): Roles {
  const organs = datasets.map(annotatedIds),
    every = organs.reduce((all, own) => all.union(own), new Set<string>());
  const full = datasets.filter((_, index) => organs[index]!.size === every.size);
  const names = full.map(({ name }) => name).join(", ");
  const partial = datasets.filter((dataset) => !full.includes(dataset));
  const onlyTested = partial.length > 0 && !trainAll ? full : [];
  const training = onlyTested.length > 0 ? partial : [...datasets], notes: string[] = [];
  if (partial.length === 0 && full.length > 1) {
    notes.push("every dataset labels every organ: nothing is partial here");
  } else if (onlyTested.length > 0) {
    notes.push(`${names} labels every organ: it is only tested; --train-all learns from it, too`);
  } else if (partial.length > 0 && full.length > 0) {
    notes.push(`${names} labels every organ, and is learnt from, as asked`);
  }
  if (training.length === 1) {
    notes.push(
      `${training[0]!.name} is alone: what learns from the differences of datasets wants two or more`,
    );
  }
  return { training, tests: onlyTested, notes };
}

/**
 * The dataset as if only some of its organs were annotated: what a study hides must not decide how it is planned.
 *
 * @param shown in any spelling
 * @throws Error when the dataset has none of that name
 */
export function showing(dataset: Dataset, shown: readonly string[]): Dataset {
  const known = new Map([...dataset.labels.values()].map((name) => [organId(name), name]));
  const unknown = shown.filter((name) => !known.has(organId(name)));
  if (unknown.length > 0) {
    throw new Error(
      `Cannot plan dataset ${dataset.name}: --show must name some of its organs (${
        [...known.values()].join(", ")
      }), it names ${unknown.join(", ")} (${dataset.folder})`,
    );
  }
  const names = new Set(shown.map((name) => known.get(organId(name))!));
  const cases = dataset.cases.map((one) => ({
    ...one,
    annotated: one.annotated.filter((name) => names.has(name)),
  }));
  return { ...dataset, cases };
}
