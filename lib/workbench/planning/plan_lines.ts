/**
 * What is said of a planned cohort.
 *
 * @module
 */
import type { Cohort } from "../../data/cohorts/cohort.ts";
import type { Study } from "../../data/cohorts/study.ts";
import { type OrganVectors, readOrganVectors } from "../../data/organ_vectors.ts";
import { sideNotes } from "../../data/organs/organ_notes.ts";
import type { Fingerprint } from "../../data/planning/fingerprint.ts";
import { absenceNotes } from "../../data/planning/plan.ts";
import { estimateCost } from "../../data/planning/plan_estimate.ts";
import { intensityNotes } from "../../data/planning/plan_intensity.ts";
import { proposeSameOrgans } from "../../data/planning/same_organ.ts";
import { vectorsPath } from "../project.ts";

export interface Planned {
  cohort: Cohort;
  /** Its cases. */
  study: Study;
  /** Of its training datasets. */
  fingerprints: readonly Fingerprint[];
  /** What else there is to say. */
  notes: readonly string[];
}

/** Fewer validation scans choose weights and postprocessing by chance. */
const FEW_VALIDATION = 3;

/** A median scan of more voxels at the planned spacing draws advice: a patch would see little of it. */
const LARGE_VOXELS = 4e6;

/** Lines of a terminal: who is where, what is odd, how it is computed, and how long. */
export async function planLines(planned: Planned): Promise<string[]> {
  const notes = [...oddities(planned), ...await sameOrganNotes(planned.cohort)];
  return [
    ...datasetLines(planned),
    ...notes.map((note) => `note: ${note}`),
    ...settingLines(planned.cohort),
    ...medianVoxels(planned) > LARGE_VOXELS
      ? ["note: a patch sees little of such large scans; a coarser --spacing would train faster"]
      : [],
  ].map((line) => `  ${line}`);
}

function datasetLines({ cohort, study }: Planned): string[] {
  const tested = (name: string) => study.test.filter(({ dataset }) => dataset === name).length;
  const training = study.datasets.map(({ name, organs, training, validation }) => {
    const shown = organs.map((number) => study.organs[number - 1]!.name).join(", ");
    const counts = `${training.length} training, ${validation.length} validation, ${tested(name)} test`;
    return `${name}: ${counts}; shows ${shown}`;
  });
  const others = cohort.test.filter(({ name }) => !cohort.datasets.some((one) => one.name === name));
  return [...training, ...others.map(({ name }) => `${name}: only tested, ${tested(name)} scans`)];
}

function oddities({ cohort, study, fingerprints, notes }: Planned): string[] {
  const few = study.datasets.filter(({ validation }) => validation.length < FEW_VALIDATION);
  return [
    ...notes,
    ...few.map(({ name, validation: { length } }) =>
      `${name} has ${length} validation ${
        length === 1 ? "scan" : "scans"
      }: what is chosen by them is chosen by chance`
    ),
    ...study.warnings,
    ...sideNotes(cohort.organs),
    ...intensityNotes(fingerprints),
    ...absenceNotes(fingerprints),
    ...fingerprints.flatMap(({ notes }) => notes),
  ];
}

async function sameOrganNotes({ organs, datasets }: Cohort): Promise<string[]> {
  const names = organs.map(({ name }) => name);
  let vectors: OrganVectors;
  try {
    vectors = await readOrganVectors(vectorsPath("organs"), names);
  } catch (error) {
    // A hint that cannot be given is no reason not to plan.
    return [`nobody can say which organs may be one: ${(error as Error).message}`];
  }
  const proposed = proposeSameOrgans(names, { vectors, datasets: datasets.map(({ organs }) => organs) });
  return proposed.map(({ names: [one, other], cosine }) =>
    `${one} and ${other} may be one organ (cosine of the names ${cosine.toFixed(2)}); ` +
    "if they are, make one of them an alias of the other"
  );
}

function settingLines(cohort: Cohort): string[] {
  const { preprocessing: { spacingMm, intensity }, patch, network, training } = cohort;
  const scheme = intensity.scheme === "ct"
    ? `CT clipped to ${intensity.clipHu.join("…")} HU`
    : "z-score by scan";
  const { hours, memoryMib, passSeconds } = estimateCost(cohort);
  const steps = `${training.partialOrganSteps} + ${training.fullOrganSteps} steps`;
  const time = hours < 1 ? `${Math.max(1, Math.round(60 * hours))} min` : `${hours.toFixed(1)} h`;
  return [
    `spacing ${spacingMm.join(" × ")} mm [z, y, x]; ${scheme}`,
    `patch ${patch.join(" × ")}, widths ${network.widths.join("-")}`,
    `about ${(memoryMib / 1024).toFixed(1)} GiB of memory and ${time} for one arm (${steps},`,
    `${passSeconds.toFixed(2)} s a pass), extrapolated from a measured step on two cores without a GPU`,
  ];
}

function medianVoxels({ cohort: { preprocessing: { spacingMm } }, fingerprints }: Planned): number {
  const volumes = fingerprints.flatMap(({ shapes, spacings }) =>
    shapes.map((shape, i) =>
      shape.reduce((product, size, axis) => product * size * spacings[i]![axis]! / spacingMm[axis]!, 1)
    )
  ).sort((a, b) => a - b);
  return volumes[Math.floor(volumes.length / 2)]!;
}
