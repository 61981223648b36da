/** The smallest NIfTI-1 file that holds some voxels, for tests. */
import type { Shape } from "../../../../lib/imaging/volume.ts";

export interface NiftiBytesOptions {
  /** [depth, height, width] */
  shape: Shape;
  /** Rows of the voxel → mm transform. @default identity */
  srow?: number[][];
}

/** A .nii file of uint8 or float32 voxels, little endian. */
export function niftiBytes(data: Uint8Array | Float32Array, { shape, srow }: NiftiBytesOptions): Uint8Array {
  const bytes = new Uint8Array(352 + data.byteLength);
  const view = new DataView(bytes.buffer);
  const rows = srow ?? [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];
  view.setInt32(0, 348, true);
  [3, ...shape.toReversed(), 1, 1, 1, 1].forEach((size, axis) => view.setInt16(40 + 2 * axis, size, true));
  view.setInt16(70, data instanceof Uint8Array ? 2 : 16, true);
  view.setInt16(72, 8 * data.BYTES_PER_ELEMENT, true);
  const zooms = [0, 1, 2].map((axis) => Math.hypot(...rows.map((row) => row[axis]!)));
  [1, ...zooms].forEach((zoom, axis) => view.setFloat32(76 + 4 * axis, zoom, true));
  view.setFloat32(108, 352, true);
  view.setInt16(254, 2, true);
  rows.flat().forEach((value, index) => view.setFloat32(280 + 4 * index, value, true));
  bytes.set([0x6e, 0x2b, 0x31, 0], 344);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 352);
  return bytes;
}
