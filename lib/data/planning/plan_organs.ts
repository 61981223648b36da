/**
 * One vocabulary for several datasets.
 *
 * @module
 */
import type { Cohort } from "../cohorts/cohort.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { mirroredId, organId } from "../organs/organ_name.ts";

export type PlannedOrgan = Cohort["organs"][number];

/** Only what a cohort's names may hold: `Adrenal gland (left)` → `Adrenal_gland_left`. */
function tidy(name: string): string {
  const plain = name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_.+-]+/gu, "_").slice(0, 90)
    .replace(/^[^\p{L}\p{N}]+|_+$/gu, "");
  return plain || "organ";
}

/** Organs annotated in at least one labelled case. */
export function annotatedIds({ cases }: Dataset): Set<string> {
  return new Set(cases.filter(({ label }) => label).flatMap(({ annotated }) => annotated.map(organId)));
}

/** The name, or one made of it where another organ has it: `A/B` and `A_B` look alike when they are tidy. */
function unused(name: string, organs: ReadonlyMap<string, PlannedOrgan>): string {
  const taken = new Set([...organs.values()].map((organ) => organ.name));
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}.${count}`)) count++;
  return `${name}.${count}`;
}

/**
 * The organs annotated somewhere in the datasets. Names that are spellings of one organ (see organ_name.ts) are one and
 * carry the first spelling found; left and right are paired.
 *
 * @param toleranceMm NSD tolerance, the same for all
 */
export function planOrgans(datasets: readonly Dataset[], toleranceMm: number): PlannedOrgan[] {
  const organs = new Map<string, PlannedOrgan>();
  for (const dataset of datasets) {
    const annotated = annotatedIds(dataset);
    for (const spelling of dataset.labels.values()) {
      if (!annotated.has(organId(spelling))) continue;
      const id = organId(spelling);
      if (organs.has(id)) continue;
      const name = unused(tidy(spelling), organs);
      const alias = organId(name) === id ? {} : { aliases: [spelling] };
      organs.set(id, { name, ...alias, nsdToleranceMm: toleranceMm });
    }
  }
  for (const [, organ] of organs) {
    const other = organs.get(mirroredId(organ.aliases?.[0] ?? organ.name) ?? "");
    if (other) organ.mirror = other.name;
  }
  return [...organs.values()];
}

/** The organs that a dataset annotates somewhere, in the vocabulary's order and spelling. */
export function annotatedOrgans(dataset: Dataset, organs: readonly PlannedOrgan[]): string[] {
  const found = annotatedIds(dataset);
  return organs.filter(({ name, aliases = [] }) =>
    [name, ...aliases].some((text) => found.has(organId(text)))
  )
    .map(({ name }) => name);
}
