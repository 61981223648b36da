/**
 * From the bytes of a NIfTI file to scaled numbers.
 *
 * @module
 */
import { readImage } from "nifti-reader-js";
import type { NiftiHeader, ParsedHeader } from "./nifti_header.ts";
import { storedVoxels } from "../stored_voxels.ts";
import type { VoxelArray } from "../volume.ts";

/** What may hold scaled voxels without losing digits; wider types are scaled into float64. */
const FLOAT32_SUFFICES = new Set(["int8", "uint8", "int16", "uint16", "float32"]);

/**
 * The voxels, in file order, as `stored · slope + inter`: of the stored type where slope is 1 and inter 0 (64-bit
 * integers as Float64Array, exact up to 2^53); else float32, or float64 for types of 32 and more integer or 64 float
 * bits. Arithmetic is in double precision as in nibabel, rounded once.
 *
 * @param buffer The data file from its first byte to the last voxel.
 */
export function decodeVoxels(buffer: ArrayBuffer, { header, parsed }: ParsedHeader): VoxelArray {
  // readImage multiplies dims[4] and dims[5] even where dims[0] says that they do not exist.
  parsed.dims = [5, ...header.shape, 1, 1].slice(0, 6);
  parsed.numBitsPerVoxel = header.bytesPerVoxel * 8;
  parsed.vox_offset = header.voxelOffset;
  const bytes = readImage(parsed, buffer);
  return scale(storedVoxels(bytes, header), header);
}

function scale(stored: VoxelArray, { slope, inter, datatype }: NiftiHeader): VoxelArray {
  if (slope === 1 && inter === 0) return stored;
  const scaled = FLOAT32_SUFFICES.has(datatype)
    ? stored instanceof Float32Array ? stored : new Float32Array(stored.length)
    : stored instanceof Float64Array
    ? stored
    : new Float64Array(stored.length);
  for (let index = 0; index < stored.length; index++) scaled[index] = stored[index]! * slope + inter;
  return scaled;
}
