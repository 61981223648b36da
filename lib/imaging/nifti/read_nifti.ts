/**
 * Reading NIfTI: .nii and .hdr/.img, gzipped or not, versions 1 and 2, both byte orders.
 *
 * @module
 */
import { openByteSource } from "./byte_source.ts";
import type { ByteSource } from "./byte_source.ts";
import { NiftiError } from "./nifti_error.ts";
import { readExtensions } from "./nifti_extensions.ts";
import type { NiftiExtension } from "./nifti_extensions.ts";
import { affineOfHeader } from "./nifti_geometry.ts";
import { LONGEST_HEADER_BYTES, parseNiftiHeader } from "./nifti_header.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import type { PerAxis } from "./nifti_header_checks.ts";
import { findNiftiFiles } from "./nifti_paths.ts";
import { decodeVoxels } from "./nifti_voxels.ts";
import type { Affine, VoxelArray } from "../volume.ts";

/** A .hdr file with more behind its header than this is taken for something else. */
const LONGEST_HEADER_FILE = 2 ** 26;

export interface NiftiImage {
  path: string;
  /** Length of the 3 to 5 axes in file order [i, j, k, time, channel]: i runs fastest in `data`. */
  shape: PerAxis;
  /** Distance between voxels along each axis of `shape`; the spatial ones in mm. */
  zooms: PerAxis;
  /** From voxel (i, j, k) to mm in RAS+. */
  affine: Affine;
  /** Scaled voxels (see `decodeVoxels`). */
  data: VoxelArray;
  header: NiftiHeader;
  extensions: NiftiExtension[];
}

/**
 * Reads a numeric image of 3 to 5 dimensions. The path may be any of a pair's two files.
 *
 * The header is read and believed only as far as the file can hold what it announces; voxels are inflated into a
 * buffer of exactly the announced size, and a file that goes on inflating is left there.
 *
 * @throws NiftiError with a `reason`, see there.
 */
export async function readNifti(path: string): Promise<NiftiImage> {
  const { headerPath, imagePath } = await findNiftiFiles(path);
  const single = headerPath === imagePath;
  const headerSource = await openByteSource(headerPath);
  let imageSource: ByteSource | undefined;
  try {
    const start = await readUpTo(headerSource, LONGEST_HEADER_BYTES);
    const { header, parsed } = parseNiftiHeader(start, { path: headerPath, single });
    const affine = affineOfHeader(header, headerPath);
    imageSource = single ? headerSource : await openByteSource(imagePath);
    const buffer = await readToLastVoxel(imageSource, {
      header,
      start: single ? start : undefined,
      path: imagePath,
    });
    const beforeVoxels = single
      ? new Uint8Array(buffer, 0, header.voxelOffset)
      : await readHeaderFile(headerSource, { start, path: headerPath });
    const extensions = readExtensions(beforeVoxels, { header, path: headerPath });
    const data = decodeVoxels(buffer, { header, parsed });
    return { path, shape: header.shape, zooms: header.zooms, affine, data, header, extensions };
  } finally {
    headerSource.close();
    imageSource?.close();
  }
}

/** All bytes of the data file up to the last voxel, in a buffer that is made only once the file can fill it. */
async function readToLastVoxel(
  source: ByteSource,
  { header, start = new Uint8Array(0), path }: {
    header: NiftiHeader;
    start?: Uint8Array | undefined;
    path: string;
  },
): Promise<ArrayBuffer> {
  const voxels = header.shape.reduce((product, size) => product * size);
  const total = header.voxelOffset + voxels * header.bytesPerVoxel;
  const announced = `the header announces ${header.shape.join("×")} voxels of ${header.datatype} from byte ` +
    `${header.voxelOffset}, ${total} bytes`;
  if (total > source.capacity) {
    throw new NiftiError("truncated", `${announced}, the file can hold ${source.capacity}`, { path });
  }
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(total);
  } catch (error) {
    throw new NiftiError("oversized", `${announced}, more than memory holds`, { path, cause: error });
  }
  const bytes = new Uint8Array(buffer);
  bytes.set(start.subarray(0, total));
  const read = Math.min(start.length, total) + await source.read(bytes.subarray(start.length));
  if (read < total) throw new NiftiError("truncated", `${announced}, the file ends after ${read}`, { path });
  await source.finish();
  return buffer;
}

/** A pair's header file whole: its extensions reach to its end. */
async function readHeaderFile(
  source: ByteSource,
  { start, path }: { start: Uint8Array; path: string },
): Promise<Uint8Array> {
  const rest = await readUpTo(source, Math.min(source.capacity, LONGEST_HEADER_FILE));
  if (rest.length === LONGEST_HEADER_FILE) {
    throw new NiftiError("oversized", `wanted a header file of less than ${LONGEST_HEADER_FILE} bytes`, {
      path,
    });
  }
  const whole = new Uint8Array(start.length + rest.length);
  whole.set(start);
  whole.set(rest, start.length);
  return whole;
}

async function readUpTo(source: ByteSource, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8Array(bytes);
  return target.subarray(0, await source.read(target));
}
