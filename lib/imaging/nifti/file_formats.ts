/**
 * Names of the formats that are taken for NIfTI by mistake.
 *
 * @module
 */

const SIGNATURES: { format: string; offset: number; text: string }[] = [
  { format: "MetaImage", offset: 0, text: "ObjectType" },
  { format: "MetaImage", offset: 0, text: "NDims" },
  { format: "NRRD", offset: 0, text: "NRRD" },
  { format: "DICOM", offset: 128, text: "DICM" },
  { format: "HDF5", offset: 0, text: "\x89HDF" },
  { format: "MINC 1 (netCDF)", offset: 0, text: "CDF" },
  { format: "a zip archive", offset: 0, text: "PK\x03\x04" },
  { format: "PNG", offset: 0, text: "\x89PNG" },
  { format: "a Git LFS pointer (git lfs pull fetches the file)", offset: 0, text: "version https://git-lfs" },
  { format: "a web page", offset: 0, text: "<" },
];

/**
 * What a file seems to be, for an error message.
 *
 * @param bytes The file's beginning, inflated.
 */
export function formatOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const known = SIGNATURES.find(({ offset, text }) =>
    [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0))
  );
  if (known) return known.format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length >= 4 && (view.getInt32(0, true) === 348 || view.getInt32(0, false) === 348)) {
    return "Analyze 7.5 (no NIfTI magic)";
  }
  return "another format";
}
