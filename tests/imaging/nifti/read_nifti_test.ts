import { assertAlmostEquals, assertEquals } from "@std/assert";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { readNifti } from "../../../lib/imaging/nifti/read_nifti.ts";
import { deflate, inflate, temporaryFile } from "../../support/imaging/nifti/nifti_bytes.ts";

interface FileCase {
  name: string;
  file: string;
  shape: number[];
  zooms: number[];
  affine: number[][];
  qformCode: number;
  sformCode: number;
  voxels: number[];
  extensions: [code: number, textLength: number][];
}

const cases: FileCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("../../fixtures/imaging/nifti_files.json", import.meta.url)),
);

/** Where sform and pixdim contradict each other nibabel takes the sform; we, as ITK, its directions alone. */
function ofZooms(affine: number[][], zooms: number[]): number[][] {
  const length = (column: number) => Math.hypot(...[0, 1, 2].map((row) => affine[row]![column]!));
  return affine.map((row, i) =>
    row.map((value, j) => i < 3 && j < 3 ? value / length(j) * zooms[j]! : value)
  );
}

Deno.test("readNifti reads every voxel type, byte order, version, scaling and geometry as nibabel", async () => {
  for (const { name, file, shape, zooms, affine, qformCode, sformCode, voxels } of cases) {
    await using path = await temporaryFile(Uint8Array.fromBase64(file), ".nii.gz");
    const image = await readNifti(path.name);
    assertEquals(image.shape, shape, name);
    image.zooms.forEach((zoom, i) => assertAlmostEquals(zoom, zooms[i], 1e-5, name));
    const expected = image.notes.some((note) => note.includes("taken from the pixdim"))
      ? ofZooms(affine, zooms)
      : affine;
    image.affine.flat().forEach((value, i) => assertAlmostEquals(value, expected.flat()[i], 1e-5, name));
    assertEquals([image.header.qformCode, image.header.sformCode], [qformCode, sformCode], name);
    // Scaled narrow types are float32 here, float64 in nibabel.
    const numbers = image.data instanceof Float32Array ? voxels.map(Math.fround) : voxels;
    assertEquals([...image.data], numbers, name);
  }
});

Deno.test("the file's name does not decide whether it is compressed", async () => {
  const { file, voxels } = cases[0]!;
  await using plain = await temporaryFile(await inflate(Uint8Array.fromBase64(file)), ".nii.gz");
  await using zipped = await temporaryFile(Uint8Array.fromBase64(file), ".nii");
  assertEquals([...(await readNifti(plain.name)).data], voxels);
  assertEquals([...(await readNifti(zipped.name)).data], voxels);
});

Deno.test("gzip files of several members are read as one", async () => {
  const { file, voxels } = cases[0]!;
  const bytes = await inflate(Uint8Array.fromBase64(file));
  const members = [await deflate(bytes.slice(0, 100)), await deflate(bytes.slice(100))];
  await using path = await temporaryFile(
    Uint8Array.from(members.flatMap((member) => [...member])),
    ".nii.gz",
  );
  assertEquals([...(await readNifti(path.name)).data], voxels);
});

Deno.test("extensions of single files are exposed", async () => {
  const extended = cases.filter(({ extensions }) => extensions.length > 0);
  assertEquals(extended.length, 4);
  for (const { file, name } of extended) {
    await using path = await temporaryFile(Uint8Array.fromBase64(file), ".nii.gz");
    const { extensions } = await readNifti(path.name);
    assertEquals(extensions.map(({ code }) => code), [6], name);
    assertEquals(new TextDecoder().decode(extensions[0]!.data).replace(/\0+$/, ""), "twenty bytes of text");
  }
});

Deno.test("pairs are read from either file, gzipped or not, with the header file's extensions", async () => {
  const { file, voxels } = cases.find(({ name }) => name === "NIfTI-1 < extension")!;
  const whole = await inflate(Uint8Array.fromBase64(file));
  const offset = new DataView(whole.buffer).getFloat32(108, true);
  const header = whole.slice(0, offset);
  header[345] = "i".charCodeAt(0); // "n+1" to "ni1"
  new DataView(header.buffer).setFloat32(108, 0, true);
  const voxelBytes = whole.slice(offset);
  const table = [
    ["a.b.hdr", header, "a.b.img", voxelBytes],
    ["a.b.hdr", header, "a.b.img.gz", await deflate(voxelBytes)],
    ["a.b.hdr.gz", await deflate(header), "a.b.img.gz", await deflate(voxelBytes)],
    ["a.b.hdr.gz", await deflate(header), "a.b.img", voxelBytes],
    ["A.HDR", header, "A.IMG", voxelBytes],
  ] as const;
  for (const [headerName, headerBytes, imageName, imageBytes] of table) {
    const folder = await Deno.makeTempDir();
    await Deno.writeFile(`${folder}/${headerName}`, headerBytes);
    await Deno.writeFile(`${folder}/${imageName}`, imageBytes);
    for (const name of [headerName, imageName]) {
      const read = await readNifti(`${folder}/${name}`);
      assertEquals([...read.data], voxels);
      assertEquals(read.extensions.length, 1);
    }
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadScan turns [i, j, k] into [depth, height, width] over the same data", async () => {
  const { file, affine, voxels } = cases.find(({ name }) => name === "NIfTI-1 < no codes")!;
  await using path = await temporaryFile(Uint8Array.fromBase64(file), ".nii.gz");
  const scan = await loadScan(path.name);
  assertEquals(scan.shape, [3, 4, 5]);
  assertEquals(scan.affine, affine);
  assertEquals([...scan.data], voxels);
  assertEquals(scan.path, path.name);
  // Workers must be able to receive a scan.
  assertEquals(structuredClone(scan), scan);
});
