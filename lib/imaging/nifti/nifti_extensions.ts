/**
 * Extensions: what writers keep between a NIfTI header and its voxels (DICOM fields, AFNI's XML, comments).
 *
 * @module
 */
import { ScanError } from "../scan_error.ts";
import type { NiftiHeader } from "./nifti_header.ts";

export interface NiftiExtension {
  /** Registered meaning: 2 DICOM, 4 AFNI, 6 comment… (nifti.nimh.nih.gov). */
  code: number;
  /** Content with the zeros that pad it to a multiple of 16 bytes. */
  data: Uint8Array;
}

/**
 * The chain of extensions in `bytes`, which end where the voxels begin (or, in a pair, with the header file).
 *
 * nifti-reader-js walks the chain too, but not in a .hdr file, and a negative size makes it loop forever. A size of 0
 * ends the chain: some writers set the flag and append nothing.
 *
 * @throws ScanError `extension` when a size leads out of the chain.
 */
export function readExtensions(
  bytes: Uint8Array,
  { header, path }: { header: NiftiHeader; path: string },
): NiftiExtension[] {
  const extensions: NiftiExtension[] = [];
  if (header.extensionOffset === 0) return extensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const endian = header.endian === "little";
  let offset = header.extensionOffset;
  while (offset + 8 <= bytes.length) {
    const size = view.getInt32(offset, endian);
    if (size === 0) break;
    if (size < 8 || offset + size > bytes.length) {
      throw new ScanError(
        "extension",
        `wanted an extension of 8 to ${bytes.length - offset} bytes at byte ${offset}, ` +
          `found one of ${size}`,
        { path },
      );
    }
    extensions.push({
      code: view.getInt32(offset + 4, endian),
      data: bytes.slice(offset + 8, offset + size),
    });
    offset += size;
  }
  return extensions;
}
