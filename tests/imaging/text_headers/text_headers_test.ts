/** NRRD and MetaImage, held against SimpleITK; fixtures by tests/peers/text_headers.py. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import { loadScan, readScanGrid } from "../../../lib/imaging/load_scan.ts";
import { filesOfScan } from "../../../lib/imaging/scan_files.ts";
import { ScanError, type ScanReason } from "../../../lib/imaging/scan_error.ts";
import { listScans } from "../../../lib/workbench/prediction/scan_list.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";

interface Case {
  what: string;
  name: string;
  files: Record<string, string>;
  size: [x: number, y: number, z: number];
  affine: number[][];
  voxels: number[];
}

const cases: Case[] = JSON.parse(await Deno.readTextFile("tests/fixtures/imaging/text_headers.json"));

async function written({ files, name }: Case, folder: string): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeFile(join(folder, file), Uint8Array.fromBase64(text));
  }
  return join(folder, name);
}

for (const one of cases) {
  Deno.test(`${one.what}: read as by SimpleITK`, () =>
    inTempFolder(async (folder) => {
      const path = await written(one, folder);
      const { shape, affine, data, notes } = await loadScan(path);
      assertEquals(shape, one.size.toReversed());
      affine.flat().forEach((value, index) => assertAlmostEquals(value, one.affine.flat()[index]!, 1e-12));
      assertEquals([...data], one.voxels);
      assertEquals(await readScanGrid(path), { path, shape, affine, notes });
      assertEquals((await filesOfScan(path)).length, Object.keys(one.files).length);
      const guessed = one.what.includes("spacings alone");
      assertEquals(notes.map((note) => note.includes("left and right are a guess")), guessed ? [true] : []);
    }));
}

const text = (...lines: string[]) => lines.join("\n");
const nrrd = (changes: Record<string, string | undefined>, voxels = "12345678") => {
  const fields = {
    type: "uint8",
    dimension: "3",
    space: "left-posterior-superior",
    sizes: "2 2 2",
    "space directions": "(1,0,0) (0,1,0) (0,0,1)",
    endian: "little",
    encoding: "raw",
    ...changes,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`]
  );
  return text("NRRD0004", ...lines, "", voxels);
};
const mha = (changes: Record<string, string>, voxels = "12345678") => {
  const fields = {
    NDims: "3",
    BinaryData: "True",
    TransformMatrix: "1 0 0 0 1 0 0 0 1",
    Offset: "0 0 0",
    ElementSpacing: "1 1 1",
    DimSize: "2 2 2",
    ElementType: "MET_UCHAR",
    ...changes,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name} = ${value}`);
  return text(...lines, "ElementDataFile = LOCAL", voxels);
};

const refused: [name: string, content: string, ScanReason, message: string][] = [
  ["a.nrrd", nrrd({ encoding: "bzip2" }), "format", "wanted raw or gzip encoding, found bzip2"],
  ["a.nrrd", nrrd({ type: "block" }), "datatype", "found type block"],
  ["a.nrrd", nrrd({ type: "short", endian: undefined }), "header", 'wanted the field "endian"'],
  ["a.nrrd", nrrd({ sizes: "2 2" }), "header", 'wanted 3 numbers as "sizes", found 2 2'],
  ["a.nrrd", nrrd({ sizes: "2 2 3" }), "truncated", "2×2×3 voxels of uint8, 12 bytes, the file can hold 8"],
  ["a.nrrd", nrrd({ sizes: "2 2 0" }), "dimensions", "wanted one 3D volume, found 2×2×0"],
  [
    "a.nrrd",
    nrrd({ dimension: "4", sizes: "2 1 2 2", "space directions": "none (1,0,0) (0,1,0) (0,0,1)" }),
    "header",
    'wanted 3 numbers as "space directions", found none',
  ],
  ["a.nrrd", nrrd({ "space directions": "(1,0,0) (0,1,0) (0,1,0)" }), "geometry", "invertible affine"],
  ["a.nrrd", nrrd({ "space directions": "(1,0,0) (0,1,0)" }), "header", "wanted 3 vectors"],
  [
    "a.nrrd",
    nrrd({ "space directions": "(90,0,0) (0,1,0) (0,0,1)" }),
    "implausible",
    "voxels of 0.02 to 25 mm",
  ],
  ["a.nrrd", nrrd({ encoding: "gzip" }, "no gzip at all"), "corrupt", "does not inflate"],
  ["a.nrrd", nrrd({ "data file": "LIST" }), "format", "wanted all voxels in one file"],
  ["a.nhdr", nrrd({ "data file": "b.raw" }), "missing", "there is no such file"],
  ["a.nrrd", nrrd({ "line skip": "2" }), "header", "found line skip 2"],
  ["a.nrrd", text("NRRD0004", "no field", "", ""), "header", 'found "no field"'],
  ["a.nrrd", "\x89PNG\n\nxx", "format", "wanted NRRD, found"],
  ["a.nrrd", "", "truncated", "wanted a whole header"],
  ["a.mha", mha({ ElementType: "MET_UCHAR_ARRAY" }), "datatype", "found ElementType MET_UCHAR_ARRAY"],
  ["a.mha", mha({ ElementNumberOfChannels: "3" }), "rgb", "found 3 channels"],
  [
    "a.mha",
    mha({ NDims: "4", DimSize: "2 2 1 2", TransformMatrix: "1", Offset: "0" }),
    "dimensions",
    "2×2×1×2",
  ],
  ["a.mha", mha({ ElementSpacing: "1 1" }), "header", 'wanted 3 numbers as "ElementSpacing", found 1 1'],
  ["a.mha", mha({ BinaryData: "False" }), "format", "BinaryData = False: text"],
  ["a.mha", mha({}, "1234"), "truncated", "the file can hold 4"],
  ["a.mha", mha({ CompressedData: "True" }, "no zlib at all"), "corrupt", "does not inflate"],
  ["a.mha", "ObjectType = Image\n", "truncated", "wanted a whole header"],
  ["a.mhd", mha({}).replace("LOCAL", "slice%03d.raw 1 6 1"), "format", "wanted all voxels in one file"],
  ["a.mhd", mha({ HeaderSize: "x" }).replace("LOCAL", "b.raw"), "header", "HeaderSize"],
];

for (const [name, content, reason, message] of refused) {
  Deno.test(`refused: ${name}, ${message}`, () =>
    inTempFolder(async (folder) => {
      const path = join(folder, name);
      await Deno.writeFile(path, Uint8Array.from(content, (letter) => letter.charCodeAt(0)));
      const error = await assertRejects(() => loadScan(path), ScanError);
      assertEquals(error.reason, reason, error.message);
      assert(error.message.includes(message), error.message);
      assert(error.message.includes(folder), error.message);
    }));
}

Deno.test("Slicer's layer of segments, an axis of length 1 without a direction, is none", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "a.seg.nrrd");
    const directions = "none (1,0,0) (0,1,0) (0,0,1)";
    await Deno.writeTextFile(
      path,
      nrrd({ dimension: "4", sizes: "1 2 2 2", "space directions": directions }),
    );
    const { shape, affine } = await loadScan(path);
    assertEquals(shape, [2, 2, 2]);
    assertEquals(affine, [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
  }));

for (const ending of [".nrrd", ".mha"]) {
  Deno.test(`a dataset whose scans and label maps end in ${ending} is read as one of NIfTI`, () =>
    inTempFolder(async (folder) => {
      const image = cases.find(({ what }) => what === `int16, ${ending.slice(1)}`)!;
      const content = (ending === ".nrrd" ? nrrd : mha)({}, "\x00\x01\x01\x00\x00\x00\x00\x00");
      await Deno.mkdir(join(folder, "imagesTr"));
      await Deno.mkdir(join(folder, "labelsTr"));
      await Deno.writeFile(
        join(folder, "imagesTr", `a_0000${ending}`),
        Uint8Array.fromBase64(image.files[image.name]!),
      );
      await Deno.writeTextFile(join(folder, "labelsTr", `a${ending}`), content);
      await Deno.writeTextFile(
        join(folder, "dataset.json"),
        JSON.stringify({
          channel_names: { 0: "CT" },
          labels: { background: 0, Liver: 1 },
          file_ending: ending,
        }),
      );
      const { findings, cases: count } = await checkDataset(folder);
      assertEquals(count, 1);
      // Both files are read: what is left to say is that they are of two grids.
      assertEquals(findings.map(({ message }) => message.replace(/ \(.*/, "")), [
        "its label map must have the image's shape [3,4,5], it has [2,2,2]",
      ]);
    }));
}

Deno.test("predict takes such scans; its label maps are NIfTI on their grids", () =>
  inTempFolder(async (folder) => {
    const one = cases.find(({ what }) => what === "MetaImage, voxels beside it")!;
    const path = await written(one, folder), out = join(folder, "out");
    assertEquals(await listScans([folder], { out }), [{ scan: path, prediction: join(out, "scan.nii.gz") }]);
    const scan = await loadScan(path), labels = join(folder, "labels.nii.gz");
    await writeNifti(labels, { ...scan, data: new Uint8Array(scan.data.length) }, { like: scan.header });
    const back = await loadScan(labels);
    back.affine.flat().forEach((value, index) => assertAlmostEquals(value, scan.affine.flat()[index]!, 1e-5));
  }));
