/** Headers that say two things of a scan's place, and what is made of them: right answers by SimpleITK 2.4 and nibabel 5.3 on the same bytes. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { NiftiHeader } from "../../../lib/imaging/nifti/nifti_header.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { axisCodes } from "../../../lib/imaging/orientation.ts";
import { spacingOf } from "../../../lib/imaging/volume.ts";
import { niftiBytes, temporaryFile } from "../../support/imaging/nifti/nifti_bytes.ts";

interface Header {
  pixdim?: number[];
  sform?: { code: number; rows: number[][] };
  qform?: { code: number; quaternion?: number[]; offset?: number[]; qfac?: number };
  units?: number;
}

function headed({ pixdim = [1, 1, 1], sform, qform, units = 2 }: Header): Uint8Array<ArrayBuffer> {
  return niftiBytes((view) => {
    const floats = (offset: number, values: number[]) =>
      values.forEach((value, i) => view.setFloat32(offset + 4 * i, value, true));
    floats(76, [qform?.qfac ?? 1, ...pixdim]);
    view.setUint8(123, units);
    view.setInt16(252, qform?.code ?? 0, true);
    view.setInt16(254, sform?.code ?? 0, true);
    floats(256, [...qform?.quaternion ?? [0, 0, 0], ...qform?.offset ?? [0, 0, 0]]);
    floats(280, (sform?.rows ?? [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]).flat());
  });
}

const diagonal = (x: number, y: number, z: number) => [[x, 0, 0, 5], [0, y, 0, 6], [0, 0, z, 7]];

const CASES: [about: string, header: Header, spacing: number[], codes: string, note: RegExp | undefined][] = [
  [
    "all agree",
    { pixdim: [2, 3, 4], sform: { code: 1, rows: diagonal(2, 3, 4) }, qform: { code: 1 } },
    [4, 3, 2],
    "RAS",
    undefined,
  ],
  [
    "rounding is no contradiction",
    { pixdim: [2.001, 3, 4], sform: { code: 1, rows: diagonal(2, 3, 4) } },
    [4, 3, 2],
    "RAS",
    undefined,
  ],
  [
    "an sform that was reset: lengths of the pixdim",
    {
      pixdim: [1.31579, 1.31579, 10],
      sform: { code: 1, rows: diagonal(-1, 1, 1) },
      qform: { code: 1, quaternion: [0, 1, 0], qfac: -1 },
    },
    [10, 1.31579, 1.31579],
    "LAS",
    /sform has voxels of 1 × 1 × 1, its pixdim of 1.316 × 1.316 × 10.*from the pixdim.*ITK.*nibabel/,
  ],
  [
    "without a qform too",
    { pixdim: [1, 1, 0.6], sform: { code: 2, rows: diagonal(1, 1, 0.8) } },
    [0.6, 1, 1],
    "RAS",
    /from the pixdim/,
  ],
  [
    "a pixdim that is missing says nothing",
    { pixdim: [0, 0, 0], sform: { code: 1, rows: diagonal(2, 3, 4) } },
    [4, 3, 2],
    "RAS",
    undefined,
  ],
  [
    "a sheared sform is kept: gantry tilt",
    { pixdim: [1, 1, 3], sform: { code: 1, rows: [[1, 0, 0, 0], [0, 1, 1.5, 0], [0, 0, 3, 0]] } },
    [Math.hypot(1.5, 3), 1, 1],
    "RAS",
    /the sform is taken, since it has shear/,
  ],
  [
    "an sform of zeros: the qform",
    { pixdim: [1.5, 1.5, 3], sform: { code: 1, rows: diagonal(0, 0, 0) }, qform: { code: 1 } },
    [3, 1.5, 1.5],
    "RAS",
    /sform is not invertible: the qform is taken/,
  ],
  [
    "sform and qform that turn elsewhere",
    { sform: { code: 1, rows: diagonal(1, 1, 1) }, qform: { code: 1, quaternion: [0, 0, 1] } },
    [1, 1, 1],
    "RAS",
    /point elsewhere \(RAS and LPS\): the sform is taken/,
  ],
  ["no codes", { pixdim: [1, 2, 3] }, [3, 2, 1], "LAS", /no orientation.*left and right are a guess/],
  [
    "metres",
    { pixdim: [0.001, 0.002, 0.003], sform: { code: 1, rows: diagonal(0.001, 0.002, 0.003) }, units: 1 },
    [3, 2, 1],
    "RAS",
    /lengths in metres/,
  ],
  [
    "microns and seconds",
    { pixdim: [500, 500, 700], qform: { code: 1 }, units: 3 + 8 },
    [0.7, 0.5, 0.5],
    "RAS",
    /lengths in microns/,
  ],
  ["an unknown unit is mm", { pixdim: [1, 2, 3], qform: { code: 1 }, units: 5 }, [3, 2, 1], "RAS", undefined],
];

for (const [about, header, spacing, codes, note] of CASES) {
  Deno.test(`where voxels lie: ${about}`, async () => {
    await using file = await temporaryFile(headed(header), ".nii");
    const scan = await loadScan(file.name);
    spacingOf(scan.affine).forEach((length, axis) => assertAlmostEquals(length, spacing[axis]!, 1e-5));
    assertEquals(axisCodes(scan.affine), codes);
    if (note) assert(scan.notes.some((text) => note.test(text)), scan.notes.join("\n"));
    else assertEquals(scan.notes, []);
  });

  Deno.test(`what is laid on such a grid has the header's own numbers: ${about}`, async () => {
    await using file = await temporaryFile(headed(header), ".nii");
    const folder = await Deno.makeTempDir(), path = join(folder, "labels.nii");
    try {
      const scan = await loadScan(file.name);
      await writeNifti(path, { ...scan, data: new Uint8Array(scan.data.length) }, { like: scan.header });
      const back = await loadScan(path);
      const told = ({ zooms, sform, quaternion, qoffset, qformCode, sformCode, units }: NiftiHeader) => ({
        // Lengths that are missing are written, so that nobody takes zeros, or ones, for them.
        zooms: scan.header!.hasZooms && zooms,
        sform,
        quaternion,
        qoffset,
        qformCode,
        sformCode,
        unit: units & 7,
      });
      assertEquals(told(back.header!), told(scan.header!));
      assertEquals(back.affine, scan.affine);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const IMPLAUSIBLE: [about: string, lengths: number[], message: string][] = [
  [
    "metres taken for mm",
    [0.0008, 0.0008, 0.003],
    "wanted voxels of 0.02 to 25 mm, found 0.003 × 0.0008 × 0.0008 mm",
  ],
  ["thirty times too large", [30, 30, 30], "wanted voxels of 0.02 to 25 mm, found 30 × 30 × 30 mm"],
];
for (const [about, lengths, message] of IMPLAUSIBLE) {
  Deno.test(`a grid that is nobody's is refused: ${about}`, async () => {
    const rows = diagonal(...lengths as [number, number, number]);
    await using file = await temporaryFile(headed({ pixdim: lengths, sform: { code: 1, rows } }), ".nii");
    const error = await assertRejects(() => loadScan(file.name), Error, message);
    assert(error.message.includes(file.name));
  });
}
