/**
 * Label maps from probabilities: on the network's own grid, or on a scan's, without ever holding the
 * probabilities of a whole scan.
 *
 * @module
 */
import { type LinearWeights, linearWeights } from "../imaging/resample_grid.ts";
import type { Shape } from "../imaging/volume.ts";
import { writeLabels } from "./label_planes.ts";
import type { Predictor } from "./predictor.ts";
import { predictPlanes } from "./slabs.ts";
import { countWindows, OVERLAP, type PlaneRegion } from "./windows.ts";

export interface SegmentOptions {
  /** [depth, height, width] of the image, voxels. */
  shape: Shape;
  predictor: Predictor;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** [depth, height, width] of the wanted label map, which covers the same box. @default shape */
  outputShape?: Shape;
  /** Least share of a window that its neighbour covers too. @default 0.5 */
  overlap?: number | undefined;
  /** Most memory for the rolling slab, bytes; above it planes are tiled. The result does not depend on it. @default 2 GiB */
  byteBudget?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called after every window. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

const GIB = 2 ** 30;

/**
 * Label map of an image: the class of the largest probability at each voxel of the output grid, where
 * probabilities between voxel centres are interpolated linearly. Of equal ones the lower number wins.
 *
 * @param image [depth, height, width] normalised intensities
 * @returns [depth, height, width] of `outputShape`: 0 = background, 1…K = organ
 * @throws the signal's reason when it is aborted
 */
export async function segment(
  image: Float32Array,
  options: SegmentOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, predictor, window, overlap = OVERLAP, outputShape = shape, signal } = options;
  const labels = new Uint8Array(outputShape[0] * outputShape[1] * outputShape[2]);
  const alongAxis = (axis: 0 | 1 | 2) => linearWeights(outputShape[axis], shape[axis]);
  const axes = [alongAxis(0), alongAxis(1), alongAxis(2)] as const;
  const parts = tilesWithin(options.byteBudget ?? 2 * GIB, options).map((tile) => ({
    tile,
    region: { y: sourceOf(tile.y, axes[1]), x: sourceOf(tile.x, axes[2]) },
  }));
  const total = parts.reduce((sum, { region }) => sum + countWindows({ shape, window, overlap, region }), 0);
  let done = 0;
  for (const { tile, region } of parts) {
    const planes = predictPlanes(image, {
      shape,
      predictor,
      window,
      overlap,
      signal,
      region,
      onWindow: () => options.onProgress?.(++done, total),
    });
    const classes = predictor.classes;
    await writeLabels(planes, { tile, region, axes, classes, outputShape, labels });
  }
  return labels;
}

/** The voxels of the network's axis that a stretch of the output's is interpolated from; ends are exclusive. */
function sourceOf([start, end]: [number, number], { lower, upper }: LinearWeights): [number, number] {
  return [lower[start]!, upper[end - 1]! + 1];
}

/** Cuts the output's planes into the fewest equal tiles whose slab keeps within the budget. */
function tilesWithin(byteBudget: number, options: SegmentOptions): PlaneRegion[] {
  const { shape, predictor, window, outputShape = shape } = options;
  // The slab's sums and weights, and the four planes that are handed on and interpolated.
  const channels = window[0] * (predictor.classes + 1) + 4 * predictor.classes;
  const bytes = shape[1] * shape[2] * channels * Float32Array.BYTES_PER_ELEMENT;
  const parts = Math.max(1, Math.ceil(bytes / byteBudget));
  const rows = Math.min(outputShape[1], Math.ceil(Math.sqrt(parts)));
  const columns = Math.min(outputShape[2], Math.ceil(parts / rows));
  const cut = (size: number, count: number) =>
    Array.from({ length: count }, (_, i): [number, number] => [
      Math.floor(i * size / count),
      Math.floor((i + 1) * size / count),
    ]);
  return cut(outputShape[1], rows).flatMap((y) => cut(outputShape[2], columns).map((x) => ({ y, x })));
}
