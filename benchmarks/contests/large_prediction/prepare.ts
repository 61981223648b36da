/**
 * Writes synthetic scans of 512×512 voxels a slice: deno run -A prepare.ts <folder> <slices> <slices> …
 *
 * @module
 */
import { join } from "@std/path";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import type { Affine, Shape } from "../../../lib/imaging/volume.ts";

const [folder, ...slices] = Deno.args;
/** 0.75×0.75×1 mm, and LPS as scanners write it, so that the axes have to be turned. */
const affine: Affine = [[-0.75, 0, 0, 192], [0, -0.75, 0, 192], [0, 0, 1, 0], [0, 0, 0, 1]];

for (const depth of slices.map(Number)) {
  const shape: Shape = [depth, 512, 512];
  const data = new Int16Array(depth * 512 * 512);
  let voxel = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < 512; y++) {
      // Blobs of a few centimetres.
      const row = Math.sin(z / 40) + Math.sin(y / 50 + z / 90);
      for (let x = 0; x < 512; x++) data[voxel++] = 150 * (row + Math.sin(x / 50 - y / 110));
    }
  }
  await writeNifti(join(folder, `scan${depth}.nii`), { data, shape, affine });
}
