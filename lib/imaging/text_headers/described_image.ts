/**
 * Images whose header is text, NRRD and MetaImage: what it says, and the voxels that it describes.
 *
 * @module
 */
import { openByteSource } from "../byte_source.ts";
import { ScanError } from "../scan_error.ts";
import { STORED_TYPES, type StoredTypeName, storedVoxels } from "../stored_voxels.ts";
import type { Affine, Shape, VoxelArray } from "../volume.ts";

/** A header's content, in our terms. */
export interface DescribedImage {
  /** Of the header. */
  path: string;
  /** File that holds the voxels: the same one, or one beside it. */
  dataPath: string;
  /** Byte of that file at which the voxels begin; `last`: they are its last ones. */
  start: number | "last";
  /** By gzip or zlib. */
  compressed: boolean;
  datatype: StoredTypeName;
  endian: "little" | "big";
  shape: Shape;
  affine: Affine;
  /** What of its geometry is odd, and what was made of it: one sentence each. */
  notes: string[];
}

/** More text than this before the voxels is taken for something else. */
const LONGEST_HEADER = 2 ** 24;

/** Bytes read at a time, until the header has ended. */
const CHUNK_BYTES = 65_536;

/** A header's lines, and the byte behind the last of them. */
export interface HeaderText {
  lines: string[];
  end: number;
}

/**
 * Reads the text before the voxels.
 *
 * @param endOf the byte behind the header in its text, a letter a byte; undefined where the text does not hold its end
 * @throws ScanError `truncated` where the file ends first, `format` where it goes on too long
 */
export async function readHeaderText(
  path: string,
  endOf: (text: string, whole: boolean) => number | undefined,
): Promise<HeaderText> {
  const source = await openByteSource(path, { compressed: false });
  try {
    const bytes = new Uint8Array(Math.min(source.capacity, LONGEST_HEADER));
    let length = 0, text = "";
    while (length < bytes.length) {
      const read = await source.read(bytes.subarray(length, length + CHUNK_BYTES));
      if (read === 0) break;
      text += new TextDecoder("latin1").decode(bytes.subarray(length, length + read));
      length += read;
      const end = endOf(text, length === source.capacity);
      if (end === undefined) continue;
      return { lines: new TextDecoder().decode(bytes.subarray(0, end)).split(/\r?\n/), end };
    }
    const [reason, found] = length < LONGEST_HEADER
      ? ["truncated", `the file ends within it, after ${length}`] as const
      : ["format", `found no end in ${LONGEST_HEADER}`] as const;
    throw new ScanError(reason, `wanted a whole header, ${found} bytes`, { path });
  } finally {
    source.close();
  }
}

/** @throws ScanError `missing`, `truncated`, `oversized` and `corrupt`, of the file that holds the voxels */
export async function readDescribedVoxels(image: DescribedImage): Promise<VoxelArray> {
  const { shape, datatype, endian, compressed, dataPath: path } = image;
  const total = shape.reduce((product, size) => product * size) * STORED_TYPES[datatype].bytes;
  const announced = `the header announces ${
    shape.toReversed().join("×")
  } voxels of ${datatype}, ${total} bytes`;
  const start = image.start === "last" ? Math.max(0, await sizeOf(path) - total) : image.start;
  const source = await openByteSource(path, { start, compressed });
  try {
    if (total > source.capacity) {
      throw new ScanError("truncated", `${announced}, the file can hold ${source.capacity}`, { path });
    }
    const buffer = new ArrayBuffer(total);
    const read = await source.read(new Uint8Array(buffer));
    if (read < total) {
      throw new ScanError("truncated", `${announced}, the file ends after ${read}`, { path });
    }
    await source.finish();
    return storedVoxels(buffer, { datatype, endian });
  } finally {
    source.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ScanError("missing", "there is no such file", { path, cause: error });
  }
}
