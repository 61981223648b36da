/**
 * From the planes of a prediction, as they come, to the labels of the output grid.
 *
 * @module
 */
import type { LinearWeights } from "../imaging/resample_grid.ts";
import type { Shape } from "../imaging/volume.ts";
import { eventLoopTurn } from "./event_loop.ts";
import type { PredictedPlane } from "./slabs.ts";
import type { PlaneRegion } from "./windows.ts";

export interface LabelTarget {
  /** Part of the output's planes that is written. */
  tile: PlaneRegion;
  /** Part of the network's planes that is predicted. */
  region: PlaneRegion;
  /** From the output's [z, y, x] to the network's grid. */
  axes: readonly [z: LinearWeights, y: LinearWeights, x: LinearWeights];
  classes: number;
  outputShape: Shape;
  /** [depth, height, width] of `outputShape`. */
  labels: Uint8Array;
}

/** Milliseconds after which the event loop gets a turn: a stop is heard only then. */
const TURN_MS = 100;

/** Pulls planes as the output needs them; two source planes are enough for any output plane. */
export async function writeLabels(planes: Iterator<PredictedPlane>, target: LabelTarget): Promise<void> {
  const { axes: [zAxis], outputShape, region, classes } = target;
  const area = (region.y[1] - region.y[0]) * (region.x[1] - region.x[0]);
  let below = { z: -1, data: new Float32Array(area * classes) };
  let above = { z: -1, data: new Float32Array(area * classes) };
  const between = new Float32Array(area * classes);
  const best = new Uint8Array(area);
  let lastTurn = performance.now();
  for (let z = 0; z < outputShape[0]; z++) {
    const lower = zAxis.lower[z]!, upper = zAxis.upper[z]!, weight = zAxis.weight[z]!;
    while (above.z < upper) {
      const next = planes.next();
      if (next.done) throw new Error(`Cannot segment: planes ended at ${above.z}, ${upper} was wanted`);
      [below, above] = [above, below];
      above.z = next.value.z;
      above.data.set(next.value.probabilities);
      if (performance.now() - lastTurn > TURN_MS) {
        await eventLoopTurn();
        lastTurn = performance.now();
      }
    }
    const low = lower === above.z ? above.data : below.data;
    const probabilities = interpolate(low, { above: above.data, weight, between });
    findBest(probabilities, best);
    writePlane({ probabilities, best }, { ...target, z });
  }
}

function interpolate(
  low: Float32Array,
  { above, weight, between }: { above: Float32Array; weight: number; between: Float32Array },
): Float32Array {
  if (weight === 0) return low;
  for (let i = 0; i < low.length; i++) between[i] = low[i]! + weight * (above[i]! - low[i]!);
  return between;
}

/** The class of the largest probability of each voxel, the first of equal ones. */
function findBest(probabilities: Float32Array, best: Uint8Array): void {
  const classes = probabilities.length / best.length;
  for (let voxel = 0, i = 0; voxel < best.length; voxel++) {
    let largest = -Infinity, place = i;
    for (const end = i + classes; i < end; i++) {
      if (probabilities[i]! > largest) largest = probabilities[place = i]!;
    }
    best[voxel] = place + classes - i;
  }
}

/** The best class of all four neighbours is the best between them, too: only elsewhere probabilities are interpolated. */
function writePlane(
  { probabilities: p, best }: { probabilities: Float32Array; best: Uint8Array },
  { z, tile, region, axes: [, yAxis, xAxis], classes, outputShape, labels }: LabelTarget & { z: number },
): void {
  const width = region.x[1] - region.x[0];
  for (let y = tile.y[0]; y < tile.y[1]; y++) {
    const near = (yAxis.lower[y]! - region.y[0]) * width, far = (yAxis.upper[y]! - region.y[0]) * width;
    const v = yAxis.weight[y]!;
    let to = (z * outputShape[1] + y) * outputShape[2] + tile.x[0];
    for (let x = tile.x[0]; x < tile.x[1]; x++, to++) {
      const left = xAxis.lower[x]! - region.x[0], right = xAxis.upper[x]! - region.x[0], u = xAxis.weight[x]!;
      const first = best[near + left]!;
      labels[to] = first;
      if (best[near + right] === first && best[far + left] === first && best[far + right] === first) continue;
      let a = (near + left) * classes, b = (near + right) * classes;
      let c = (far + left) * classes, d = (far + right) * classes;
      let largest = -Infinity, winner = 0;
      for (let k = 0; k < classes; k++, a++, b++, c++, d++) {
        const nearLeft = p[a]!, farLeft = p[c]!;
        const low = nearLeft + u * (p[b]! - nearLeft), high = farLeft + u * (p[d]! - farLeft);
        const value = low + v * (high - low);
        if (value > largest) largest = value, winner = k;
      }
      labels[to] = winner;
    }
  }
}
