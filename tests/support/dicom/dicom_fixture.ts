/** Tiny DICOM files of tests/fixtures/dicom, by tests/peers/dicom.py. */
import { join } from "@std/path";

export interface DicomFixture {
  files: Record<string, string>;
  size: [x: number, y: number, z: number];
  affine: number[][];
  voxels: number[];
  /** Name of a structure → 0 and 1, x fastest. */
  masks: Record<string, string>;
}

/** Reads `tests/fixtures/dicom/<name>.json`. */
export async function dicomFixture<T = DicomFixture>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(`tests/fixtures/dicom/${name}.json`));
}

/** Writes files that are given in base64 into a folder, which is made. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeFile(join(folder, file), Uint8Array.fromBase64(text));
  }
}
