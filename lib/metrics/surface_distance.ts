/**
 * Distances between the surface voxels of two masks, as MONAI defines them
 * (`compute_hausdorff_distance`, `compute_average_surface_distance`).
 *
 * The surface S of a mask M is M minus its erosion by the 6-neighbourhood; outside the volume is background, so
 * a voxel of M at the volume's border is on the surface; but along an axis of one voxel nothing is outside, so that of a picture
 * the surface is the contour. With d(a, B) = min over b in B of |a - b| in mm,
 *
 *     HD95 = max( percentile95 { d(p, S_T) : p in S_P },  percentile95 { d(t, S_P) : t in S_T } )
 *     ASSD = ( Σ_p d(p, S_T) + Σ_t d(t, S_P) ) / ( |S_P| + |S_T| )
 *
 * ASSD is the mean over the points of both surfaces together, not the mean of the two directed means.
 *
 * @module
 */
import type { Spacing } from "../imaging/volume.ts";
import { type DirectedDistances, directedDistances, indicesWhere } from "./directed_distances.ts";
import type { MaskPair } from "./mask_pair.ts";
import { percentile } from "./statistics.ts";

/** Distances in mm from each surface voxel of one mask to the nearest surface voxel of the other. */
export function surfaceDistances(pair: MaskPair, { spacing }: { spacing: Spacing }): DirectedDistances {
  const surface = (mask: Uint8Array) => surfaceVoxels(mask, pair);
  return directedDistances(surface(pair.prediction), surface(pair.truth), { shape: pair.shape, spacing });
}

/** 95th percentile Hausdorff distance in mm: NaN when both masks are empty, Infinity when one is. */
export function hausdorff95({ toTruth, toPrediction }: DirectedDistances): number {
  if (toTruth.length + toPrediction.length === 0) return NaN;
  if (toTruth.length === 0 || toPrediction.length === 0) return Infinity;
  return Math.max(percentile(toTruth, 95), percentile(toPrediction, 95));
}

/** Average symmetric surface distance in mm: NaN when both masks are empty, Infinity when one is. */
export function averageSymmetricSurfaceDistance({ toTruth, toPrediction }: DirectedDistances): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return (sum(toTruth) + sum(toPrediction)) / (toTruth.length + toPrediction.length);
}

/** Flat indices of the voxels of a mask that have a face in common with the background. */
export function surfaceVoxels(
  mask: Uint8Array,
  { shape, flat = [false, false, false] }: Pick<MaskPair, "shape" | "flat">,
): Uint32Array {
  const [depth, height, width] = shape, [flatZ, flatY, flatX] = flat;
  // Along a flat axis a voxel is its own neighbour.
  const [plane, row, step] = [flatZ ? 0 : height * width, flatY ? 0 : width, flatX ? 0 : 1];
  const surface = new Uint8Array(mask.length);
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const inner = (flatZ || z > 0 && z < depth - 1) && (flatY || y > 0 && y < height - 1);
      for (let x = 0; x < width; x++, voxel++) {
        if (mask[voxel] === 0) continue;
        const enclosed = inner && (flatX || x > 0 && x < width - 1) &&
          mask[voxel - step]! + mask[voxel + step]! + mask[voxel - row]! + mask[voxel + row]! +
                mask[voxel - plane]! + mask[voxel + plane]! === 6;
        if (!enclosed) surface[voxel] = 1;
      }
    }
  }
  return indicesWhere(surface, (value) => value === 1);
}
