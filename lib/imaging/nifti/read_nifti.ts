/**
 * Reading NIfTI: .nii and .hdr/.img, gzipped or not, versions 1 and 2, both byte orders.
 *
 * @module
 */
import { openByteSource } from "../byte_source.ts";
import type { ByteSource } from "../byte_source.ts";
import { ScanError } from "../scan_error.ts";
import { readExtensions } from "./nifti_extensions.ts";
import type { NiftiExtension } from "./nifti_extensions.ts";
import { geometryOfHeader, millimetresOf, type NiftiGeometry } from "./nifti_geometry.ts";
import { LONGEST_HEADER_BYTES, parseNiftiHeader } from "./nifti_header.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import type { PerAxis } from "./nifti_header_checks.ts";
import { findNiftiFiles } from "./nifti_paths.ts";
import { decodeVoxels } from "./nifti_voxels.ts";
import { implausible } from "../plausible_grid.ts";
import { type Affine, spacingOf, type VoxelArray } from "../volume.ts";

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
  /** What of its geometry is odd, and what was made of it: one sentence each. */
  notes: string[];
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
 * @throws ScanError with a `reason`, see there.
 */
export async function readNifti(
  path: string,
  { plausible = false }: ReadNiftiOptions = {},
): Promise<NiftiImage> {
  const { headerPath, imagePath } = await findNiftiFiles(path);
  const single = headerPath === imagePath;
  const headerSource = await openByteSource(headerPath);
  let imageSource: ByteSource | undefined;
  try {
    const start = await readUpTo(headerSource, LONGEST_HEADER_BYTES);
    const { header, parsed } = parseNiftiHeader(start, { path: headerPath, single });
    imageSource = single ? headerSource : await openByteSource(imagePath);
    requireCapacity(header, imageSource, imagePath);
    const { affine, notes } = placed(header, { path: headerPath, plausible });
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
    const { shape } = header, millimetres = millimetresOf(header);
    const zooms = header.zooms.map((zoom, axis) => axis < 3 ? zoom * millimetres : zoom) as PerAxis;
    return { path, shape, zooms, affine, notes, data, header, extensions };
  } finally {
    headerSource.close();
    imageSource?.close();
  }
}

export interface ReadNiftiOptions {
  /** Refuse grids that no scan of a person has, before memory is spent on them (see plausible_grid.ts). @default false */
  plausible?: boolean;
}

/** What a file's header says of its grid; voxels are not read. @throws ScanError as `readNifti` */
export async function readNiftiGeometry(
  path: string,
  options: ReadNiftiOptions = {},
): Promise<Pick<NiftiImage, "path" | "shape" | "affine" | "notes" | "header">> {
  const { headerPath, imagePath } = await findNiftiFiles(path);
  const source = await openByteSource(headerPath);
  try {
    const start = await readUpTo(source, LONGEST_HEADER_BYTES);
    const { header } = parseNiftiHeader(start, { path: headerPath, single: headerPath === imagePath });
    return { path, shape: header.shape, header, ...placed(header, { path: headerPath, ...options }) };
  } finally {
    source.close();
  }
}

function placed(
  header: NiftiHeader,
  { path, plausible = false }: { path: string } & ReadNiftiOptions,
): NiftiGeometry {
  const geometry = geometryOfHeader(header, path);
  const [width, height, depth] = header.shape;
  const problem = plausible && implausible([depth, height, width], spacingOf(geometry.affine));
  if (problem) throw new ScanError("implausible", problem, { path });
  return geometry;
}

function announcedBy({ shape, voxelOffset, bytesPerVoxel, datatype }: NiftiHeader) {
  const total = voxelOffset + shape.reduce((product, size) => product * size) * bytesPerVoxel;
  const announced = `the header announces ${
    shape.join("×")
  } voxels of ${datatype} from byte ${voxelOffset}, ${total} bytes`;
  return { total, announced };
}

/** @throws ScanError `truncated` */
function requireCapacity(header: NiftiHeader, { capacity }: ByteSource, path: string): void {
  const { total, announced } = announcedBy(header);
  if (total <= capacity) return;
  throw new ScanError("truncated", `${announced}, the file can hold ${capacity}`, { path });
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
  const { total, announced } = announcedBy(header);
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(total);
  } catch (error) {
    throw new ScanError("oversized", `${announced}, more than memory holds`, { path, cause: error });
  }
  const bytes = new Uint8Array(buffer);
  bytes.set(start.subarray(0, total));
  const read = Math.min(start.length, total) + await source.read(bytes.subarray(start.length));
  if (read < total) throw new ScanError("truncated", `${announced}, the file ends after ${read}`, { path });
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
    throw new ScanError("oversized", `wanted a header file of less than ${LONGEST_HEADER_FILE} bytes`, {
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
