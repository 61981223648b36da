/**
 * Normalised surface Dice (NSD) at a tolerance, as DeepMind's surface-distance computes it
 * (`compute_surface_dice_at_tolerance`; Nikolov et al., arXiv 1809.04430).
 *
 * The surface lies between voxels: at each corner that eight voxels share and that are not all in or all out, it
 * has a surface element of the area that marching cubes gives the eight (surface_elements.ts). With a(e) the
 * area of an element and d(e) the distance in mm from its corner to the nearest corner of the other surface,
 *
 *     NSD = ( Σ_{e in S_P, d(e) ≤ τ} a(e) + Σ_{e in S_T, d(e) ≤ τ} a(e) ) / ( Σ_{S_P} a(e) + Σ_{S_T} a(e) )
 *
 * Outside the volume is background: a mask that touches the border is closed there. A volume of one slice goes on for ever across it, so that
 * its elements are the walls along the contours, as long as these are: NSD of a picture.
 *
 * @module
 */
import type { Shape, Spacing } from "../imaging/volume.ts";
import { directedDistances, indicesWhere } from "./directed_distances.ts";
import type { MaskPair } from "./mask_pair.ts";
import { surfaceElementAreas } from "./surface_elements.ts";

/**
 * NSD in [0, 1]; NaN when both masks are empty, 0 when one is.
 *
 * @throws {RangeError} When the tolerance is negative or not a number.
 */
export function normalisedSurfaceDice(
  pair: MaskPair,
  options: { spacing: Spacing; toleranceMm: number },
): number {
  const { spacing, toleranceMm } = options;
  assertTolerance(toleranceMm);
  const areas = surfaceElementAreas(spacing);
  // Along a flat axis corners lie beside the voxels, not before and behind them.
  const { flat = [false, false, false] } = pair;
  const shape = pair.shape.map((size, axis) => flat[axis] ? size : size + 1) as Shape;
  const prediction = surfaceElements(pair.prediction, { ...pair, corners: shape, areas });
  const truth = surfaceElements(pair.truth, { ...pair, corners: shape, areas });
  const { toTruth, toPrediction } = directedDistances(prediction.corners, truth.corners, { shape, spacing });
  const within = withinTolerance(prediction.areas, { distances: toTruth, toleranceMm }) +
    withinTolerance(truth.areas, { distances: toPrediction, toleranceMm });
  const everything = withinTolerance(prediction.areas, { distances: toTruth, toleranceMm: Infinity }) +
    withinTolerance(truth.areas, { distances: toPrediction, toleranceMm: Infinity });
  return within / everything;
}

/** @throws {RangeError} When the tolerance is negative, not a number, or there is none. */
export function assertTolerance(toleranceMm: number | undefined): asserts toleranceMm is number {
  if (toleranceMm !== undefined && toleranceMm >= 0) return;
  throw new RangeError(
    `Cannot compute normalised surface Dice: the tolerance must be >= 0 mm, current value is ${toleranceMm}`,
  );
}

interface CornerOptions extends Pick<MaskPair, "shape" | "flat"> {
  /** How many corners there are along each axis. */
  corners: Shape;
}

/** The corners on a mask's surface, as flat indices, and their areas. */
function surfaceElements(
  mask: Uint8Array,
  options: CornerOptions & { areas: Float64Array },
): { corners: Uint32Array; areas: Float64Array } {
  const codes = cellCodes(mask, options);
  const corners = indicesWhere(codes, (code) => code !== 0 && code !== 255);
  return { corners, areas: Float64Array.from(corners, (corner) => options.areas[codes[corner]!]!) };
}

/**
 * The cell code of every corner. Corner (z, y, x) lies between the voxels z - 1 and z, y - 1 and y, x - 1 and x;
 * seen from a voxel, it is the near or far corner, so the voxel is that cell's far or near one. Along a flat axis it is both.
 */
function cellCodes(
  mask: Uint8Array,
  { shape, flat = [false, false, false], corners }: CornerOptions,
): Uint8Array {
  const [depth, height, width] = shape, [flatZ, flatY, flatX] = flat;
  const row = corners[2], plane = corners[1] * row;
  const [back, down, right] = [flatZ ? 0 : plane, flatY ? 0 : row, flatX ? 0 : 1];
  const codes = new Uint8Array(corners[0] * plane);
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0, corner = z * plane + y * row; x < width; x++, voxel++, corner++) {
        if (mask[voxel] === 0) continue;
        codes[corner]! |= 128;
        codes[corner + right]! |= 64;
        codes[corner + down]! |= 32;
        codes[corner + down + right]! |= 16;
        codes[corner + back]! |= 8;
        codes[corner + back + right]! |= 4;
        codes[corner + back + down]! |= 2;
        codes[corner + back + down + right]! |= 1;
      }
    }
  }
  return codes;
}

function withinTolerance(
  areas: Float64Array,
  options: { distances: Float64Array; toleranceMm: number },
): number {
  let sum = 0;
  for (let i = 0; i < areas.length; i++) if (options.distances[i]! <= options.toleranceMm) sum += areas[i]!;
  return sum;
}
