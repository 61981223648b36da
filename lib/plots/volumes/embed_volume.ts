/**
 * A volume as text within a page.
 *
 * @module
 */
import { niftiStream } from "../../imaging/nifti/write_nifti.ts";
import type { Volume, VoxelArray } from "../../imaging/volume.ts";

/**
 * Gzipped NIfTI-1 in base64. Its place in the world is the volume's affine; nothing else of the scan's own header
 * (names, dates, descriptions) comes along.
 */
export async function embedVolume(volume: Volume): Promise<string> {
  const bytes = niftiStream("page.nii.gz", { ...volume, data: forGraphics(volume.data) });
  return (await new Response(bytes).bytes()).toBase64();
}

/** Graphics cards take 8- and 16-bit integers and single precision. */
function forGraphics(data: VoxelArray): VoxelArray {
  const fits = data instanceof Uint8Array || data instanceof Int16Array || data instanceof Float32Array;
  const shown = fits ? data : Float32Array.from(data);
  // What is not a number would spoil the range of intensities.
  return shown instanceof Float32Array ? shown.map((value) => Number.isFinite(value) ? value : 0) : shown;
}
