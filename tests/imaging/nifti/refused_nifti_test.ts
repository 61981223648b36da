import { heldMemory } from "../../support/held_memory.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { ScanError } from "../../../lib/imaging/scan_error.ts";
import type { ScanReason } from "../../../lib/imaging/scan_error.ts";
import { deflate, niftiBytes, temporaryFile } from "../../support/imaging/nifti/nifti_bytes.ts";

async function refusal(bytes: Uint8Array, suffix = ".nii"): Promise<ScanError> {
  await using path = await temporaryFile(bytes, suffix);
  const error = await assertRejects(() => loadScan(path.name), ScanError);
  assertEquals(error.path, path.name);
  assert(
    error.message.startsWith("Cannot read scan: ") && error.message.endsWith(`(${path.name})`),
    error.message,
  );
  return error;
}

const dims = (...sizes: number[]) => (view: DataView) =>
  sizes.forEach((size, axis) => view.setInt16(40 + 2 * axis, size, true));
const float32 = (offset: number, value: number) => (view: DataView) => view.setFloat32(offset, value, true);
const int16 = (offset: number, value: number) => (view: DataView) => view.setInt16(offset, value, true);

const bentHeaders: [edit: (view: DataView) => void, ScanReason, message: string][] = [
  [int16(70, 128), "rgb", "found datatype 128: RGB24"],
  [int16(70, 2304), "rgb", "RGBA32"],
  [int16(70, 32), "complex", "complex64"],
  [int16(70, 1792), "complex", "complex128"],
  [int16(70, 1536), "datatype", "float128"],
  [int16(70, 1), "datatype", "binary"],
  [int16(70, 77), "datatype", "77: unknown"],
  [dims(2, 4, 3, 1), "dimensions", "wanted 3 to 5 axes, found 2; a picture is a scan of one slice"],
  [dims(6, 4, 3, 2, 1, 1, 1), "dimensions", "found 6"],
  [dims(-3, 4, 3, 2), "dimensions", "found -3"],
  [dims(3, 4, -3, 2), "dimensions", "4×-3×2"],
  [dims(3, 0, 3, 2), "dimensions", "0×3×2"],
  [dims(4, 4, 3, 1, 2), "dimensions", "wanted one 3D volume, found 4×3×1×2"],
  [dims(5, 32767, 32767, 32767, 32767, 32767), "dimensions", "memory can hold"],
  [dims(3, 32767, 32767, 32767), "truncated", "the file can hold 400"],
  [dims(3, 4, 3, 3), "truncated", "the header announces 4×3×3 voxels of int16 from byte 352, 424 bytes"],
  [float32(108, 100), "header", "wanted vox_offset >= 352, found 100"],
  [float32(108, -352), "header", "found -352"],
  [float32(108, NaN), "header", "found NaN"],
  [float32(108, 1e30), "header", "vox_offset"],
  [float32(108, 2 ** 30), "truncated", "the file can hold 400"],
  [
    (view) => {
      float32(112, 2)(view);
      float32(116, Infinity)(view);
    },
    "scaling",
    "wanted a finite scl_inter beside scl_slope 2, found Infinity",
  ],
  [
    (view) => {
      int16(252, 1)(view);
      float32(256, 0.9)(view);
      float32(260, 0.9)(view);
    },
    "geometry",
    "unit quaternion",
  ],
  [
    (view) => {
      int16(254, 1)(view);
      float32(280, NaN)(view);
    },
    "geometry",
    "wanted a finite affine, found [[NaN, 0, 0, 0]",
  ],
  [int16(254, 1), "geometry", "wanted an invertible affine"],
  [float32(80, NaN), "geometry", "wanted a finite affine"],
  [(view) => view.setInt32(0, 540, true), "truncated", "wanted a header of 540 bytes, found 400"],
  [(view) => view.setInt32(0, 347, true), "format", "found another format"],
  [(view) => view.setUint8(345, 0), "format", "Analyze 7.5"],
  [(view) => view.setUint8(347, 10), "header", "text-mode transfer"],
  [
    (view) => {
      float32(108, 0)(view);
      view.setUint8(345, "i".charCodeAt(0));
    },
    "header",
    "separate .img",
  ],
];

Deno.test("bent headers are refused by reason, plain and gzipped", async () => {
  for (const [edit, reason, message] of bentHeaders) {
    const bytes = niftiBytes(edit);
    const plain = await refusal(bytes);
    assertEquals(plain.reason, reason, plain.message);
    assert(plain.message.includes(message), plain.message);
    const zipped = await refusal(await deflate(bytes), ".nii.gz");
    assertEquals(zipped.reason, reason, zipped.message);
  }
});

Deno.test("broken chains of extensions are refused, and end", async () => {
  for (const size of [-16, 4, 1_000_000]) {
    const file = new Uint8Array(432);
    file.set(niftiBytes(float32(108, 384)).subarray(0, 352));
    file[348] = 1;
    new DataView(file.buffer).setInt32(352, size, true);
    const error = await refusal(file);
    assertEquals(error.reason, "extension");
    assert(error.message.includes(`found one of ${size}`), error.message);
  }
});

Deno.test("other formats are named", async () => {
  const table: [content: string, name: string][] = [
    ["", "an empty file"],
    ["ObjectType = Image\nNDims = 3\n", "MetaImage"],
    ["NRRD0004\n", "NRRD"],
    ["\0".repeat(128) + "DICM", "DICOM"],
    ["<!DOCTYPE html>", "a web page"],
    ["version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"],
    ["hello", "another format"],
  ];
  for (const [content, name] of table) {
    const error = await refusal(new TextEncoder().encode(content));
    assertEquals(error.reason, "format");
    assert(error.message.includes(`wanted NIfTI, found ${name}`), error.message);
  }
});

Deno.test("files that are not there, or half there, are named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/a.hdr`, niftiBytes());
  await Deno.writeFile(`${folder}/b.img.gz`, niftiBytes());
  const table: [name: string, ScanReason][] = [
    ["none.nii.gz", "missing"],
    ["none.hdr", "missing"],
    ["a.hdr", "missing_image"],
    ["b.img.gz", "missing_header"],
    ["", "missing"],
  ];
  for (const [name, reason] of table) {
    const error = await assertRejects(() => loadScan(`${folder}/${name}`), ScanError);
    assertEquals(error.reason, reason);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("cut and corrupt gzip data are refused", async () => {
  const bytes = await deflate(niftiBytes());
  assertEquals((await refusal(bytes.slice(0, bytes.length - 20), ".nii.gz")).reason, "truncated");
  const flipped = bytes.slice();
  flipped[flipped.length - 6]! ^= 1; // in the checksum
  assertEquals((await refusal(flipped, ".nii.gz")).reason, "corrupt");
});

Deno.test("a gzip bomb is left where the announced voxels end", async () => {
  // Held until the end: collected meanwhile, it would hide what reading takes.
  const zeros = new Uint8Array(100_000_000), bomb = await deflate(niftiBytes(), zeros);
  const before = heldMemory();
  const error = await refusal(bomb, ".nii.gz");
  assertEquals(error.reason, "oversized");
  assert(error.message.includes("more than its header announces"), error.message);
  assert(heldMemory() - before < 60_000_000);
  assertEquals(zeros.length, 100_000_000);
});

Deno.test("a small gzip file cannot announce a large image", async () => {
  const error = await refusal(await deflate(niftiBytes(dims(3, 2000, 2000, 500))), ".nii.gz");
  assertEquals(error.reason, "truncated");
  assert(error.message.includes("2000×2000×500 voxels"), error.message);
});

Deno.test("padding behind the voxels is no fault", async () => {
  const padded = new Uint8Array(1000);
  padded.set(niftiBytes());
  await using plain = await temporaryFile(padded, ".nii");
  await using zipped = await temporaryFile(await deflate(padded), ".nii.gz");
  const expected = Array.from({ length: 24 }, (_, voxel) => voxel);
  assertEquals([...(await loadScan(plain.name)).data], expected);
  assertEquals([...(await loadScan(zipped.name)).data], expected);
});

Deno.test("a NIfTI-2 file whose line ends were converted is refused", async () => {
  const view = new DataView(new ArrayBuffer(600));
  view.setInt32(0, 540, true);
  [..."n+2\0\n\n\x1a\n"].forEach((letter, index) => view.setUint8(4 + index, letter.charCodeAt(0)));
  const error = await refusal(new Uint8Array(view.buffer));
  assertEquals(error.reason, "header");
  assert(error.message.includes("text-mode transfer"), error.message);
});

Deno.test("a folder and a pipe are no scans, and a pipe is not waited for", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const pipe = `${folder}/pipe.nii`;
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    await assertRejects(
      () => loadScan(pipe),
      ScanError,
      "wanted a file, found a pipe, a socket or a device",
    );
    await assertRejects(() => loadScan(folder), ScanError, "wanted a file, found a folder");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
