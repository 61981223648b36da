/**
 * What a cohort's schema cannot say of augmentation: ranges must not fall, elastic deformation must fit its grid and the voxels, organs of a
 * side must have their mirror images.
 *
 * @module
 */
import { augmentationWith, ELASTIC_LIMIT } from "../patches/augment_options.ts";
import { organKey } from "../organs/organ_name.ts";
import type { Cohort } from "./cohort.ts";

type Settings = Pick<Cohort, "training" | "preprocessing" | "organs">;

/** One line a contradiction, each beginning with its place in the JSON. */
export function augmentationProblems(cohort: Settings): string[] {
  return [...rangeProblems(cohort), ...elasticProblems(cohort), ...mirrorProblems(cohort)];
}

const place = (key: string) => `training.augmentation.${key}`;

function rangeProblems({ training: { augmentation = {} } }: Settings): string[] {
  return Object.entries(augmentation).flatMap(([key, value]) =>
    Array.isArray(value) && value[0] > value[1]
      ? [`${place(key)}: must not fall from lowest to highest, is [${value.join(", ")}]`]
      : []
  );
}

/** A left organ, mirrored, is a right one, whether the cohort knows that or not. */
function mirrorProblems({ training: { augmentation = {} }, organs }: Settings): string[] {
  if (augmentationWith(augmentation).mirror === 0) return [];
  return organs.filter(({ name, mirror }) => organKey(name).side && mirror === undefined).map(({ name }) =>
    `${
      place("mirror")
    }: must be 0, or left out, since ${name} has a side by its name and no organ as its mirror image`
  );
}

/** Of what is never drawn, nothing can be wrong. */
function elasticProblems({ training: { augmentation = {} }, preprocessing }: Settings): string[] {
  const { elastic, elasticSpacingMm, elasticMm } = augmentationWith(augmentation);
  if (elastic === 0) return [];
  const usual = (key: keyof typeof augmentation) =>
    augmentation[key] === undefined ? ", as usual where it is left out" : "";
  const problems: string[] = [];
  // Between nearer control points there is no voxel to displace, and their number grows beyond what memory holds.
  const edge = Math.max(...preprocessing.spacingMm);
  if (elasticSpacingMm < edge) {
    problems.push(
      `${
        place("elasticSpacingMm")
      }: must be a voxel's longest edge (${edge}, of preprocessing.spacingMm) at least, is ` +
        `${elasticSpacingMm}${usual("elasticSpacingMm")}`,
    );
  }
  // Of displacements that are mostly clipped, hardly one would be as far as the cohort says.
  const most = ELASTIC_LIMIT * elasticSpacingMm;
  if (Math.max(...elasticMm) > most) {
    problems.push(
      `${place("elasticMm")}: must be ${ELASTIC_LIMIT} · elasticSpacingMm (${+most.toFixed(3)}` +
        `${usual("elasticSpacingMm")}) at most, since farther displacements are clipped; is ` +
        `[${elasticMm.join(", ")}]${usual("elasticMm")}`,
    );
  }
  return problems;
}
