/**
 * Label maps of scribbles, made from dense ones (METHOD section 2).
 *
 * @module
 */
import { createRandom } from "../../data/random.ts";
import { labelComponents } from "../../imaging/components.ts";
import { distanceTransform } from "../../imaging/distance_transform.ts";
import type { Shape } from "../../imaging/volume.ts";
import { componentScribble, type ScribbleOptions } from "./component_scribble.ts";

export interface ScribbleMapOptions extends ScribbleOptions {
  /** Equal keys, and equal maps and options, give equal scribbles: a seed and the case's id. */
  keys: readonly (string | number)[];
  /** Value of what is not annotated: it gets no scribble, and is what all but scribbles become. */
  notAnnotated: number;
}

/** What scribbles tell of a label. */
export interface ScribbleShares {
  /** Voxels that have the label. */
  voxels: number;
  /** Of them those that are scribbled. */
  scribbled: number;
  /** Of these those at most {@linkcode BAND} pixels inside the label's border in the slice. */
  inBand: number;
}

/** Those of several maps together. */
export function sumOfShares(...shares: (ScribbleShares | undefined)[]): ScribbleShares {
  const sum = (key: keyof ScribbleShares) => shares.reduce((total, one) => total + (one?.[key] ?? 0), 0);
  return { voxels: sum("voxels"), scribbled: sum("scribbled"), inBand: sum("inBand") };
}

export interface ScribbleMap {
  /** As the map that was given. */
  labels: Uint8Array;
  /** By value, background's too. */
  shares: Map<number, ScribbleShares>;
}

/** Pixels: what a boundary loss would look at. */
export const BAND = 3;
/** Labels of which a smaller share of voxels is annotated are no dense ones: nothing is drawn into them. */
export const DENSE = 0.5;

/**
 * Draws a scribble into each connected component of each label in each slice, background's components, too: without them "organ
 * everywhere" would fit all scribbles.
 *
 * @param labels [depth, height, width]; slices are those of the first axis
 */
export function scribbleMap(
  labels: Uint8Array,
  [depth, height, width]: Shape,
  { keys, notAnnotated, length, thickness }: ScribbleMapOptions,
): ScribbleMap {
  const scribbles = new Uint8Array(labels.length).fill(notAnnotated);
  const shares = new Map<number, ScribbleShares>();
  const area = height * width;
  for (let slice = 0; slice < depth; slice++) {
    const plane = labels.subarray(slice * area, (slice + 1) * area);
    for (const value of new Set(plane)) {
      if (value === notAnnotated) continue;
      const mask = Uint8Array.from(plane, (one) => one === value ? 1 : 0);
      const found = labelComponents(mask, [1, height, width]);
      const known = shares.get(value) ?? { voxels: 0, scribbled: 0, inBand: 0 };
      shares.set(value, known);
      for (let component = 1; component < found.sizes.length; component++) {
        const cut = cutOut(found.labels, component, { height, width });
        const random = createRandom("scribble", ...keys, slice, value, component);
        const share = found.sizes[component]! / area;
        const drawn = componentScribble(cut.mask, { ...cut, share }, { random, length, thickness });
        const depths = distanceTransform(cut.mask, [1, cut.height, cut.width], { spacing: [1, 1, 1] });
        known.voxels += found.sizes[component]!;
        drawn.forEach((on, index) => {
          if (on === 0) return;
          const y = cut.top + Math.floor(index / cut.width), x = cut.left + index % cut.width;
          scribbles[slice * area + y * width + x] = value;
          known.scribbled++;
          if (depths[index]! <= BAND) known.inBand++;
        });
      }
    }
  }
  return { labels: scribbles, shares };
}

/** A component in a plane that is one pixel wider than it on each side; left and top are of that plane in the slice. */
function cutOut(
  components: Int32Array,
  component: number,
  { height, width }: { height: number; width: number },
) {
  let [first, last, leftmost, rightmost] = [height, -1, width, -1];
  components.forEach((one, index) => {
    if (one !== component) return;
    const y = Math.floor(index / width), x = index % width;
    [first, last] = [Math.min(first, y), Math.max(last, y)];
    [leftmost, rightmost] = [Math.min(leftmost, x), Math.max(rightmost, x)];
  });
  const top = first - 1, left = leftmost - 1;
  const size = { height: last - first + 3, width: rightmost - leftmost + 3 };
  const mask = Uint8Array.from({ length: size.height * size.width }, (_, index) => {
    const y = top + Math.floor(index / size.width), x = left + index % size.width;
    return y >= 0 && x >= 0 && y < height && x < width && components[y * width + x] === component ? 1 : 0;
  });
  return { ...size, mask, top, left };
}
