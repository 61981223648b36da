/**
 * A scan among the images of an exported nnU-Net dataset.
 *
 * @module
 */
import { loadScan } from "../../../imaging/load_scan.ts";
import type { NiftiHeader } from "../../../imaging/nifti/nifti_header.ts";
import { readNiftiGeometry } from "../../../imaging/nifti/read_nifti.ts";
import { writeNifti } from "../../../imaging/nifti/write_nifti.ts";
import type { Volume } from "../../../imaging/volume.ts";

export interface PlaceScanOptions {
  /** Link to the scan instead of copying it. */
  link: boolean;
  /** Nothing of the file but its voxels and their place may be handed on. */
  anonymous: boolean;
}

/** The grid of a scan that was placed. */
export interface PlacedScan extends Omit<Volume, "data"> {
  /** As the file has it; without, its affine is all that there is. */
  header?: NiftiHeader;
}

/**
 * Copies a scan, or links to it. One that nnU-Net's reader (nibabel) would not read as we do is written anew: another format, axes of
 * length 1 behind the third, and headers that contradict themselves.
 *
 * @param path its name ends in .nii.gz
 */
export async function placeScan(
  source: string,
  path: string,
  { link, anonymous }: PlaceScanOptions,
): Promise<PlacedScan> {
  const { shape, affine, header, notes } = await readNiftiGeometry(source, { plausible: true });
  const like = notes.length === 0 && { header };
  if (source.endsWith(".nii.gz") && shape.length === 3 && like && !anonymous) {
    if (link) await Deno.symlink(await Deno.realPath(source), path);
    else await Deno.copyFile(source, path);
    const [width, height, depth] = shape;
    return { shape: [depth, height, width], affine, header };
  }
  const scan = await loadScan(source);
  await writeNifti(path, scan, like ? { like: header } : {});
  return { shape: scan.shape, affine: scan.affine, ...like };
}
