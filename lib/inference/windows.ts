/**
 * Where the windows of a sliding-window prediction lie, and how much each of their voxels counts.
 *
 * @module
 */
import type { Shape } from "../imaging/volume.ts";

/** Least share of a window that its neighbour covers too. */
export const OVERLAP = 0.5;

/** How much voxels of a window count: σ as a share of its length, and the least that any counts. */
export const GAUSSIAN = { sigmaShare: 1 / 8, least: 1e-6 } as const;

/**
 * First voxels of the windows along one axis: evenly spread from edge to edge with at least the asked overlap
 * (nnU-Net's rule, in whole voxels).
 *
 * @param size axis length in voxels, at least `window`
 * @param window window length in voxels
 */
export function windowStarts(size: number, window: number, options: { overlap: number }): number[] {
  const stride = Math.max(1, Math.floor(window * (1 - options.overlap)));
  const last = Math.ceil(Math.max(0, size - window) / stride);
  return Array.from({ length: last + 1 }, (_, i) => last === 0 ? 0 : Math.round(i * (size - window) / last));
}

/** Part of an axial plane in voxels; the ends are exclusive. */
export interface PlaneRegion {
  y: [start: number, end: number];
  x: [start: number, end: number];
}

export interface WindowOptions {
  /** [depth, height, width] of the image, voxels. */
  shape: Shape;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Least share of a window that its neighbour covers too. */
  overlap: number;
  /** Which part of each plane is wanted. */
  region: PlaneRegion;
}

/** How many windows that is. */
export function countWindows(options: WindowOptions): number {
  const grid = windowGrid(options);
  return grid.z.length * grid.y.length * grid.x.length;
}

/** Window starts on each axis (negative where the image is shorter than the window, and is centred in it). */
export function windowGrid({ shape, window, overlap, region }: WindowOptions) {
  const axis = (i: 0 | 1 | 2) => {
    const starts = windowStarts(Math.max(shape[i], window[i]), window[i], { overlap });
    const shift = Math.max(0, Math.floor((window[i] - shape[i]) / 2));
    return starts.map((s) => s - shift);
  };
  const meets = (i: 1 | 2, [start, end]: [number, number]) => (s: number) => s < end && s + window[i] > start;
  return { z: axis(0), y: axis(1).filter(meets(1, region.y)), x: axis(2).filter(meets(2, region.x)) };
}

/**
 * Weight of each voxel of a window, [depth, height, width]: a Gaussian about its centre with σ = an eighth of its
 * length, as in nnU-Net. Predictions are worst at a window's border, where the network sees least.
 */
export function gaussianWeights(window: Shape): Float32Array {
  const along = (length: number) =>
    Float64Array.from(
      { length },
      (_, i) => Math.exp(-0.5 * ((i - (length - 1) / 2) / (length * GAUSSIAN.sigmaShare)) ** 2),
    );
  const [zs, ys, xs] = [along(window[0]), along(window[1]), along(window[2])];
  const weights = new Float32Array(window[0] * window[1] * window[2]);
  let voxel = 0;
  for (const z of zs) {
    for (const y of ys) {
      // A floor keeps the corner of a lone window from underflowing to a weight of nothing.
      for (const x of xs) weights[voxel++] = Math.max(z * y * x, GAUSSIAN.least);
    }
  }
  return weights;
}
