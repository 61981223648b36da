/** DICOM as a dataset, held against SimpleITK, rt-utils and highdicom; fixtures by tests/peers/dicom.py. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { importDicom } from "../../../lib/workbench/import/import_dicom.ts";
import { readAliases } from "../../../lib/workbench/import/organ_aliases.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";
import { type DicomFixture, dicomFixture, writeFiles } from "../../support/dicom/dicom_fixture.ts";

const ct = await dicomFixture("ct_structures"), mr = await dicomFixture("mr_segments");
const enhanced = await dicomFixture("enhanced");
const others = await dicomFixture<Record<string, string>>("other_segments");

/** Label map of masks, in the order of their values. */
function labelsOf({ masks }: DicomFixture, order: string[]): number[] {
  return [...masks[order[0]!]!].map((_, voxel) => order.findIndex((name) => masks[name]![voxel] === "1") + 1);
}

async function assertScan(path: string, { size, affine, voxels }: DicomFixture): Promise<void> {
  const scan = await loadScan(path);
  assertEquals(scan.shape, size.toReversed());
  // NIfTI keeps single precision.
  scan.affine.flat().forEach((value, index) => assertAlmostEquals(value, affine.flat()[index]!, 1e-5));
  assertEquals([...scan.data], voxels);
}

for (
  const [about, fixture, id] of [
    [
      "CT slices whose numbers run against their positions, with an RTSTRUCT whose organ has a hole",
      ct,
      "P-001",
    ],
    ["oblique MR slices with a slope of a fraction, and a SEG", mr, "P-002"],
  ] as const
) {
  Deno.test(`${about}: voxels, affine and masks are those of other libraries`, () =>
    inTempFolder(async (root) => {
      await writeFiles(join(root, "dicom"), fixture.files);
      const out = join(root, "set");
      const { cases } = await importDicom([join(root, "dicom")], { out });
      assertEquals(cases.map((one) => one.organs), ["Parts (L), Ring"]);
      await assertScan(join(out, "imagesTr", `${id}_0000.nii.gz`), fixture);
      const labels = await loadScan(join(out, "labelsTr", `${id}.nii.gz`));
      assertEquals([...labels.data], labelsOf(fixture, ["Parts (L)", "Ring"]));
      const { labels: organs, cases: [one], modality } = await readDataset(out);
      assertEquals([...organs], [[1, "Parts (L)"], [2, "Ring"]]);
      assertEquals([one!.id, one!.subject, one!.annotated], [id, id, ["Parts (L)", "Ring"]]);
      assertEquals(modality, fixture === ct ? "CT" : "MRI");
      const { findings } = await checkDataset(out);
      assertEquals(findings.filter(({ severity }) => severity === "error"), []);
    }));
}

Deno.test("frames of an enhanced MR are slices; a scan without labels is said to be one", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom"), enhanced.files);
    const { notes } = await importDicom([join(root, "dicom")], { out: join(root, "set") });
    await assertScan(join(root, "set", "imagesTr", "P-001_0000.nii.gz"), enhanced);
    assertEquals(notes, ["1 of 1 series have no organ: scans without a label map"]);
  }));

Deno.test("no name of a patient is written", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom"), ct.files);
    const out = join(root, "set");
    await importDicom([join(root, "dicom")], { out });
    for (const folder of ["", "imagesTr", "labelsTr"]) {
      for await (const { name, isFile } of Deno.readDir(join(out, folder))) {
        if (!isFile) continue;
        const bytes = await Deno.readFile(join(out, folder, name));
        const stream = new Blob([bytes]).stream();
        const text = await new Response(
          name.endsWith(".gz") ? stream.pipeThrough(new DecompressionStream("gzip")) : stream,
        ).text();
        assert(!/secret|person/i.test(name + text), name);
      }
    }
  }));

Deno.test("structures are mapped to organs, what is not mapped is listed and left out", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom"), ct.files);
    const organs = join(root, "organs.json");
    await Deno.writeTextFile(organs, JSON.stringify({ ring: "Liver", spleen: "Spleen" }));
    const out = join(root, "set");
    const { notes } = await importDicom([join(root, "dicom")], { out, aliases: await readAliases(organs) });
    assertEquals(notes, ["structures that --organs does not map: Parts (L)"]);
    const { labels, cases } = await readDataset(out);
    assertEquals([[...labels], cases[0]!.annotated], [[[1, "Liver"]], ["Liver"]]);
    const map = await loadScan(join(out, "labelsTr", "P-001.nii.gz"));
    assertEquals([...map.data], labelsOf(ct, ["Ring"]));
  }));

/** A series again, under another UID. */
function secondSeries(files: Record<string, string>): Record<string, string> {
  const uid = "1.2.826.0.1.3680043.8.498.2";
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => /^\d/.test(name)).map(([name, base64]) => {
      const text = new TextDecoder("latin1").decode(Uint8Array.fromBase64(base64));
      // Those of the slices themselves begin with the same digits, and are of other files then, too.
      const other = text.replaceAll(uid, uid.replace("498.2", "499.2")).replaceAll(".498.", ".499.");
      return [`second_${name}`, Uint8Array.from(other, (letter) => letter.charCodeAt(0)).toBase64()];
    }),
  );
}

Deno.test("two series of a patient are numbered, told, and one person in splits", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom"), { ...ct.files, ...secondSeries(ct.files) });
    const out = join(root, "set");
    const { cases, notes } = await importDicom([join(root, "dicom")], { out });
    assertEquals(cases.map((one) => [one.case, one.organs]), [["P-001_1", "Parts (L), Ring"], [
      "P-001_2",
      "",
    ]]);
    assertEquals(notes, [
      "P-001 has 2 series: P-001_1, P-001_2",
      "1 of 2 series have no organ: scans without a label map",
    ]);
    const dataset = await readDataset(out);
    assertEquals(dataset.cases.map(({ subject, annotated }) => [subject, annotated.length]), [["P-001", 2], [
      "P-001",
      0,
    ]]);
  }));

Deno.test("a dataset is of one modality, and copies of files count once", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom", "a"), ct.files);
    await writeFiles(join(root, "dicom", "b"), enhanced.files);
    await writeFiles(join(root, "dicom", "a", "copy"), ct.files);
    const out = join(root, "set"), folders = [join(root, "dicom")];
    const error = await assertRejects(() => importDicom(folders, { out }), Error);
    assert(error.message.includes("there are 1 CT and 1 MR; --modality CT or MR says which"), error.message);
    const { cases, notes } = await importDicom(folders, { out, modality: "CT" });
    assertEquals(cases.map((one) => one.case), ["P-001"]);
    assertEquals(notes, ["7 files are left out: a copy of another file", "1 series are of another modality"]);
  }));

const seg = (kind: string) => ({ ...mr.files, "segments.dcm": others[kind]! });
const without = (files: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
/** Names of slices' files from the first to the last place. */
const slices = Object.keys(ct.files).filter((name) => /^\d/.test(name));

const refused: [about: string, files: Record<string, string>, message: RegExp][] = [
  [
    "a fractional SEG",
    seg("fractional"),
    /SegmentationType must be BINARY.*it is FRACTIONAL \(.*segments\.dcm\)/,
  ],
  ["a SEG of values", seg("labelmap"), /SegmentationType must be BINARY.*it is LABELMAP/],
  [
    "segments that overlap",
    seg("overlap"),
    /one organ, there overlap Ring and Parts \(L\) \(\d+ voxels\); --priority/,
  ],
  [
    "a SEG whose series is not there",
    { "a.dcm": mr.files["segments.dcm"]! },
    /the series that a SEG names must be there/,
  ],
  [
    "a folder without scans",
    { "notes.txt": btoa("hello") },
    /there must be a series of CT or MR, there is none/,
  ],
  [
    "half a file",
    { "a.dcm": btoa("\0".repeat(128) + "DICM\x02\0\0\0UL") },
    /no DICOM that can be read.*a\.dcm/,
  ],
];
for (const [about, files, message] of refused) {
  Deno.test(`${about} is refused, and nothing is left`, () =>
    inTempFolder(async (root) => {
      await writeFiles(join(root, "dicom"), files);
      const out = join(root, "set");
      const error = await assertRejects(() => importDicom([join(root, "dicom")], { out }), Error);
      assert(message.test(error.message), error.message);
      assertEquals([await exists(out), [...Deno.readDirSync(root)].map(({ name }) => name)], [false, [
        "dicom",
      ]]);
    }));
}

Deno.test("a missing slice is named by its neighbours; both problems of two are told", () =>
  inTempFolder(async (root) => {
    const inner = slices.find((name) => {
      const bytes = Uint8Array.fromBase64(ct.files[name]!);
      // ImagePositionPatient of the third slice: 30 + 2 · 2.5.
      return new TextDecoder("latin1").decode(bytes).includes("\\35.0");
    })!;
    await writeFiles(join(root, "dicom"), {
      ...without(ct.files, inner),
      "bad.dcm": btoa("\0".repeat(128) + "DICM"),
    });
    const error = await assertRejects(
      () => importDicom([join(root, "dicom")], { out: join(root, "set") }),
      Error,
    );
    assert(/no slice must be missing.*2\.5 mm apart.*1 between 5 and 3/.test(error.message), error.message);
    assert(/bad\.dcm/.test(error.message), error.message);
  }));

Deno.test("organs that overlap have an order by priority", () =>
  inTempFolder(async (root) => {
    await writeFiles(join(root, "dicom"), seg("overlap"));
    const folder = [join(root, "dicom")];
    const first = await importDicom(folder, { out: join(root, "a"), priority: ["Ring"] });
    const ring = await loadScan(join(root, "a", "labelsTr", "P-002.nii.gz"));
    assertEquals([...ring.data].map((value) => value === 2 ? "1" : "0").join(""), mr.masks.Ring);
    assert(first.notes.some((note) => note.includes("overlap, the voxels are Ring's")), String(first.notes));
    await importDicom(folder, { out: join(root, "b"), priority: ["Parts (L)", "Ring"] });
    const parts = await loadScan(join(root, "b", "labelsTr", "P-002.nii.gz"));
    assert(
      parts.data.filter((value) => value === 1).length > ring.data.filter((value) => value === 1).length,
    );
    const wrong = () => importDicom(folder, { out: join(root, "c"), priority: ["Rnig"] });
    const error = await assertRejects(wrong, Error);
    assert(/--priority: an organ.*Ring/.test(error.message), error.message);
  }));
