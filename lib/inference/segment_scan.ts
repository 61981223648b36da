/**
 * A scan in its own orientation and spacing → a label map on the very same grid.
 *
 * @module
 */
import { preprocessImage } from "../data/store/preprocess.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { Scan } from "../imaging/load_scan.ts";
import { fromRas, orientationOf } from "../imaging/orientation.ts";
import { resampledAffine } from "../imaging/resample_grid.ts";
import type { Shape, Volume } from "../imaging/volume.ts";
import type { OrganRule } from "../models/postprocessing_rule.ts";
import { gridOf, postprocess } from "./postprocessing.ts";
import type { Predictor } from "./predictor.ts";
import { segment } from "./segment.ts";

export interface SegmentScanOptions {
  predictor: Predictor;
  preprocessing: Preprocessing;
  /** [depth, height, width] of a window on the network's grid, voxels. */
  window: Shape;
  /** What is taken away from the label map. @default nothing */
  postprocessing?: readonly OrganRule[] | undefined;
  /** Most memory for the rolling slab of probabilities, bytes. @default 2 GiB */
  byteBudget?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called after every window. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * @returns label codes on the scan's grid, with its affine
 * @throws RangeError when a voxel is not finite; the signal's reason when it is aborted
 */
export async function segmentScan(scan: Scan, options: SegmentScanOptions): Promise<Volume<Uint8Array>> {
  const image = preprocessImage(scan, options.preprocessing);
  const shape = rasShape(scan);
  const labels = await segment(image.data, { ...options, shape: image.shape, outputShape: shape });
  const map = fromRas({
    data: labels,
    shape,
    affine: resampledAffine(image.affine, { from: image.shape, to: shape }),
  }, scan);
  const { postprocessing = [] } = options;
  return postprocessing.length === 0
    ? map
    : { ...map, data: postprocess(map.data, postprocessing, gridOf(map)) };
}

/** The shape that a volume has once it is turned to RAS+, without turning it. */
function rasShape({ shape, affine }: Scan): Shape {
  const turned: Shape = [0, 0, 0];
  orientationOf(affine).forEach(({ axis }, from) => turned[2 - axis] = shape[2 - from]!);
  return turned;
}
