/** Text in other alphabets, as pydicom wrote it; fixtures by tests/peers/dicom.py. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readDicom } from "../../lib/dicom/dicom_object.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";
import { dicomFixture } from "../support/dicom/dicom_fixture.ts";

interface Alphabet {
  sets: string | string[];
  undefined: boolean;
  name: string;
  bytes: string;
}

for (const { sets, undefined: open, name, bytes } of await dicomFixture<Alphabet[]>("alphabets")) {
  Deno.test(`text in ${[sets].flat().join("\\") || "no character set"}, also in ${open ? "open" : "closed"} sequences`, () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "a.dcm");
      await Deno.writeFile(path, Uint8Array.fromBase64(bytes));
      const { fields } = await readDicom(path);
      assertEquals(fields.text("SeriesDescription"), name);
      assertEquals(fields.items("StructureSetROISequence")[0]!.text("ROIName"), name);
    }));
}
