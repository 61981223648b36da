/**
 * How large a patch, and how a network halves it.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { AXES, type Axis, eachAxis } from "../../imaging/each_axis.ts";

export interface PlannedNetwork {
  patch: Shape;
  network: {
    widths: number[];
    strides: [number, number, number][];
    /** Left out where all are [3, 3, 3]. */
    kernels?: [number, number, number][];
  };
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
 * finest, so that thick slices stay whole until the others have caught up. So long they are also convolved each by itself: an axis
 * gets kernels of 3 from the level on where its voxels are less than twice as long as the finest, and keeps them. An axis of one voxel
 * stays one, and is never convolved along.
 *
 * @param shape [depth, height, width] of the median scan at the target spacing
 * @param spacing the target spacing [z, y, x], mm
 */
export function planPatch(shape: Shape, spacing: Spacing): PlannedNetwork {
  const start = capped(shape.map((size) => size === 1 ? 1 : Math.max(size, 2 * LEAST_SIZE)) as Shape);
  const size: Shape = [...start];
  const length: Spacing = [...spacing];
  const strides: [number, number, number][] = [];
  const finest = (axes: readonly Axis[]) => Math.min(...axes.map((axis) => length[axis]));
  const convolved = AXES.filter((axis) => shape[axis] > 1);
  let kernel: [number, number, number] = [1, 1, 1];
  const kernelHere = () =>
    eachAxis((axis) => kernel[axis] === 3 || shape[axis] > 1 && length[axis] < 2 * finest(convolved) ? 3 : 1);
  const kernels = [kernel = kernelHere()];
  while (strides.length + 1 < MOST_LEVELS) {
    const long = AXES.filter((axis) => size[axis] >= 2 * LEAST_SIZE);
    const stride = eachAxis((axis) => long.includes(axis) && length[axis] < 2 * finest(long) ? 2 : 1);
    if (stride.every((factor) => factor === 1)) break;
    for (const axis of AXES) {
      size[axis] /= stride[axis];
      length[axis] *= stride[axis];
    }
    strides.push(stride);
    kernels.push(kernel = kernelHere());
  }
  const patch = eachAxis((axis) => {
    const voxels = start[axis];
    const factor = strides.reduce((product, stride) => product * stride[axis], 1);
    // An axis that fits is rounded up, so that the whole median scan is seen; one that was cut, to the nearest.
    const whole = voxels === shape[axis];
    return factor * Math.max(1, whole ? Math.ceil(voxels / factor) : Math.round(voxels / factor));
  });
  const widths = Array.from({ length: strides.length + 1 }, (_, level) => FIRST_WIDTH * 2 ** level);
  const flat = kernels.flat().includes(1);
  return { patch, network: { widths, strides, ...flat && { kernels } } };
}
