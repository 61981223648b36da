/**
 * Why a DICOM object, or a series of them, is not read.
 *
 * @module
 */

/** A problem of a series or an object; whoever imports gathers them. */
export class DicomError extends Error {
  override readonly name = "DicomError";

  /**
   * @param problem What was wanted and what is there; the end of "Cannot import …: {problem} ({path})".
   * @param path Of the file at fault; the first of several.
   */
  constructor(problem: string, path: string, options?: ErrorOptions) {
    super(`${problem} (${path})`, options);
  }
}
