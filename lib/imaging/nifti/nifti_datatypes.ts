/**
 * NIfTI's voxel types: which are read, into which array, and which are refused by name.
 *
 * @module
 */
import type { StoredTypeName } from "../stored_voxels.ts";
import type { VoxelArray } from "../volume.ts";

export interface NiftiDatatype {
  /** As NumPy calls it. */
  name: StoredTypeName;
  bytes: number;
  /** Array of the voxels as stored. 64-bit integers have none and become Float64Array. */
  array?: VoxelArrayConstructor;
}

export type VoxelArrayConstructor = {
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): VoxelArray;
  new (length: number): VoxelArray;
};

/** By the header's datatype code. */
export const READABLE_DATATYPES: Record<number, NiftiDatatype> = {
  2: { name: "uint8", bytes: 1, array: Uint8Array },
  4: { name: "int16", bytes: 2, array: Int16Array },
  8: { name: "int32", bytes: 4, array: Int32Array },
  16: { name: "float32", bytes: 4, array: Float32Array },
  64: { name: "float64", bytes: 8, array: Float64Array },
  256: { name: "int8", bytes: 1, array: Int8Array },
  512: { name: "uint16", bytes: 2, array: Uint16Array },
  768: { name: "uint32", bytes: 4, array: Uint32Array },
  1024: { name: "int64", bytes: 8 },
  1280: { name: "uint64", bytes: 8 },
};

/**
 * By the header's datatype code. float128 is refused because writers disagree on what it is (IEEE binary128, or
 * x87's 80 bits padded to 16 bytes), and a wrong guess reads as plausible numbers; nibabel refuses it likewise.
 */
export const REFUSED_DATATYPES: Record<number, { name: string; reason: "rgb" | "complex" | "datatype" }> = {
  0: { name: "unknown", reason: "datatype" },
  1: { name: "binary", reason: "datatype" },
  32: { name: "complex64", reason: "complex" },
  128: { name: "RGB24", reason: "rgb" },
  1536: { name: "float128", reason: "datatype" },
  1792: { name: "complex128", reason: "complex" },
  2048: { name: "complex256", reason: "complex" },
  2304: { name: "RGBA32", reason: "rgb" },
};

/** The datatype code that an array is written as. */
export function datatypeCodeOf(data: VoxelArray): number {
  const entry = Object.entries(READABLE_DATATYPES).find(([, type]) =>
    type.array && data instanceof type.array
  );
  return Number(entry![0]);
}
