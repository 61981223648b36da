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
 * Outside the volume is background: a mask that touches the border is closed there.
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
  const prediction = surfaceElements(pair.prediction, { shape: pair.shape, areas });
  const truth = surfaceElements(pair.truth, { shape: pair.shape, areas });
  const shape = pair.shape.map((size) => size + 1) as Shape;
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

/** The corners on a mask's surface, as flat indices into [depth + 1, height + 1, width + 1], and their areas. */
function surfaceElements(
  mask: Uint8Array,
  options: { shape: Shape; areas: Float64Array },
): { corners: Uint32Array; areas: Float64Array } {
  const codes = cellCodes(mask, options.shape);
  const corners = indicesWhere(codes, (code) => code !== 0 && code !== 255);
  return { corners, areas: Float64Array.from(corners, (corner) => options.areas[codes[corner]!]!) };
}

/**
 * The cell code of every corner. Corner (z, y, x) lies between the voxels z - 1 and z, y - 1 and y, x - 1 and x;
 * seen from a voxel, it is the near or far corner, so the voxel is that cell's far or near one.
 */
function cellCodes(mask: Uint8Array, shape: Shape): Uint8Array {
  const [depth, height, width] = shape;
  const row = width + 1;
  const plane = (height + 1) * row;
  const codes = new Uint8Array((depth + 1) * plane);
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0, corner = z * plane + y * row; x < width; x++, voxel++, corner++) {
        if (mask[voxel] === 0) continue;
        codes[corner]! |= 128;
        codes[corner + 1]! |= 64;
        codes[corner + row]! |= 32;
        codes[corner + row + 1]! |= 16;
        codes[corner + plane]! |= 8;
        codes[corner + plane + 1]! |= 4;
        codes[corner + plane + row]! |= 2;
        codes[corner + plane + row + 1]! |= 1;
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
