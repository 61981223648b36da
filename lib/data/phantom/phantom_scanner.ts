/**
 * The phantom's scanners: contrast phase, noise, voxels and the way they lie in the world.
 *
 * @module
 */
import type { Affine, Shape } from "../../imaging/volume.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import type { Tissue } from "./phantom_anatomy.ts";
import type { Point } from "./phantom_shapes.ts";
import { type RandomGenerator, uniform } from "../random.ts";

export interface Scanner {
  name: string;
  /** HU of each tissue in the scanner's contrast phase. */
  tissueHu: Record<Tissue, number>;
  /** Deviation of the noise in HU. */
  noiseHu: number;
  /** Factor on all HU above fat: a badly calibrated tube. */
  gain: number;
  /** Lengths of the voxel's edges in mm along the file's axes i, j, k. */
  voxelMm: readonly [number, number, number];
  /** Direction of each file axis i, j, k in the world: columns of a rotation, possibly oblique. */
  directions: readonly [Point, Point, Point];
  /** Shares [from, to] of the trunk's height that its scans show, 0 at the feet's end. @default [0, 1] */
  field?: readonly [number, number];
}

/** 48 × 42 × 36 voxels of about 6.5 mm: how far a scan reaches along x, y, z, in mm. */
const EXTENT = [312, 232, 236] as const;

const tissues = { VenaCava: 120, Gallbladder: 12, Bone: 260, Disc: 85, Muscle: 55, Bowel: 60, Gas: -850 };

const TILT = 0.16;

export const SCANNERS: readonly [Scanner, Scanner, Scanner] = [
  {
    // Portal venous phase, little noise, RAS.
    name: "a",
    tissueHu: {
      ...tissues,
      Liver: 112,
      Spleen: 122,
      RightKidney: 165,
      LeftKidney: 165,
      Stomach: 100,
      Aorta: 150,
      Pancreas: 94,
      VenaCava: 142,
    },
    noiseHu: 16,
    gain: 1,
    voxelMm: [6.5, 6.5, 7],
    directions: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  },
  {
    // Arterial phase, LPS, thick slices.
    name: "b",
    tissueHu: {
      ...tissues,
      Liver: 82,
      Spleen: 128,
      RightKidney: 182,
      LeftKidney: 182,
      Stomach: 112,
      Aorta: 240,
      Pancreas: 108,
      VenaCava: 75,
    },
    noiseHu: 24,
    gain: 1.08,
    voxelMm: [6, 6, 8],
    directions: [[-1, 0, 0], [0, -1, 0], [0, 0, 1]],
  },
  {
    // Late phase at a low dose; coronal slices, tilted about x.
    name: "c",
    tissueHu: {
      ...tissues,
      Liver: 92,
      Spleen: 94,
      RightKidney: 128,
      LeftKidney: 128,
      Stomach: 84,
      Aorta: 104,
      Pancreas: 76,
      VenaCava: 102,
    },
    noiseHu: 30,
    gain: 0.92,
    voxelMm: [6.5, 6, 7],
    directions: [[1, 0, 0], [0, Math.sin(TILT), -Math.cos(TILT)], [0, Math.cos(TILT), Math.sin(TILT)]],
  },
];

/** A scan's grid: shape [k, j, i] of the file, and its affine from (i, j, k) to mm. */
export function scannerGrid(scanner: Scanner, random: RandomGenerator): { shape: Shape; affine: Affine } {
  const { voxelMm, directions, field: [low, high] = [0, 1] } = scanner;
  // The scan's box follows its own axes: each file axis reaches as far as the world axis it follows most.
  const sizes = eachAxis((axis) => {
    const direction = directions[axis];
    const world = direction.reduce((best, part, index) => {
      return Math.abs(part) > Math.abs(direction[best]!) ? index : best;
    }, 0);
    const seen = EXTENT[world]! * (world === 2 ? high - low : 1);
    return Math.round(seen * uniform(random, [0.95, 1.02]) / voxelMm[axis]);
  });
  const centre: Point = [
    uniform(random, [-10, 10]),
    uniform(random, [-8, 8]),
    8 + uniform(random, [-16, 16]) + EXTENT[2] * ((low + high) / 2 - 0.5),
  ];
  const affine = eachAxis((row) => {
    const columns = eachAxis((axis) => directions[axis][row] * voxelMm[axis]);
    const origin = centre[row] - columns.reduce((sum, step, axis) => sum + step * (sizes[axis]! - 1) / 2, 0);
    return [...columns, origin];
  });
  return { shape: [sizes[2], sizes[1], sizes[0]], affine: [...affine, [0, 0, 0, 1]] };
}
