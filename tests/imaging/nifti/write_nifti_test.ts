import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { ScanError } from "../../../lib/imaging/scan_error.ts";
import { fromRas, toRas } from "../../../lib/imaging/orientation.ts";
import type { Affine, Shape, Volume, VoxelArray } from "../../../lib/imaging/volume.ts";
import { writeLabelDescriptions } from "../../../lib/imaging/write_label_descriptions.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { temporaryFile } from "../../support/imaging/nifti/nifti_bytes.ts";

interface Oblique {
  affine: number[][];
  codes: string;
}

const fixture = (name: string) =>
  JSON.parse(Deno.readTextFileSync(new URL(`../../fixtures/imaging/${name}.json`, import.meta.url)));
const shape: Shape = [2, 3, 4];
const plain: Affine = [[2, 0, 0, -10], [0, -1, 0, 5], [0, 0, 3, 7], [0, 0, 0, 1]];

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertSameAffine(actual: Affine, expected: Affine, message?: string) {
  actual.flat().forEach((value, i) => assertAlmostEquals(value, expected.flat()[i], 1e-4, message));
}

Deno.test("every array type comes back as it went, plain and gzipped", () =>
  inFolder(async (folder) => {
    const types = [
      Int8Array,
      Uint8Array,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ];
    for (const type of types) {
      const data: VoxelArray = type.from(Array.from({ length: 24 }, (_, i) => i * 4.7 + 1));
      for (const name of ["a.nii", "a.nii.gz"]) {
        await writeNifti(`${folder}/${name}`, { data, shape, affine: plain });
        const scan = await loadScan(`${folder}/${name}`);
        assertEquals(scan.data, data);
        assertEquals(scan.shape, shape);
        assertEquals(scan.affine, plain);
      }
    }
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  }));

Deno.test("a result laid back on its scan's grid has its affine, qform, sform and codes", () =>
  inFolder(async (folder) => {
    let compared = 0;
    for (
      const { name, file, shape } of fixture("nifti_files") as {
        name: string;
        file: string;
        shape: number[];
      }[]
    ) {
      if (shape.length > 3) continue;
      await using path = await temporaryFile(Uint8Array.fromBase64(file), ".nii.gz");
      const scan = await loadScan(path.name);
      const ras = toRas(scan);
      const labels = { ...ras, data: Uint8Array.from(ras.data, (_, i) => i % 3) };
      await writeNifti(`${folder}/labels.nii.gz`, fromRas(labels, scan), { like: scan.header });
      const written = await loadScan(`${folder}/labels.nii.gz`);
      assertSameAffine(written.affine, scan.affine, name);
      assertEquals(toRas(written as Volume<Uint8Array>).data, labels.data, name);
      const { qformCode, sformCode, quaternion, qoffset, sform, zooms } = scan.header!;
      assertEquals([written.header!.qformCode, written.header!.sformCode], [qformCode, sformCode], name);
      const stored = [...quaternion, ...qoffset, ...zooms, ...sform.flat()].map(Math.fround);
      const header = written.header!;
      assertEquals(
        [...header.quaternion, ...header.qoffset, ...header.zooms, ...header.sform.flat()],
        stored,
        name,
      );
      compared++;
    }
    assert(compared > 80);
  }));

Deno.test("on a grid of its own, qform and sform agree for all 48 axis orders; shear leaves the sform alone", () =>
  inFolder(async (folder) => {
    let sheared = 0;
    for (const { affine, codes } of fixture("orientation") as Oblique[]) {
      const whole = [...affine, [0, 0, 0, 1]];
      await writeNifti(`${folder}/a.nii`, { data: new Uint8Array(24), shape, affine: whole });
      const { affine: bySform, header } = await loadScan(`${folder}/a.nii`);
      assertSameAffine(bySform, whole, codes);
      assertEquals(header!.sformCode, 2);
      if (header!.qformCode === 0) {
        sheared++;
        continue;
      }
      // Taking the sform's code away leaves the qform to speak.
      const bytes = await Deno.readFile(`${folder}/a.nii`);
      new DataView(bytes.buffer).setInt16(254, 0, true);
      await Deno.writeFile(`${folder}/a.nii`, bytes);
      assertSameAffine((await loadScan(`${folder}/a.nii`)).affine, whole, codes);
    }
    assertEquals(sheared, 60);
  }));

Deno.test("what NIfTI-1 cannot hold is refused and leaves no file", () =>
  inFolder(async (folder) => {
    const data = new Uint8Array(24);
    const table: [name: string, volume: Volume, message: string][] = [
      ["a.img", { data, shape, affine: plain }, "wanted a name that ends in .nii or .nii.gz"],
      ["a.nii", { data, shape: [2, 3, 5], affine: plain }, "wanted 2×3×5 voxels, found 24"],
      ["a.nii", { data: new Uint8Array(40_000), shape: [1, 1, 40_000], affine: plain }, "found 1×1×40000"],
      ["a.nii", { data, shape, affine: [[NaN], [0], [0], [0]] }, "wanted a finite affine"],
      [
        "a.nii",
        { data, shape, affine: [...plain.slice(0, 2), [0, 0, 0, 7], [0, 0, 0, 1]] },
        "wanted an invertible",
      ],
      ["a.nii", { data, shape, affine: plain.map(() => [1, 1, 1, 1]) }, "wanted an invertible affine"],
    ];
    for (const [name, volume, message] of table) {
      const error = await assertRejects(() => writeNifti(`${folder}/${name}`, volume), ScanError, message);
      assertEquals(error.reason, "unwritable");
      assert(error.message.startsWith("Cannot write scan: "));
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("label descriptions name every organ for ITK-SNAP and 3D Slicer", () =>
  inFolder(async (folder) => {
    await writeLabelDescriptions(folder, [{ number: 1, name: "Left Parotid" }, { number: 2, name: "Cord" }], {
      colourOf: (number) => [number, 20, 255],
    });
    const snap = await Deno.readTextFile(`${folder}/organs.label.txt`);
    assert(snap.includes('\n    0    0    0    0        0  0  0    "Clear Label"\n'), snap);
    assert(snap.includes('\n    1    1   20  255        1  1  1    "Left Parotid"\n'), snap);
    const slicer = await Deno.readTextFile(`${folder}/organs.ctbl`);
    assertEquals(slicer.split("\n").slice(2), [
      "0 background 0 0 0 0",
      "1 Left_Parotid 1 20 255 255",
      "2 Cord 2 20 255 255",
      "",
    ]);
  }));
