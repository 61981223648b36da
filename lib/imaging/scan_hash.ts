/**
 * What a scan's file is known by.
 *
 * @module
 */
import { bytesHash, fileHash } from "../files/seal.ts";
import { findNiftiFiles } from "./nifti/nifti_paths.ts";

/** SHA-256 of a scan's file in hexadecimal; of a pair's two files together, whichever of them is named. */
export async function hashOfFile(path: string): Promise<string> {
  const { headerPath, imagePath } = await findNiftiFiles(path);
  if (headerPath === imagePath) return await fileHash(path);
  return bytesHash(await fileHash(headerPath), await fileHash(imagePath));
}
