/**
 * nnU-Net's plan with our network: what of its `nnUNetPlans.json` is changed, so that its trainer, loss and augmentation meet the
 * cohort's network, spacing, patch and batch.
 *
 * @module
 */
import type { Study } from "../../lib/data/cohorts/study.ts";

/** nnU-Net turns a stack of U-Net levels into this form; each level has two convolutions 3×3×3, as ours has. */
const CONVOLUTIONS = 2, KERNEL = [3, 3, 3];

/** A step of ours sees a batch of every dataset. */
export function patchesPerUpdate({ datasets, training }: Pick<Study, "datasets" | "training">): number {
  return datasets.length * training.batchSize;
}

/** Keys of the plan, and of its configuration `3d_fullres` (of the architecture within), with their new values. */
export function planChanges(
  study: Pick<Study, "datasets" | "training" | "network" | "patch" | "preprocessing">,
) {
  const { widths, strides } = study.network;
  return {
    // Our axes are those of RAS+, in the order that nnU-Net's reader gives.
    plan: { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] },
    configuration: {
      spacing: study.preprocessing.spacingMm,
      patch_size: study.patch,
      batch_size: patchesPerUpdate(study),
    },
    architecture: {
      n_stages: widths.length,
      features_per_stage: widths,
      kernel_sizes: widths.map(() => KERNEL),
      strides: [[1, 1, 1], ...strides],
      n_conv_per_stage: widths.map(() => CONVOLUTIONS),
      n_conv_per_stage_decoder: strides.map(() => CONVOLUTIONS),
    },
  };
}
