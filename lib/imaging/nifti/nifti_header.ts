/**
 * A NIfTI header, parsed by nifti-reader-js and checked before anybody believes it.
 *
 * @module
 */
import { readHeader } from "nifti-reader-js";
import type { NIFTI1, NIFTI2 } from "nifti-reader-js";
import type { StoredTypeName } from "../stored_voxels.ts";
import {
  checkDatatype,
  checkOffset,
  checkScaling,
  checkShape,
  knownTransform,
  type PerAxis,
  sniffVersion,
} from "./nifti_header_checks.ts";

/** Bytes of the longest header, NIfTI-2's, with the four that tell of extensions. */
export const LONGEST_HEADER_BYTES = 544;

export interface NiftiHeader {
  version: 1 | 2;
  endian: "little" | "big";
  /** Name of the voxel type on disk, as NumPy calls it. */
  datatype: StoredTypeName;
  bytesPerVoxel: number;
  /** Length of each axis. */
  shape: PerAxis;
  /** Distance between voxels along each axis, in the header's units; for the three spatial axes > 0. */
  zooms: PerAxis;
  /** Whether none of the three spatial ones stands for one that is missing (0, or not finite). */
  hasZooms: boolean;
  /** 1, or -1 where the third axis of the qform points the other way. */
  qfac: 1 | -1;
  qformCode: number;
  sformCode: number;
  /** b, c and d of the qform's unit quaternion. */
  quaternion: [b: number, c: number, d: number];
  /** Position of voxel (0, 0, 0) by the qform, mm. */
  qoffset: [x: number, y: number, z: number];
  /** Three rows of the sform, from voxel (i, j, k, 1) to mm. */
  sform: number[][];
  /** `scl_slope` and `scl_inter` where they mean anything, otherwise 1 and 0. */
  slope: number;
  inter: number;
  /** Byte in the data file at which the voxels begin. */
  voxelOffset: number;
  /** Byte in the header file at which extensions may begin; 0 where the header announces none. */
  extensionOffset: number;
  /** NIfTI's code of the units of space and time. */
  units: number;
  description: string;
}

export interface ParsedHeader {
  /** Plain data: it may be sent to a worker. */
  header: NiftiHeader;
  /** nifti-reader-js's own, which its `readImage` wants. */
  parsed: NIFTI1 | NIFTI2;
}

/**
 * Parses and checks the first bytes of a header file.
 *
 * As in nibabel, codes of unknown transforms count as 0, a `qfac` other than ±1 as 1, negative spacings as positive
 * and zero spacings as 1; slopes that are 0 or not finite mean "not scaled".
 *
 * @param bytes The file's first {@linkcode LONGEST_HEADER_BYTES} bytes, or fewer where it is shorter.
 * @param options `single`: whether the voxels are in the same file.
 * @throws ScanError of every reason that a header alone can tell.
 */
export function parseNiftiHeader(
  bytes: Uint8Array<ArrayBuffer>,
  { path, single }: ParseHeaderOptions,
): ParsedHeader {
  const buffer = bytes.slice().buffer;
  const view = new DataView(buffer);
  const version = sniffVersion(view, path);
  // Only the fixed part: the library's own walk along the extensions can loop forever on a negative size.
  const parsed = readHeader(buffer.slice(0, version === 1 ? 348 : 540), true);
  const { littleEndian } = parsed;
  const { name, bytes: bytesPerVoxel } = checkDatatype(parsed.datatypeCode, path);
  const shape = checkShape(parsed.dims, path);
  const zooms = parsed.pixDims.slice(1, shape.length + 1)
    .map((zoom, axis) => axis < 3 ? (zoom === 0 ? 1 : Math.abs(zoom)) : zoom) as PerAxis;
  // parsed.affine may already be the qform's, so the sform is taken from its bytes.
  const sform = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) =>
      version === 1
        ? view.getFloat32(280 + 4 * (4 * row + column), littleEndian)
        : view.getFloat64(400 + 8 * (4 * row + column), littleEndian)
    )
  );
  const extensionFlag = version === 1 ? 348 : 540;
  const header: NiftiHeader = {
    version,
    endian: littleEndian ? "little" : "big",
    datatype: name,
    bytesPerVoxel,
    shape,
    zooms,
    hasZooms: parsed.pixDims.slice(1, 4).every((zoom) => zoom !== 0 && Number.isFinite(zoom)),
    qfac: parsed.pixDims[0] === -1 ? -1 : 1,
    qformCode: knownTransform(parsed.qform_code),
    sformCode: knownTransform(parsed.sform_code),
    quaternion: [parsed.quatern_b, parsed.quatern_c, parsed.quatern_d],
    qoffset: [parsed.qoffset_x, parsed.qoffset_y, parsed.qoffset_z],
    sform,
    ...checkScaling(parsed, path),
    voxelOffset: checkOffset(parsed, { path, single, smallest: version === 1 ? 352 : 544 }),
    extensionOffset: bytes.length > extensionFlag + 3 && bytes[extensionFlag] !== 0 ? extensionFlag + 4 : 0,
    units: parsed.xyzt_units,
    description: parsed.description,
  };
  return { header, parsed };
}

export interface ParseHeaderOptions {
  path: string;
  single: boolean;
}
