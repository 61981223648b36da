/** Label maps as SEG objects: there and back; tests/peers/dicom_seg.py asks highdicom of the same objects. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { dicomSeg } from "../../../lib/commands/dicom/export_dicom_seg.ts";
import { readDicom } from "../../../lib/dicom/dicom_object.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { writeLabelDescriptions } from "../../../lib/imaging/write_label_descriptions.ts";
import { toRas } from "../../../lib/imaging/orientation.ts";
import { exportDicomSeg } from "../../../lib/workbench/export/dicom_seg.ts";
import { importDicom } from "../../../lib/workbench/import/import_dicom.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";
import { type DicomFixture, dicomFixture, writeFiles } from "../../support/dicom/dicom_fixture.ts";

const software = { name: "Consilium", version: "1" };
const organs = [{ number: 1, name: "Parts (L)" }, { number: 2, name: "Ring, with a \u00fc" }];

/** A series without its label objects, its dataset, and a label map of it with names. */
async function scene(root: string, fixture: DicomFixture) {
  const dicom = join(root, "dicom"), set = join(root, "set");
  await writeFiles(dicom, fixture.files);
  await importDicom([dicom], { out: set });
  for (const name of ["structures.dcm", "segments.dcm"]) await Deno.remove(join(dicom, name)).catch(() => {});
  const map = join(set, "labelsTr", [...Deno.readDirSync(join(set, "labelsTr"))][0]!.name);
  await writeLabelDescriptions(join(set, "labelsTr"), organs);
  return { dicom, map, seg: join(root, "seg.dcm") };
}

for (const name of ["ct_structures", "mr_segments"]) {
  Deno.test(`${name}: a label map, exported and imported again, is the same`, () =>
    inTempFolder(async (root) => {
      const { dicom, map, seg } = await scene(root, await dicomFixture(name));
      const { result, text } = await withOutput(() => dicomSeg([map, "--dicom", dicom, "--out", seg]));
      assertEquals(result, 0, text);
      await Deno.copyFile(seg, join(dicom, "ours.dcm"));
      const { cases } = await importDicom([dicom], { out: join(root, "again") });
      const back = await loadScan(join(root, "again", "labelsTr", `${cases[0]!.case}.nii.gz`));
      const before = await loadScan(map);
      assertEquals([back.data, back.affine, cases[0]!.organs], [
        before.data,
        before.affine,
        "Parts (L), Ring, with a ü",
      ]);
    }));
}

Deno.test("a label map whose axes run another way lies where it lay; patient and study are the series'", () =>
  inTempFolder(async (root) => {
    const { dicom, map, seg } = await scene(root, await dicomFixture("mr_segments"));
    const before = await loadScan(map);
    await writeNifti(map, toRas(before));
    assert(String((await loadScan(map)).affine) !== String(before.affine));
    assertEquals(await exportDicomSeg(map, { dicom, out: seg, software }), organs.map(({ name }) => name));
    const { fields } = await readDicom(seg);
    assertEquals(["PatientID", "StudyInstanceUID"].map((keyword) => fields.text(keyword)), [
      "P/002",
      "1.2.826.0.1.3680043.8.498.12",
    ]);
    assertEquals(fields.personName("PatientName"), "Secret^Person");
    await Deno.copyFile(seg, join(dicom, "ours.dcm"));
    await importDicom([dicom], { out: join(root, "again") });
    assertEquals((await loadScan(join(root, "again", "labelsTr", "P-002.nii.gz"))).data, before.data);
  }));

Deno.test("a map of another grid, without names or without organs is refused, and nothing is written", () =>
  inTempFolder(async (root) => {
    const { dicom, map, seg } = await scene(root, await dicomFixture("ct_structures"));
    const { data, shape, affine } = await loadScan(map);
    const refusal = async (message: RegExp) => {
      const error = await assertRejects(() => exportDicomSeg(map, { dicom, out: seg, software }), Error);
      assert(message.test(error.message), error.message);
      assertEquals(await exists(seg), false);
    };
    await writeNifti(map, {
      data,
      shape,
      affine: affine.map((row, axis) => axis === 2 ? [...row.slice(0, 3), 99] : row),
    });
    await refusal(/must have the label map's grid, of 1 there is none \(.*dicom\n.*a corner is .* mm away/);
    await writeNifti(map, {
      data: data.map((value) => value === 2 ? 7 : value) as Uint8Array,
      shape,
      affine,
    });
    await refusal(/organs\.label\.txt beside the label map, there are none of 7/);
    await writeNifti(map, { data: new Uint8Array(data.length), shape, affine });
    await refusal(/must have an organ, all voxels are 0/);
  }));
