/**
 * From the data's fingerprint to a cohort that can be run.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import { median } from "simple-statistics";
import type { Shape, Spacing } from "../../imaging/volume.ts";
import type { Cohort } from "../cohorts/cohort.ts";
import { parseCohort } from "../cohorts/read_cohort.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { planCases } from "./plan_cases.ts";
import { planIntensity } from "./plan_intensity.ts";
import { annotatedOrgans, planOrgans } from "./plan_organs.ts";
import { planPatch } from "./plan_patch.ts";

export interface PlanOptions {
  /** The cohort's name. */
  name: string;
  /** Folders inside of it are written relative to it, others as absolute paths. */
  dataRoot: string;
  /** [z, y, x] in mm. @default the median over all scans */
  spacingMm?: Spacing | undefined;
}

const SPLIT_SEED = 1;

const medians = (rows: readonly (readonly number[])[]) =>
  [0, 1, 2].map((axis) => median(rows.map((row) => row[axis])));

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

/**
 * Plans a study of several datasets, every one showing all it annotates.
 *
 * @throws when they cannot be one study: CT mixed with MR, too few subjects
 */
export function planCohort(fingerprints: readonly Fingerprint[], options: PlanOptions): Cohort {
  const { name, dataRoot } = options;
  const datasets = fingerprints.map(({ dataset }) => dataset);
  const spacings = fingerprints.flatMap((one) => one.spacings);
  const spacingMm = options.spacingMm ?? medians(spacings).map(readable) as Spacing;
  const shapes = fingerprints.flatMap((one) =>
    one.shapes.map((shape, index) =>
      shape.map((size, axis) => Math.max(1, Math.round(size * one.spacings[index][axis] / spacingMm[axis])))
    )
  );
  const medianShape = medians(shapes).map(Math.round) as Shape;
  const organs = planOrgans(datasets, Math.max(1, Math.round(Math.min(...spacingMm))));
  const names = uniqueNames(datasets.map((dataset) => dataset.name));
  const cases = datasets.map((dataset) => planCases(dataset, SPLIT_SEED));
  const shown = datasets.map((dataset) => annotatedOrgans(dataset, organs));
  const plan = {
    name,
    description: `Planned from ${datasets.map(({ folder }) => folderName(folder, dataRoot)).join(", ")}.`,
    organs,
    splitSeed: SPLIT_SEED,
    datasets: datasets.map(({ folder }, index) => ({
      name: names[index],
      folder: folderName(folder, dataRoot),
      organs: shown[index],
      training: cases[index].training,
      validation: cases[index].validation,
    })),
    test: datasets.map(({ folder }, index) => ({
      name: names[index],
      folder: folderName(folder, dataRoot),
      cases: cases[index].test,
    })),
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
