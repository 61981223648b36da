/**
 * Cohorts for pilots: what is scored in them is no test scan, so that an experiment can be planned without a look at those.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Cohort } from "../../data/cohorts/cohort.ts";

/** Added to a phantom's seed: other people, on whom nothing is ever reported. */
const OTHER_PEOPLE = 10;

type TestSet = Cohort["test"][number];
type Cases = TestSet["cases"];

/**
 * Validation scans of a cohort's datasets as test sets, named like them: those of the second half of the subjects, which choose nothing
 * in a {@linkcode pilotCohort}. Scored are the organs that the dataset shows, since of others a validation scan knows nothing. Where a
 * dataset is of scribbles beside the dense label maps of a test set, these are scored, as they are in the card.
 *
 * @param known organs and groups; datasets that list another one have no test set
 */
export function pilotTests(
  { datasets, test }: Pick<Cohort, "datasets" | "test">,
  known: ReadonlySet<string>,
): TestSet[] {
  const scored = (folder: string) =>
    test.some((set) => set.folder === dirname(folder)) ? dirname(folder) : folder;
  return datasets.filter(({ organs }) => organs.every((name) => known.has(name))).map((
    { name, folder, subject, organs, validation },
  ) => ({ name, folder: scored(folder), ...subject && { subject }, organs, cases: halfOf(validation, 1) }));
}

/**
 * The cohort as a pilot: a phantom of other people, or, of scans that are read, the first half of validation for choosing, and for scoring
 * `tests`.
 */
export function pilotCohort(cohort: Cohort, tests: readonly TestSet[]): Cohort {
  const name = `${cohort.name}_pilot`, { generator } = cohort;
  if (generator) {
    const { phantom } = generator;
    return { ...cohort, name, generator: { phantom: { ...phantom, seed: phantom.seed + OTHER_PEOPLE } } };
  }
  const datasets = cohort.datasets.map((dataset) => ({
    ...dataset,
    validation: halfOf(dataset.validation, 0),
  }));
  return { ...cohort, name, datasets, test: [...tests] };
}

/** Of a list its first or second half; of a rule the half of the subjects that lies lower or higher, and of their scans. */
function halfOf(cases: Cases, half: 0 | 1): Cases {
  if (Array.isArray(cases)) {
    const middle = Math.ceil(cases.length / 2);
    return half === 0 ? cases.slice(0, middle) : cases.slice(middle);
  }
  const { fraction: [low, high] = [0, 1], count, ...rule } = cases, middle = (low + high) / 2;
  return {
    ...rule,
    fraction: half === 0 ? [low, middle] : [middle, high],
    ...count !== undefined && { count: Math.max(1, Math.round(count / 2)) },
  };
}
