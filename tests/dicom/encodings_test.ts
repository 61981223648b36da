/** Pixels of every encoding, held against SimpleITK (GDCM); fixtures by tests/peers/dicom.py. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DicomError } from "../../lib/dicom/dicom_error.ts";
import { framesOf } from "../../lib/dicom/frame.ts";
import { loadStack } from "../../lib/dicom/load_stack.ts";
import { readDicom } from "../../lib/dicom/dicom_object.ts";
import { stackOf } from "../../lib/dicom/stack.ts";
import { encodingOf } from "../../lib/dicom/transfer_syntax.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";
import { dicomFixture } from "../support/dicom/dicom_fixture.ts";

interface Encoding {
  what: string;
  syntax: string;
  bytes: string;
  voxels: number[];
}

const encodings = await dicomFixture<Encoding[]>("encodings");

for (const { what, syntax, bytes, voxels } of encodings) {
  Deno.test(`${what} (${syntax}): pixels as by SimpleITK`, () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "a.dcm");
      await Deno.writeFile(path, Uint8Array.fromBase64(bytes));
      const { data } = await loadStack(stackOf(framesOf(await readDicom(path))));
      assertEquals([...data], voxels);
    }));
}

/** The bytes of a fixture, changed where a text of the same length stands. */
function changed(what: string, from: string, to: string): Uint8Array {
  const text = new TextDecoder("latin1").decode(
    Uint8Array.fromBase64(encodings.find((one) => one.what === what)!.bytes),
  );
  assert(from.length === to.length && text.includes(from), from);
  return Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
}

Deno.test("fewer pixels than announced, and compressed ones that are damaged, are refused by the file's name", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "a.dcm"), whole = Uint8Array.fromBase64(encodings[3]!.bytes);
    for (
      const [bytes, message] of [
        [whole.slice(0, -20), /PixelData must have 240 bytes, it has 220 \(.*a\.dcm\)/],
        [changed("JPEG 2000, int16", "\xff\x4f\xff\x51", "\x00\x00\x00\x00"), /do not decompress: .*a\.dcm/],
      ] as const
    ) {
      await Deno.writeFile(path, bytes);
      const stack = stackOf(framesOf(await readDicom(path)));
      const error = await assertRejects(() => loadStack(stack), DicomError);
      assert(message.test(error.message), error.message);
    }
  }));

Deno.test("other encodings are refused by their UID, with the remedy", () => {
  for (const syntax of ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", ""]) {
    const error = assertThrows(() => encodingOf(syntax, "a.dcm"), DicomError);
    assert(error.message.includes(syntax || "missing") && error.message.includes("gdcmconv --raw"));
  }
});
