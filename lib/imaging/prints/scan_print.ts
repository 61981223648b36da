/**
 * What is kept of a scan to know it again: under another name, in another file, cropped, or resampled.
 *
 * @module
 */
import { bytesHash } from "../../files/seal.ts";
import { type CellMeans, cellMeans } from "./cell_means.ts";
import { toRas } from "../orientation.ts";
import { rowSketch } from "./row_sketch.ts";
import type { Volume } from "../volume.ts";

export interface ScanPrint {
  /** SHA-256 of shape and values in RAS+: one scan in any file format, data type, compression or order of axes. */
  voxels: string;
  /** A crop shares some, wherever its header says that it lies. */
  rows: number[];
  /** A resampled scan shares them, as long as its header keeps its place. */
  cells: CellMeans;
}

/** @throws Error when the affine is not invertible */
export function printOf(scan: Volume): ScanPrint {
  // Adding 0 makes -0 of floats the 0 that integers have.
  const { data, shape, affine } = toRas(scan), values = Float32Array.from(data, (value) => value + 0);
  return {
    voxels: bytesHash(shape.join(" "), new Uint8Array(values.buffer)),
    rows: rowSketch(values, shape),
    cells: cellMeans({ data: values, shape, affine }),
  };
}
