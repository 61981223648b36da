/**
 * From the bytes of a NIfTI file to scaled numbers.
 *
 * @module
 */
import { readImage } from "nifti-reader-js";
import { READABLE_DATATYPES } from "./nifti_datatypes.ts";
import type { NiftiHeader, ParsedHeader } from "./nifti_header.ts";
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
  if (header.endian === "big") swapBytes(bytes, header.bytesPerVoxel);
  const { array } = READABLE_DATATYPES[parsed.datatypeCode]!;
  const stored = array
    ? new array(bytes)
    : numbersOf64BitIntegers(bytes, { signed: header.datatype === "int64" });
  return scale(stored, header);
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

/** In place, over the words' own width: the machine is little-endian (x86-64, ARM). */
function swapBytes(buffer: ArrayBuffer, bytesPerVoxel: number): void {
  if (bytesPerVoxel === 2) {
    const words = new Uint16Array(buffer);
    for (let i = 0; i < words.length; i++) words[i] = words[i]! << 8 | words[i]! >>> 8;
  } else if (bytesPerVoxel >= 4) {
    const words = new Uint32Array(buffer);
    for (let i = 0; i < words.length; i++) {
      const w = words[i]!;
      words[i] = w << 24 | (w & 0xff00) << 8 | w >>> 8 & 0xff00 | w >>> 24;
    }
    if (bytesPerVoxel === 8) {
      for (let i = 0; i < words.length; i += 2) [words[i], words[i + 1]] = [words[i + 1]!, words[i]!];
    }
  }
}

/** In place of BigInts: two words each, so high · 2^32 + low. */
function numbersOf64BitIntegers(buffer: ArrayBuffer, { signed }: { signed: boolean }): Float64Array {
  const low = new Uint32Array(buffer);
  const high = signed ? new Int32Array(buffer) : low;
  const numbers = new Float64Array(low.length / 2);
  for (let i = 0; i < numbers.length; i++) numbers[i] = high[2 * i + 1]! * 2 ** 32 + low[2 * i]!;
  return numbers;
}
