/**
 * What is checked of a NIfTI header before memory is spent on what it announces.
 *
 * @module
 */
import { isNIFTI1, isNIFTI2 } from "nifti-reader-js";
import type { NIFTI1, NIFTI2 } from "nifti-reader-js";
import { formatOf } from "./file_formats.ts";
import { READABLE_DATATYPES, REFUSED_DATATYPES } from "./nifti_datatypes.ts";
import type { NiftiDatatype } from "./nifti_datatypes.ts";
import { ScanError } from "../scan_error.ts";

/** One number an axis, of which there are 3 to 5, in file order: i, which runs fastest, first. */
export type PerAxis = [i: number, j: number, k: number, ...others: number[]];

/**
 * The version of the header that a file begins with.
 *
 * @throws ScanError `format` for anything else, `truncated` for half a header.
 */
export function sniffVersion(view: DataView<ArrayBuffer>, path: string): 1 | 2 {
  const size = (littleEndian: boolean) => view.byteLength >= 4 ? view.getInt32(0, littleEndian) : 0;
  const sizes = [size(true), size(false)];
  const version = sizes.includes(348) ? 1 : sizes.includes(540) ? 2 : undefined;
  const length = version === 1 ? 348 : 540;
  if (version && view.byteLength < length) {
    throw new ScanError("truncated", `wanted a header of ${length} bytes, found ${view.byteLength}`, {
      path,
    });
  }
  if (!version || !(version === 1 ? isNIFTI1 : isNIFTI2)(view.buffer, true)) {
    const format = formatOf(new Uint8Array(view.buffer));
    throw new ScanError("format", `wanted NIfTI, found ${format}`, { path });
  }
  checkMagicEnd(view, { version, path });
  return version;
}

/** Behind the magic's three letters: a zero, and in NIfTI-2 the line ends that a text-mode transfer spoils. */
function checkMagicEnd(view: DataView, { version, path }: { version: 1 | 2; path: string }): void {
  const end = version === 1 ? view.getUint8(347) : view.getUint8(7);
  const lineEnds = version === 1 ? 0 : view.getUint32(8, false);
  if (end === 0 && (lineEnds === 0 || lineEnds === 0x0d0a1a0a)) return;
  const problem = "wanted a whole NIfTI magic, found one that a text-mode transfer may have changed";
  throw new ScanError("header", problem, { path });
}

/** @throws ScanError `rgb`, `complex` or `datatype` where a voxel is not one number. */
export function checkDatatype(code: number, path: string): NiftiDatatype {
  const type = READABLE_DATATYPES[code];
  if (type) return type;
  const { name, reason } = REFUSED_DATATYPES[code] ?? { name: "unknown", reason: "datatype" };
  throw new ScanError(reason, `wanted one real number a voxel, found datatype ${code}: ${name}`, { path });
}

/** The lengths of the 3 to 5 axes. @throws ScanError `dimensions`. */
export function checkShape(dims: number[], path: string): PerAxis {
  const axes = dims[0]!;
  if (!(axes >= 3 && axes <= 5)) {
    const hint = axes === 2 ? "; a picture is a scan of one slice: give it a third axis of length 1" : "";
    throw new ScanError("dimensions", `wanted 3 to 5 axes, found ${axes}${hint}`, { path });
  }
  const shape = dims.slice(1, axes + 1);
  const impossible = shape.findIndex((size) => !(Number.isSafeInteger(size) && size >= 1));
  if (impossible >= 0 || !Number.isSafeInteger(shape.reduce((product, size) => product * size, 16))) {
    const problem = "wanted axes of at least one voxel and a size that memory can hold";
    throw new ScanError("dimensions", `${problem}, found ${shape.join("×")}`, { path });
  }
  return shape as PerAxis;
}

/** Slope and intercept, 1 and 0 where the header means "not scaled". @throws ScanError `scaling`. */
export function checkScaling(
  { scl_slope, scl_inter }: NIFTI1 | NIFTI2,
  path: string,
): { slope: number; inter: number } {
  if (scl_slope === 0 || !Number.isFinite(scl_slope)) return { slope: 1, inter: 0 };
  if (Number.isFinite(scl_inter)) return { slope: scl_slope, inter: scl_inter };
  const problem = `wanted a finite scl_inter beside scl_slope ${scl_slope}, found ${scl_inter}`;
  throw new ScanError("scaling", problem, { path });
}

/**
 * Where the voxels begin. Unlike in nibabel, which then reads the header as voxels, an offset of 0 in a single file
 * means "right behind".
 *
 * @throws ScanError `header`.
 */
export function checkOffset(
  parsed: NIFTI1 | NIFTI2,
  { path, single, smallest }: { path: string; single: boolean; smallest: number },
): number {
  const stored = parsed.vox_offset;
  const announcesPair = parsed.magic.startsWith("ni");
  if (single && announcesPair && !(stored >= smallest)) {
    const problem = "wanted voxels behind the header, which announces a separate .img file";
    throw new ScanError("header", problem, { path });
  }
  const offset = single && stored === 0 ? smallest : Math.trunc(stored);
  const least = single ? smallest : 0;
  if (offset >= least && Number.isSafeInteger(offset)) return offset;
  throw new ScanError("header", `wanted vox_offset >= ${least}, found ${stored}`, { path });
}

/** NIfTI defines 0…5; others count as 0, as in nibabel. */
export function knownTransform(code: number): number {
  return code >= 1 && code <= 5 ? code : 0;
}
