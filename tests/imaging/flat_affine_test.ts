import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { loadScan } from "../../lib/imaging/load_scan.ts";
import { isInvertible } from "../../lib/imaging/matrix.ts";
import { ScanError } from "../../lib/imaging/scan_error.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";

Deno.test("whether an affine is flat does not depend on the lengths of its columns", () => {
  for (const length of [1e-30, 1e-3, 1, 1e3, 1e30]) {
    assert(isInvertible([[length, 0, 0], [0, length, 0], [0, 0, length]]), String(length));
    assertEquals(isInvertible([[length, length, 0], [length, length, 0], [0, 0, length]]), false);
  }
  assertEquals(isInvertible([[1, 0, 0], [0, 1, 0], [0, 0, 0]]), false);
  // Its determinant is 12, and yet two of its columns are one to all digits.
  assertEquals(isInvertible([[2, 1e30, 0], [0, 2, 0], [0, 0, 3]]), false);
});

for (const offset of [284, 288, 296, 304, 312, 316]) {
  Deno.test(`a scan whose sform squeezes space flat by the number at byte ${offset} is named`, () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "scan.nii");
      const affine = [[2, 0, 0, -10], [0, 2, 0, 5], [0, 0, 3, 7], [0, 0, 0, 1]];
      await writeNifti(path, { data: new Uint8Array(8), shape: [2, 2, 2], affine });
      const bytes = await Deno.readFile(path), header = new DataView(bytes.buffer);
      header.setInt16(252, 0, true); // no qform to fall back on
      header.setFloat32(offset, 1e30, true);
      await Deno.writeFile(path, bytes);
      const { message } = await assertRejects(() => loadScan(path), ScanError);
      assert(message.includes(path) && message.includes("wanted "), message);
    }));
}
