/**
 * Writing NIfTI.
 *
 * @module
 */
import { describeMatrix } from "../matrix.ts";
import { ScanError } from "../scan_error.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import { niftiHeaderBytes } from "./nifti_header_bytes.ts";
import type { Volume } from "../volume.ts";
import { writeWholeFile } from "../../files/whole_file.ts";

/** NIfTI-1 keeps the length of an axis in 16 bits. */
const LONGEST_AXIS = 32_767;

/** Bytes compressed at a time. */
const CHUNK_BYTES = 2 ** 20;

export interface WriteNiftiOptions {
  /** Header of the scan that the volume belongs to, whose sform and qform and their codes it shall have. */
  like?: NiftiHeader | undefined;
}

/**
 * Writes a volume as NIfTI-1, gzipped if the name ends in .nii.gz; the file appears when it is whole, readable by its owner alone.
 *
 * A volume on the grid of `like` (a prediction laid back on its scan) gets exactly that grid's place in the world, by
 * sform and qform. The voxels keep their type. The same volume gives the same bytes.
 *
 * @param path Ends in .nii or .nii.gz; its folder exists.
 * @throws ScanError `unwritable` for another name, data that do not fill the shape, an axis that NIfTI-1 cannot hold
 *   or an affine that is not finite or not invertible.
 */
export async function writeNifti(
  path: string,
  volume: Volume,
  options: WriteNiftiOptions = {},
): Promise<void> {
  // A label map is as private as its scan.
  await writeWholeFile(path, niftiStream(path, volume, options), { mode: 0o600 });
}

/** The bytes that `writeNifti` writes; `path` decides on gzip and is named in errors. @throws as `writeNifti` */
export function niftiStream(
  path: string,
  volume: Volume,
  { like }: WriteNiftiOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  checkWritable(path, volume);
  const header = niftiHeaderBytes(volume, { like, path });
  const { data } = volume;
  const voxels = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const bytes: ReadableStream<Uint8Array<ArrayBuffer>> = ReadableStream.from(chunks(header, voxels));
  return path.endsWith(".gz") ? bytes.pipeThrough(new CompressionStream("gzip")) : bytes;
}

function* chunks(header: Uint8Array, voxels: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  yield header.slice();
  for (let start = 0; start < voxels.length; start += CHUNK_BYTES) {
    yield voxels.subarray(start, start + CHUNK_BYTES);
  }
}

function checkWritable(path: string, { data, shape, affine }: Volume): void {
  const fail = (problem: string) => {
    throw new ScanError("unwritable", problem, { path, action: "write scan" });
  };
  if (!/\.nii(\.gz)?$/.test(path)) fail("wanted a name that ends in .nii or .nii.gz");
  if (shape.some((size) => size < 1 || size > LONGEST_AXIS)) {
    fail(`wanted axes of 1 to ${LONGEST_AXIS} voxels, found ${shape.join("×")}`);
  }
  if (data.length !== shape[0] * shape[1] * shape[2]) {
    fail(`wanted ${shape.join("×")} voxels, found ${data.length}`);
  }
  if (!affine.flat().every(Number.isFinite)) fail(`wanted a finite affine, found ${describeMatrix(affine)}`);
}
