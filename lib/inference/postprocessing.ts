/**
 * Components of organs that are taken away from a prediction: METHOD section 0, postprocessing.
 *
 * @module
 */
import type { OrganNumber } from "../data/label_set.ts";
import { labelBoxes } from "../data/label_boxes.ts";
import { cutRegion, type Region } from "../data/region.ts";
import { type Components, labelComponents } from "../imaging/components.ts";
import { type Shape, type Volume, voxelVolumeOf } from "../imaging/volume.ts";
import type { OrganRule } from "../models/postprocessing_rule.ts";

/** The grid of a label map. */
export interface LabelGrid {
  /** [depth, height, width] */
  shape: Shape;
  /** Volume of a voxel, mm³. */
  voxelMm3: number;
}

/** What postprocessing asks of a label map's grid. */
export function gridOf({ shape, affine }: Pick<Volume, "shape" | "affine">): LabelGrid {
  return { shape, voxelMm3: voxelVolumeOf(affine) };
}

/** An organ's components in the box around it. */
export interface OrganComponents extends Components {
  region: Region;
}

/**
 * The components of organs in a label map, one organ after the other; of those that are in it.
 *
 * @param labels [depth, height, width] organ numbers
 */
export function* componentsOfOrgans(
  labels: Uint8Array,
  organs: readonly OrganNumber[],
  shape: Shape,
): Generator<[OrganNumber, OrganComponents]> {
  const boxes = labelBoxes(labels, shape);
  for (const organ of organs) {
    const region = boxes.get(organ);
    if (!region) continue;
    const mask = cutRegion(labels, { from: shape, region }).map((code) => +(code === organ));
    yield [organ, { region, ...labelComponents(mask, region.shape) }];
  }
}

/** Which components stay, by their number: `[0]`, what is none, does not. */
export function keptComponents(
  sizes: readonly number[],
  { largest, minimumMm3 }: Omit<OrganRule, "organ">,
  { voxelMm3 }: Pick<LabelGrid, "voxelMm3">,
): boolean[] {
  const most = sizes.reduce((most, size, component) => component === 0 ? 0 : Math.max(most, size), 0);
  return sizes.map((size, component) =>
    component > 0 && (!largest || size === most) && size * voxelMm3 >= minimumMm3
  );
}

/**
 * A label map after the rules of its organs, at most one each; what they take away is background.
 *
 * @param labels [depth, height, width] organ numbers
 */
export function postprocess<T extends Uint8Array>(
  labels: T,
  rules: readonly OrganRule[],
  { shape, voxelMm3 }: LabelGrid,
): T {
  const result = labels.slice() as T, byOrgan = new Map(rules.map((rule) => [rule.organ, rule]));
  for (const [organ, found] of componentsOfOrgans(labels, [...byOrgan.keys()], shape)) {
    const stays = keptComponents(found.sizes, byOrgan.get(organ)!, { voxelMm3 });
    eachVoxel(found, shape, (component, voxel) => {
      if (component > 0 && !stays[component]) result[voxel] = 0;
    });
  }
  return result;
}

/** Goes through an organ's box: the component of each voxel (0: none), and the voxel's place in the whole map. */
export function eachVoxel(
  { labels, region: { start, shape: [depth, height, width] } }: OrganComponents,
  whole: Shape,
  visit: (component: number, voxel: number) => void,
): void {
  for (let z = 0, from = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      let voxel = ((start[0] + z) * whole[1] + start[1] + y) * whole[2] + start[2];
      for (let x = 0; x < width; x++) visit(labels[from++]!, voxel++);
    }
  }
}
