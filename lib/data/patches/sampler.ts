/**
 * Which patch of which case a training step sees. At short budgets this decides more than any loss term: organs
 * that are rarely sampled are lost. So the organs of a case have equal chances, however small they are.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import { chance, createRandom, integer, permutation, type RandomGenerator } from "../random.ts";
import type { Region } from "../region.ts";
import type { StoredCase } from "../store/stored_case.ts";

/** What makes a stream of patches the same stream again. */
export interface StreamSeed {
  seed: number;
  /** Sets streams of one study apart, such as the dataset's name. */
  stream: string;
}

/**
 * The place in its epoch of the n-th sample of a stream: every place once, in random order, then all again in another
 * order.
 *
 * @param index of the sample since the stream's beginning, over all steps
 */
export function caseOfSample(index: number, { seed, stream, cases }: StreamSeed & { cases: number }): number {
  const epoch = Math.floor(index / cases);
  return permutation(createRandom(seed, stream, "epoch", epoch), cases)[index % cases]!;
}

/** An organ seen in one scan of a hundred must not make half of what is seen. */
const MOST_REPEATS = 4;

/**
 * The cases of one epoch, by index: a case stands there once, or as many times as its rarest organ is rarer than the
 * dataset's commonest. In a naturally partial dataset, an organ that few scans are annotated with would else be drawn
 * so seldom that it is lost; where all cases show the same organs, every case stands there once.
 *
 * @param cases with the voxels of their true and pseudo labels
 */
export function epochOf(cases: readonly Pick<StoredCase, "locations">[]): number[] {
  const visible = cases.map(({ locations }) =>
    Object.entries(locations).flatMap(([organ, voxels]) => voxels.length > 0 ? [organ] : [])
  );
  const count = new Map<string, number>();
  for (const organ of visible.flat()) count.set(organ, (count.get(organ) ?? 0) + 1);
  const most = Math.max(...count.values());
  return visible.flatMap((organs, index) => {
    const rarity = Math.max(1, ...organs.map((organ) => most / count.get(organ)!));
    return Array<number>(Math.min(MOST_REPEATS, Math.round(rarity))).fill(index);
  });
}

export interface PlacementOptions {
  /** [depth, height, width] of the patch, in voxels. */
  patch: Shape;
  /**
   * Probability that a patch lies anywhere, instead of around an organ.
   * @default 1/3
   */
  anywhere?: number | undefined;
  /**
   * The chosen organ voxel lies at most this share of the patch's length from its centre, along each axis.
   * @default 0.25
   */
  jitter?: number;
}

/**
 * Places a patch in a case: around a random voxel of a random organ out of those with true and pseudo labels that
 * are visible there, each with the same chance; or anywhere. A patch stays inside of the case along the axes that are
 * long enough, and contains the case along the others.
 */
export function placePatch(
  { shape, locations }: Pick<StoredCase, "shape" | "locations">,
  random: RandomGenerator,
  { patch, anywhere = 1 / 3, jitter = 0.25 }: PlacementOptions,
): Region {
  const organs = Object.values(locations).filter((voxels) => voxels.length > 0);
  // Always drawn, so that a change of the probability moves no later number.
  const free = chance(random, anywhere);
  if (free || organs.length === 0) {
    const start = eachAxis((axis) => integer(random, startRange(shape[axis], patch[axis])));
    return { start, shape: patch };
  }
  const voxels = organs[integer(random, [0, organs.length - 1])]!;
  const centre = unravel(voxels[integer(random, [0, voxels.length - 1])]!, shape);
  const start = eachAxis((axis) => {
    const reach = Math.floor(jitter * patch[axis]);
    const wanted = centre[axis] - Math.floor(patch[axis] / 2) + integer(random, [-reach, reach]);
    const [low, high] = startRange(shape[axis], patch[axis]);
    return Math.min(high, Math.max(low, wanted));
  });
  return { start, shape: patch };
}

/** The first and the last place a patch may start at along one axis. */
function startRange(length: number, patch: number): [number, number] {
  const slack = length - patch;
  return [Math.min(0, slack), Math.max(0, slack)];
}

function unravel(index: number, [, height, width]: Shape): Shape {
  return [Math.floor(index / (height * width)), Math.floor(index / width) % height, index % width];
}
