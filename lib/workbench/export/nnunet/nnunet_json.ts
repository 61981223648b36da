/**
 * The JSON files of an exported nnU-Net dataset.
 *
 * @module
 */
import { namesOfLabels, type Study } from "../../../data/cohorts/study.ts";
import { withFold } from "../../../data/cohorts/fold.ts";
import type { NnunetCase, NnunetCases } from "./nnunet_cases.ts";
import type { NnunetLabels } from "./nnunet_labels.ts";

type Content = Pick<Study, "name" | "fold" | "organs" | "groups" | "preprocessing" | "training">;

/**
 * `dataset.json`: what nnU-Net wants, our extensions `annotated` and `splits` (dataset_json.ts), and under `consilium` what the trainer
 * wants to know besides. nnU-Net hands the file on to its trainers with all its keys.
 */
export function datasetJson(study: Content, { training, validation }: NnunetCases, labels: NnunetLabels) {
  const names = namesOfLabels(study), cases = [...training, ...validation];
  const { organs, groups = [], preprocessing, training: { foregroundShare } } = study;
  return {
    name: withFold(study.name, study.fold),
    channel_names: { "0": preprocessing.intensity.scheme === "ct" ? "CT" : "MRI" },
    labels: labels.values,
    numTraining: cases.length,
    file_ending: ".nii.gz",
    // Turns scans to RAS+, as ours are, and predictions back.
    overwrite_image_reader_writer: "NibabelIOWithReorient",
    annotated: Object.fromEntries(
      cases.map(({ name, scan }) => [name, scan.labelSet.map((number) => names.get(number)!)]),
    ),
    splits: { train: namesOf(training), validation: namesOf(validation) },
    consilium: {
      organs: organs.length,
      groups: Object.fromEntries(groups.map(({ number, parts }) => [labels.valueOf.get(number)!, parts])),
      sided: organs.some(({ number, mirror = number }) => mirror !== number),
      ...foregroundShare !== undefined && { foregroundShare },
    },
  };
}

/** `annotated.json`: case → values of the labels that are annotated in it. */
export function annotatedJson(
  { training, validation }: NnunetCases,
  { valueOf }: NnunetLabels,
): Record<string, number[]> {
  return Object.fromEntries(
    [...training, ...validation].map((
      { name, scan },
    ) => [name, scan.labelSet.map((number) => valueOf.get(number)!)]),
  );
}

/** `splits_final.json`: the study's split is fold 0, the only one. */
export function splitsJson({ training, validation }: NnunetCases) {
  return [{ train: namesOf(training), val: namesOf(validation) }];
}

function namesOf(cases: readonly NnunetCase[]): string[] {
  return cases.map(({ name }) => name);
}
