/**
 * Loading one scan or label map.
 *
 * @module
 */
import { describeMatrix, isInvertible, linearPart } from "./matrix.ts";
import { NiftiError } from "./nifti/nifti_error.ts";
import type { NiftiHeader } from "./nifti/nifti_header.ts";
import { readNifti } from "./nifti/read_nifti.ts";
import type { Volume, VoxelArray } from "./volume.ts";

/** A volume in its file's own orientation, with what is needed to write something onto the same grid. */
export interface Scan<T extends VoxelArray = VoxelArray> extends Volume<T> {
  path: string;
  header: NiftiHeader;
  /** What of its geometry is odd, and what was made of it: one sentence each, without the path. */
  notes: string[];
}

/**
 * Reads a 3D image; trailing axes of length 1 are dropped. `data` are the scaled voxels of `readNifti`.
 *
 * @throws NiftiError as `readNifti`; `implausible` of grids that no scan of a person has (see plausible_grid.ts); `dimensions` when there is more than one volume; `geometry` when the affine
 *   squeezes space flat.
 */
export async function loadScan(path: string): Promise<Scan> {
  const { shape, affine, notes, data, header } = await readNifti(path, { plausible: true });
  if (shape.slice(3).some((size) => size > 1)) {
    throw new NiftiError("dimensions", `wanted one 3D volume, found ${shape.join("×")}`, { path });
  }
  if (!isInvertible(linearPart(affine))) {
    throw new NiftiError("geometry", `wanted an invertible affine, found ${describeMatrix(affine)}`, {
      path,
    });
  }
  const [width, height, depth] = shape;
  return { data, shape: [depth, height, width], affine, path, header, notes };
}
