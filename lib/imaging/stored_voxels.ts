/**
 * Voxels as files store them, of any type and either byte order, as numbers.
 *
 * @module
 */
import type { VoxelArray } from "./volume.ts";

/** An array type, and the bytes of one of its values. */
interface StoredType {
  bytes: number;
  /** 64-bit integers have none and become Float64Array. */
  array?: new (buffer: ArrayBuffer) => VoxelArray;
}

/** Types by NumPy's name. */
export const STORED_TYPES = {
  uint8: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  uint16: { bytes: 2, array: Uint16Array },
  int16: { bytes: 2, array: Int16Array },
  uint32: { bytes: 4, array: Uint32Array },
  int32: { bytes: 4, array: Int32Array },
  uint64: { bytes: 8 },
  int64: { bytes: 8 },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
} as const satisfies Record<string, StoredType>;

export type StoredTypeName = keyof typeof STORED_TYPES;

/**
 * The numbers in a buffer, in their order. 64-bit integers become Float64Array, exact up to 2^53.
 *
 * @param buffer Whole values and nothing else; its bytes may be swapped.
 */
export function storedVoxels(
  buffer: ArrayBuffer,
  { datatype, endian }: { datatype: StoredTypeName; endian: "little" | "big" },
): VoxelArray {
  const { bytes, array }: StoredType = STORED_TYPES[datatype];
  if (endian === "big") swapBytes(buffer, bytes);
  return array ? new array(buffer) : numbersOf64BitIntegers(buffer, { signed: datatype === "int64" });
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
