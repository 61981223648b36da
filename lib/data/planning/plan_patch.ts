/**
 * How large a patch, and how a network halves it.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { AXES, eachAxis } from "../../imaging/each_axis.ts";

export interface PlannedNetwork {
  patch: Shape;
  network: { widths: number[]; strides: [number, number, number][] };
}

/** Channels of full resolution; each level below has twice as many. */
const FIRST_WIDTH = 16;

const MOST_LEVELS = 4;

/** An axis is halved while it keeps at least so many voxels. */
const LEAST_SIZE = 4;

/** Voxels of a patch: 48³, which a step of the usual network takes through in about a second on two cores. */
const PATCH_VOXELS = 48 ** 3;

/** The largest cap on all axes that keeps the patch within its voxels: long axes are cut first. */
function capped(shape: Shape): Shape {
  let cap = Math.max(...shape);
  const cut = () => shape.map((size) => Math.min(size, cap)) as Shape;
  while (cut().reduce((product, size) => product * size, 1) > PATCH_VOXELS) cap--;
  return cut();
}

/**
 * Plans patch and network as nnU-Net does (Isensee et al. 2021, supplement): the patch is the median scan, cut to a
 * budget; each level halves the axes that are long enough and whose voxels are not already twice as long as the
 * finest, so that thick slices stay whole until the others have caught up.
 *
 * @param shape [depth, height, width] of the median scan at the target spacing
 * @param spacing the target spacing [z, y, x], mm
 */
export function planPatch(shape: Shape, spacing: Spacing): PlannedNetwork {
  const start = capped(shape.map((size) => Math.max(size, 2 * LEAST_SIZE)) as Shape);
  const size: Shape = [...start];
  const length: Spacing = [...spacing];
  const strides: [number, number, number][] = [];
  while (strides.length + 1 < MOST_LEVELS) {
    const finest = Math.min(...length.filter((_, axis) => size[axis]! >= 2 * LEAST_SIZE));
    const stride = eachAxis((axis) => size[axis] >= 2 * LEAST_SIZE && length[axis] < 2 * finest ? 2 : 1);
    if (stride.every((factor) => factor === 1)) break;
    for (const axis of AXES) {
      size[axis] /= stride[axis];
      length[axis] *= stride[axis];
    }
    strides.push(stride);
  }
  const patch = eachAxis((axis) => {
    const voxels = start[axis];
    const factor = strides.reduce((product, stride) => product * stride[axis], 1);
    // An axis that fits is rounded up, so that the whole median scan is seen; one that was cut, to the nearest.
    const whole = voxels === shape[axis];
    return factor * Math.max(1, whole ? Math.ceil(voxels / factor) : Math.round(voxels / factor));
  });
  const widths = Array.from({ length: strides.length + 1 }, (_, level) => FIRST_WIDTH * 2 ** level);
  return { patch, network: { widths, strides } };
}
