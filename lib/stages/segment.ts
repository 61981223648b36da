/**
 * Label maps from probabilities: on the network's own grid, or on a scan's, without ever holding the
 * probabilities of a whole scan.
 *
 * @module
 */
import { linearWeights } from "../imaging/resample_grid.ts";
import type { Shape } from "../imaging/volume.ts";
import { eventLoopTurn } from "./event_loop.ts";
import type { Predictor } from "./predictor.ts";
import { countWindows, type PlaneRegion, predictPlanes } from "./slabs.ts";

export interface SegmentOptions {
  /** [depth, height, width] of the image, voxels. */
  shape: Shape;
  predictor: Predictor;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** [depth, height, width] of the wanted label map, which covers the same box. @default shape */
  outputShape?: Shape;
  /** Least share of a window that its neighbour covers too. @default 0.5 */
  overlap?: number;
  /** Most memory for the rolling slab, bytes; above it planes are tiled. The result does not depend on it. @default 2 GiB */
  byteBudget?: number;
  signal?: AbortSignal;
  /** Called after every window. */
  onProgress?: (done: number, total: number) => void;
}

const GIB = 2 ** 30;

/** Milliseconds after which the event loop gets a turn: a stop is heard only then. */
const TURN_MS = 100;

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
  const { shape, predictor, window, overlap = 0.5, outputShape = shape, signal } = options;
  const labels = new Uint8Array(outputShape[0] * outputShape[1] * outputShape[2]);
  const axes = outputShape.map((size, i) => linearWeights(size, shape[i]));
  const tiles = tilesWithin(options.byteBudget ?? 2 * GIB, options);
  const regions = tiles.map((tile): PlaneRegion => ({
    y: [axes[1].lower[tile.y[0]], axes[1].upper[tile.y[1] - 1] + 1],
    x: [axes[2].lower[tile.x[0]], axes[2].upper[tile.x[1] - 1] + 1],
  }));
  const total = regions.reduce((sum, region) => sum + countWindows({ shape, window, overlap, region }), 0);
  let done = 0;
  for (const [index, tile] of tiles.entries()) {
    const planes = predictPlanes(image, {
      ...{ shape, predictor, window, overlap, signal, region: regions[index] },
      onWindow: () => options.onProgress?.(++done, total),
    });
    const classes = predictor.classes;
    await writeTile(planes, { tile, region: regions[index], axes, classes, outputShape, labels });
  }
  return labels;
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

interface TileTarget {
  tile: PlaneRegion;
  region: PlaneRegion;
  axes: ReturnType<typeof linearWeights>[];
  classes: number;
  outputShape: Shape;
  labels: Uint8Array;
}

/** Pulls planes as the output needs them; two source planes are enough for any output plane. */
async function writeTile(planes: ReturnType<typeof predictPlanes>, target: TileTarget) {
  const { axes: [zAxis], outputShape, region, classes } = target;
  const size = (region.y[1] - region.y[0]) * (region.x[1] - region.x[0]) * classes;
  let below = { z: -1, data: new Float32Array(size) };
  let above = { z: -1, data: new Float32Array(size) };
  const blended = new Float32Array(size);
  let lastTurn = performance.now();
  for (let z = 0; z < outputShape[0]; z++) {
    while (above.z < zAxis.upper[z]) {
      const next = planes.next();
      if (next.done) {
        throw new Error(`Cannot segment: planes ended at ${above.z}, ${zAxis.upper[z]} was wanted`);
      }
      [below, above] = [above, below];
      above.z = next.value.z;
      above.data.set(next.value.probabilities);
      if (performance.now() - lastTurn > TURN_MS) {
        await eventLoopTurn();
        lastTurn = performance.now();
      }
    }
    const low = zAxis.lower[z] === above.z ? above.data : below.data;
    const weight = zAxis.weight[z];
    for (let i = 0; i < size; i++) blended[i] = low[i] + weight * (above.data[i] - low[i]);
    writePlane(blended, z, target);
  }
}

function writePlane(plane: Float32Array, z: number, target: TileTarget) {
  const { tile, region, axes: [, yAxis, xAxis], classes, outputShape, labels } = target;
  const width = region.x[1] - region.x[0];
  for (let y = tile.y[0]; y < tile.y[1]; y++) {
    const rowLow = (yAxis.lower[y] - region.y[0]) * width, rowHigh = (yAxis.upper[y] - region.y[0]) * width;
    const v = yAxis.weight[y];
    for (let x = tile.x[0]; x < tile.x[1]; x++) {
      const xLow = xAxis.lower[x] - region.x[0], xHigh = xAxis.upper[x] - region.x[0], u = xAxis.weight[x];
      const a = (rowLow + xLow) * classes, b = (rowLow + xHigh) * classes;
      const c = (rowHigh + xLow) * classes, d = (rowHigh + xHigh) * classes;
      let best = 0, bestValue = -Infinity;
      for (let k = 0; k < classes; k++) {
        const near = plane[a + k] + u * (plane[b + k] - plane[a + k]);
        const far = plane[c + k] + u * (plane[d + k] - plane[c + k]);
        const value = near + v * (far - near);
        if (value > bestValue) [best, bestValue] = [k, value];
      }
      labels[(z * outputShape[1] + y) * outputShape[2] + x] = best;
    }
  }
}
