import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ScanError } from "../../../lib/imaging/scan_error.ts";
import { axisCodes } from "../../../lib/imaging/orientation.ts";
import { readNifti } from "../../../lib/imaging/nifti/read_nifti.ts";
import { scansFolder, withScans } from "../../support/scans.ts";

type Expected = {
  readable: true;
  shape: number[];
  affine: number[][];
  axes: string;
  zooms: number[];
  endian: "<" | ">";
  qform: number;
  sform: number;
  nan: number;
  sha256_float32_x_fastest: string;
  samples: [index: number[], value: number][];
} | { readable: false; why: string };

/** The stated reasons of expected.json, and ours. */
const REASONS: Record<string, string> = {
  "Analyze header without .img": "missing_image",
  "header without .img": "missing_image",
  "complex": "complex",
  "RGB": "rgb",
  "MetaImage, not NIfTI": "format",
  "not NIfTI": "format",
};

const folder = scansFolder("nifti-conformance");
const expected: Record<string, Expected> = folder
  ? JSON.parse(Deno.readTextFileSync(join(folder, "expected.json")))
  : {};

for (const [name, file] of Object.entries(expected)) {
  Deno.test(`conformance: ${name} ${file.readable ? "is read as by nibabel" : `is refused: ${file.why}`}`, async () => {
    const path = join(folder!, name);
    if (!file.readable) {
      const error = await assertRejects(() => readNifti(path), ScanError);
      assertEquals(error.reason, REASONS[file.why]);
      if (file.why.startsWith("MetaImage")) assert(error.message.includes("found MetaImage"), error.message);
      return;
    }
    const { shape, affine, zooms, data, header } = await readNifti(path);
    assertEquals(shape, file.shape);
    affine.flat().forEach((value, i) => assertAlmostEquals(value, file.affine.flat()[i], 1e-5));
    assertEquals(axisCodes(affine), file.axes);
    zooms.forEach((zoom, axis) => assertAlmostEquals(zoom, file.zooms[axis], 1e-4));
    assertEquals([header.qformCode, header.sformCode], [file.qform, file.sform]);
    assertEquals(header.endian, file.endian === "<" ? "little" : "big");
    const voxels = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
    const digest = await crypto.subtle.digest("SHA-256", voxels.buffer as ArrayBuffer);
    assertEquals(new Uint8Array(digest).toHex(), file.sha256_float32_x_fastest);
    let missing = 0;
    for (const value of voxels) if (Number.isNaN(value)) missing++;
    assertEquals(missing, file.nan);
    for (const [index, value] of file.samples) {
      const flat = index.reduceRight((sum, position, axis) => sum * shape[axis]! + position, 0);
      // NaN is null in JSON.
      if (value === null) assert(Number.isNaN(voxels[flat]));
      else assertEquals(voxels[flat], Math.fround(value));
    }
  });
}

withScans("conformance: 79 files are readable and 10 are not", "nifti-conformance", () => {
  const files = Object.values(expected);
  assertEquals(files.filter(({ readable }) => readable).length, 79);
  assertEquals(files.filter(({ readable }) => !readable).length, 10);
});
