/**
 * From the data's fingerprint to a cohort that can be run.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import { median } from "simple-statistics";
import type { Shape, Spacing } from "../../imaging/volume.ts";
import type { Cohort } from "../cohorts/cohort.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { parseCohort } from "../cohorts/read_cohort.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { planCases } from "./plan_cases.ts";
import { planIntensity } from "./plan_intensity.ts";
import { annotatedOrgans, type PlannedOrgan, planOrgans } from "./plan_organs.ts";
import { planPatch } from "./plan_patch.ts";

export interface PlanOptions {
  /** The cohort's name. */
  name: string;
  /** Folders inside of it are written relative to it, others as absolute paths. */
  dataRoot: string;
  /** Only tested, whole. @default [] */
  tests?: readonly Dataset[];
  /** [z, y, x] in mm. @default the median over all scans */
  spacingMm?: Spacing | undefined;
}

const SPLIT_SEED = 1;

const medians = (rows: readonly (Shape | Spacing)[]) =>
  eachAxis((axis) => median(rows.map((row) => row[axis])));

/** Three significant digits: no scan's spacing is known better, and the file stays readable. */
const readable = (value: number) => Number(value.toPrecision(3));

function folderName(folder: string, dataRoot: string): string {
  const inside = relative(resolve(dataRoot), resolve(folder));
  return inside === "" || inside.startsWith("..") ? resolve(folder) : inside;
}

/** Datasets' names as a cohort may have them, none twice. */
function uniqueNames(names: readonly string[]): string[] {
  const tidy = names.map((name) => name.replace(/[^\w.-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "") || "dataset");
  return tidy.map((name, index) => {
    const earlier = tidy.slice(0, index).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}_${earlier + 1}`;
  });
}

/** @throws Error when the label maps of a dataset are all background */
function requireOrgans(fingerprints: readonly Fingerprint[]): void {
  for (const { dataset: { name, folder, labels }, present } of fingerprints) {
    if (present.size > 0) continue;
    throw new Error(
      `Cannot plan dataset ${name}: its label maps must show organs, none has a voxel of ${
        [...labels.values()].join(", ")
      } (${folder})`,
    );
  }
}

/** @throws Error when a dataset that is to be tested labels nothing that can be learnt */
function requireShared(tests: readonly Dataset[], organs: readonly PlannedOrgan[]): void {
  for (const test of tests) {
    if (annotatedOrgans(test, organs).length > 0) continue;
    const list = (names: Iterable<string>) => [...names].join(", ");
    throw new Error(
      `Cannot plan: a dataset to test must label an organ that the others show (${
        list(organs.map(({ name }) => name))
      }), ${test.name} labels ${list(test.labels.values())} (${test.folder})`,
    );
  }
}

/** Organs that are annotated and never there. */
export function absenceNotes(fingerprints: readonly Fingerprint[]): string[] {
  return fingerprints.flatMap(({ dataset: { name, cases, labels }, present }) =>
    [...labels.values()].flatMap((organ) => {
      const annotated = cases.filter((one) =>
        one.label !== undefined && one.annotated.includes(organ)
      ).length;
      return annotated > 0 && !present.has(organ)
        ? [`${organ} is annotated in ${annotated} cases of ${name} and has no voxel in any of them`]
        : [];
    })
  );
}

/**
 * Plans a study of several datasets, every one showing all it annotates.
 *
 * @throws when they cannot be one study: CT mixed with MR, too few subjects, label maps without anything
 */
export function planCohort(fingerprints: readonly Fingerprint[], options: PlanOptions): Cohort {
  requireOrgans(fingerprints);
  const { name, dataRoot } = options;
  const datasets = fingerprints.map(({ dataset }) => dataset);
  const spacings = fingerprints.flatMap((one) => one.spacings);
  const spacingMm = options.spacingMm ?? medians(spacings).map(readable) as Spacing;
  const shapes = fingerprints.flatMap((one) =>
    one.shapes.map((shape, index) => {
      const spacing = one.spacings[index]!;
      return eachAxis((axis) => Math.max(1, Math.round(shape[axis] * spacing[axis] / spacingMm[axis])));
    })
  );
  const medianShape = medians(shapes).map(Math.round) as Shape;
  const organs = planOrgans(datasets, Math.max(1, Math.round(Math.min(...spacingMm))));
  const tests = options.tests ?? [], all = [...datasets, ...tests];
  requireShared(tests, organs);
  const names = uniqueNames(all.map((dataset) => dataset.name));
  const named = (dataset: Dataset, index: number) => {
    return { name: names[index]!, folder: folderName(dataset.folder, dataRoot) };
  };
  const parts = datasets.map((dataset, index) => ({
    named: named(dataset, index),
    cases: planCases(dataset, SPLIT_SEED),
    shown: annotatedOrgans(dataset, organs),
  }));
  const plan = {
    name,
    description: `Planned from ${all.map(({ folder }) => folderName(folder, dataRoot)).join(", ")}.`,
    organs,
    splitSeed: SPLIT_SEED,
    datasets: parts.map(({ named, cases: { training, validation }, shown }) => {
      return { ...named, organs: shown, training, validation };
    }),
    test: [
      ...parts.map(({ named, cases }) => ({ ...named, cases: cases.test })),
      ...tests.map((dataset, index) => ({ ...named(dataset, datasets.length + index), cases: {} })),
    ],
    preprocessing: { spacingMm, intensity: planIntensity(fingerprints) },
    ...planPatch(medianShape, spacingMm),
    training: {
      batchSize: 1,
      partialOrganSteps: 500,
      fullOrganSteps: 600,
      learningRate: 0.005,
      warmupSteps: 20,
      validateEvery: 100,
    },
  };
  return parseCohort(plan, name);
}
