/**
 * Places worth looking at in a label map.
 *
 * @module
 */
import { type Affine, type Shape, type Spacing, spacingOf } from "../../imaging/volume.ts";
import { busiestSlice } from "../scans/slice.ts";

/** [z, y, x] in voxels. */
type Voxel = [z: number, y: number, x: number];

/** [x, y, z] in mm, RAS+. */
export type Point = [x: number, y: number, z: number];

export interface Landmarks {
  /** Where the three planes show the most organs, on one of them; the middle of the grid where there is none. */
  start: Point;
  /** For organ 1…K: its voxel nearest to its centre of mass; undefined where the map does not show it. */
  centres: (Point | undefined)[];
}

/** @param labels [depth, height, width] organ numbers; codes above `organs` are none */
export function findLandmarks(
  labels: Uint8Array,
  { shape, affine, organs }: { shape: Shape; affine: Affine; organs: number },
): Landmarks {
  const spacing = spacingOf(affine);
  const nearest = (targets: (Voxel | undefined)[]) => nearestVoxels(labels, { shape, spacing, targets });
  const centres = nearest(centresOfMass(labels, { shape, organs }));
  // The planes of an array in another order than RAS+ have other names, but there are the same three.
  const crossing = (["axial", "coronal", "sagittal"] as const).map((plane) =>
    busiestSlice(labels, { shape, plane, organs })
  ) as Voxel;
  const [first] = nearest(Array.from({ length: organs }, () => crossing))
    .filter((place) => place !== undefined).sort((a, b) => a.distance - b.distance);
  return {
    start: pointOf(first?.voxel ?? crossing, affine),
    centres: centres.map((place) => place && pointOf(place.voxel, affine)),
  };
}

function pointOf([z, y, x]: Voxel, affine: Affine): Point {
  const along = (axis: 0 | 1 | 2) => {
    const [a, b, c, origin] = affine[axis]!;
    return a! * x + b! * y + c! * z + origin!;
  };
  return [along(0), along(1), along(2)];
}

function centresOfMass(
  labels: Uint8Array,
  { shape, organs }: { shape: Shape; organs: number },
): (Voxel | undefined)[] {
  const sums = Array.from(
    { length: organs },
    (): [z: number, y: number, x: number, count: number] => [0, 0, 0, 0],
  );
  forEachLabelled(labels, { shape, organs }, (organ, z, y, x) => {
    const sum = sums[organ - 1]!;
    sum[0] += z;
    sum[1] += y;
    sum[2] += x;
    sum[3]++;
  });
  return sums.map(([z, y, x, count]) => count > 0 ? [z / count, y / count, x / count] : undefined);
}

/** For each organ the voxel of it that is nearest, in mm, to the organ's target. */
function nearestVoxels(
  labels: Uint8Array,
  { shape, spacing, targets }: { shape: Shape; spacing: Spacing; targets: (Voxel | undefined)[] },
): ({ voxel: Voxel; distance: number } | undefined)[] {
  const found: ({ voxel: Voxel; distance: number } | undefined)[] = targets.map(() => undefined);
  forEachLabelled(labels, { shape, organs: targets.length }, (organ, z, y, x) => {
    const target = targets[organ - 1];
    if (!target) return;
    const distance = ((z - target[0]) * spacing[0]) ** 2 + ((y - target[1]) * spacing[1]) ** 2 +
      ((x - target[2]) * spacing[2]) ** 2;
    const best = found[organ - 1];
    if (!best || distance < best.distance) found[organ - 1] = { voxel: [z, y, x], distance };
  });
  return found;
}

function forEachLabelled(
  labels: Uint8Array,
  { shape: [depth, height, width], organs }: { shape: Shape; organs: number },
  visit: (organ: number, z: number, y: number, x: number) => void,
): void {
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, voxel++) {
        const organ = labels[voxel]!;
        if (organ > 0 && organ <= organs) visit(organ, z, y, x);
      }
    }
  }
}
