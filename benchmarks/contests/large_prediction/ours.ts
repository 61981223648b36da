/**
 * Predicts a scan of prepare.ts as `task predict` does, from its file to the file of its labels.
 *
 * deno run -A ours.ts <folder> <slices> <spacing of the network's grid in mm, or "own">
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import type { Spacing } from "../../../lib/imaging/volume.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { predictorOf } from "../../../lib/inference/predictor.ts";
import { segmentScan } from "../../../lib/inference/segment_scan.ts";

const [folder, slices, spacing] = Deno.args;
const ORGANS = 60;

await serveContestant(() => {
  const organs = Array.from({ length: ORGANS }, (_, i) => i + 1);
  const model = createUnet({
    classes: ORGANS + 1,
    widths: [8, 16, 32],
    strides: [[2, 2, 2], [2, 2, 2]],
    seed: 1,
  });
  const models = [{ name: "net", model, organs, validationDice: 1 }];
  const spacingMm: Spacing = spacing === "own"
    ? [1, 0.75, 0.75]
    : [Number(spacing), Number(spacing), Number(spacing)];
  const options = {
    predictor: predictorOf(models, { inference: "best", organCount: ORGANS }),
    preprocessing: {
      spacingMm,
      intensity: { scheme: "ct" as const, clipHu: [-1000, 1000] as const, mean: 0, std: 200 },
    },
    window: [64, 64, 64] as [number, number, number],
  };
  return Promise.resolve(async () => {
    const scan = await loadScan(join(folder, `scan${slices}.nii`));
    const reports: number[] = [];
    const labels = await segmentScan(scan, {
      ...options,
      onProgress: (done, total) => void reports.push(done / total),
    });
    await writeNifti(join(folder, `labels${slices}.nii.gz`), labels, { like: scan.header });
    return [reports.length, reports.at(-1)!, ...labels.shape, new Set(labels.data).size];
  });
});
