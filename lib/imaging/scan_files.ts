/**
 * Which files are scans by their names, and which files one scan has.
 *
 * @module
 */
import { findNiftiFiles } from "./nifti/nifti_paths.ts";
import type { DescribedImage } from "./text_headers/described_image.ts";
import { readMetaImageHeader } from "./text_headers/metaimage_header.ts";
import { readNrrdHeader } from "./text_headers/nrrd_header.ts";

/** Ends of names of scans and label maps, without the pairs of Analyze's time. */
export const SCAN_ENDING = /\.(nii(\.gz)?|nrrd|nhdr|mha|mhd)$/i;

/** Readers of formats whose header is text; everything else is NIfTI, or said to be none. */
export function textHeaderReader(path: string): ((path: string) => Promise<DescribedImage>) | undefined {
  return /\.(nrrd|nhdr)$/i.test(path)
    ? readNrrdHeader
    : /\.(mha|mhd)$/i.test(path)
    ? readMetaImageHeader
    : undefined;
}

/**
 * The file that is a scan, or the two: its header's and its voxels'.
 *
 * @throws ScanError where one of a pair is missing, or a header does not say which file has its voxels
 */
export async function filesOfScan(path: string): Promise<string[]> {
  const readHeader = textHeaderReader(path);
  if (readHeader) return [...new Set([path, (await readHeader(path)).dataPath])];
  const { headerPath, imagePath } = await findNiftiFiles(path);
  return [...new Set([headerPath, imagePath])];
}
