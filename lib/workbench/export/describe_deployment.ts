/**
 * What a program must do around exported networks so that it predicts as Consilium does.
 *
 * @module
 */
import { GAUSSIAN, OVERLAP } from "../../inference/windows.ts";
import type { BundleFile, ListedModel } from "../../models/bundle_file.ts";
import { ownersOf } from "../../models/inference_rule.ts";
import { IMAGE } from "../../models/onnx/onnx_model.ts";
import { describeRule, takesAway } from "../../models/postprocessing_rule.ts";

/** A network's file. */
export interface ExportedModel {
  model: ListedModel;
  /** Its name in the folder. */
  file: string;
  sha256: string;
  /** Names of its outputs. */
  outputs: readonly string[];
}

export interface DescribeDeploymentOptions {
  bundle: BundleFile;
  /** Those that were exported. */
  exported: readonly ExportedModel[];
  /** Names of those that predict. */
  predicting: readonly string[];
  /** Of the run, as `phantom/mutual/default/v001`. */
  run: string;
}

/** As it stands in model.json. All triples are [depth, height, width], which are z, y and x. */
export function describeDeployment({ bundle, exported, predicting, run }: DescribeDeploymentOptions) {
  const { organs, network, preprocessing: { spacingMm }, window, postprocessing = [] } = bundle;
  const multiple = [0, 1, 2].map((axis) => network.strides.reduce((all, stride) => all * stride[axis]!, 1));
  return {
    run,
    organs,
    files: exported.map((one) => describeFile(bundle, one)),
    input: {
      name: IMAGE,
      type: "float32",
      axes: ["batch", "channel", "depth", "height", "width"],
      channels: ["scan"],
      orientation: "RAS+: width grows to the right, height to the front, depth to the head",
      window,
      sizes_are_multiples_of: multiple,
      sizes_note:
        "Any batch and any such sizes are computed; the network was trained on, and is asked by, windows of `window`.",
    },
    preprocessing: {
      order: ["orientation", "spacing", "intensity"],
      spacing_mm: spacingMm,
      resampling:
        "trilinear; an axis of n voxels at spacing s has max(1, round(n * s / spacing_mm)) over the same box, from voxel edge " +
        "to voxel edge (PyTorch: align_corners=False, SciPy: grid_mode=True, mode='nearest')",
      intensity: describeIntensity(bundle),
    },
    windows: {
      size: window,
      overlap: OVERLAP,
      placing:
        "on each axis n = ceil((length - size) / floor(size * (1 - overlap))) + 1 windows, window i from " +
        "round(i * (length - size) / (n - 1)) on; an axis that is shorter than the window lies in its middle",
      outside: 0,
      weights: "gaussian",
      sigma_of_size: GAUSSIAN.sigmaShare,
      least_weight: GAUSSIAN.least,
    },
    combination: describeCombination(bundle, predicting),
    decision: describeDecision(bundle, exported.find(({ model }) => model.name === predicting[0])!),
    postprocessing: postprocessing.filter(takesAway).map((rule) => ({
      organ: rule.organ,
      largest: rule.largest,
      minimum_mm3: rule.minimumMm3,
      keeps: describeRule(rule),
    })),
    postprocessing_note:
      "On the scan's own grid, organ by organ; voxels are neighbours by their faces, edges and corners. What is not " +
      "kept becomes background.",
    precision: {
      weights: "float32",
      trained_in: network.precision ?? "float32",
      ...network.precision === "bfloat16" && {
        note:
          "Consilium computes the convolutions in bfloat16 where the processor can: its probabilities differ by those roundings.",
      },
    },
  };
}

function describeFile({ organs }: BundleFile, { model, file, sha256, outputs }: ExportedModel) {
  const nameOf = (organ: number) => organs.find(({ number }) => number === organ)!.name;
  return {
    file,
    sha256,
    model: model.name,
    head: model.head.kind,
    outputs,
    channels: ["background", ...model.organs.map(nameOf)],
    organs_of_channels: [0, ...model.organs],
    validation_dice: Number.isFinite(model.validationDice) ? model.validationDice : null,
    ...model.prompts > 0 && {
      prompts:
        `the network's ${model.prompts} channels of prompts are zeros inside the file, as where a scan comes alone`,
    },
  };
}

function describeIntensity({ preprocessing: { intensity } }: BundleFile) {
  if (intensity.scheme === "mr") {
    return { scheme: "mr", formula: "(x - mean) / max(std, 1e-8), of all voxels of the resampled scan" };
  }
  const { clipHu, mean, std } = intensity;
  return {
    scheme: "ct",
    clip_hu: clipHu,
    mean,
    std,
    formula: "(min(max(x, clip_hu[0]), clip_hu[1]) - mean) / std",
  };
}

/** How the networks become one prediction of a window. */
function describeCombination({ inference, organs, models }: BundleFile, predicting: readonly string[]) {
  if (inference !== "merged") {
    const how = inference === "best"
      ? "one network predicts: that of the highest validation_dice"
      : "the mean of what the networks say of a window";
    return { rule: inference, models: predicting, how };
  }
  return {
    rule: inference,
    models: predicting,
    how:
      "an organ's probability in a window is the mean of its channel in the probabilities of `owners`; background's is 1 minus the " +
      "largest of all organs'",
    owners: organs.map(({ number }) => ({
      organ: number,
      channels: ownersOf(models, number).map(({ name, organs }) => ({
        model: name,
        channel: organs.indexOf(number) + 1,
      })),
    })),
  };
}

/** @param one of the networks that predict; those that do so by their mean have one kind of head */
function describeDecision({ inference }: BundleFile, { outputs }: ExportedModel) {
  const output = inference === "merged" ? "combination" : outputs.at(-1)!;
  return {
    output,
    rule: "argmax; of equal classes the lower one",
    how:
      "windows are averaged by their weights, the mean is interpolated linearly to the scan's grid, and the class of the largest " +
      "value there is the voxel's",
  };
}
