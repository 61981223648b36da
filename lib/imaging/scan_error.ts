/**
 * Why a file is not read or written as a scan.
 *
 * @module
 */

/**
 * - `missing`: no such file;
 * - `missing_image`, `missing_header`: one half of a .hdr/.img pair is not there;
 * - `format`: not of a format that is read;
 * - `rgb`, `complex`: more than one number a voxel;
 * - `datatype`: unknown or unsupported voxel type;
 * - `dimensions`: wrong number of axes, or an axis that cannot be;
 * - `header`: other contradictory header fields;
 * - `geometry`, `scaling`: an affine or an intercept that is not finite or not invertible;
 * - `implausible`: a grid that no scan of a person has;
 * - `extension`: a broken chain of header extensions;
 * - `truncated`: fewer bytes than the header announces;
 * - `oversized`: more bytes than the header announces (a gzip bomb), or more than any file can hold;
 * - `corrupt`: gzip data that does not inflate or fails its checksum;
 * - `unwritable`: a volume that NIfTI-1 cannot hold.
 */
export type ScanReason =
  | "missing"
  | "missing_image"
  | "missing_header"
  | "format"
  | "rgb"
  | "complex"
  | "datatype"
  | "dimensions"
  | "header"
  | "geometry"
  | "scaling"
  | "implausible"
  | "extension"
  | "truncated"
  | "oversized"
  | "corrupt"
  | "unwritable";

/** A file that cannot be read or written as a scan; `reason` is for programs, the message for people. */
export class ScanError extends Error {
  override readonly name = "ScanError";
  readonly reason: ScanReason;
  readonly path: string;

  /**
   * @param reason What kind of fault it is.
   * @param problem The second half of "Cannot read scan: {problem} ({path})".
   */
  constructor(
    reason: ScanReason,
    problem: string,
    { path, action = "read scan", cause }: ScanErrorOptions,
  ) {
    super(`Cannot ${action}: ${problem} (${path})`, { cause });
    this.reason = reason;
    this.path = path;
  }
}

export interface ScanErrorOptions {
  /** The file at fault. */
  path: string;
  /** @default "read scan" */
  action?: string;
  cause?: unknown;
}
