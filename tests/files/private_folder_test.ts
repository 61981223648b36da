import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makePrivateFolder } from "../../lib/files/private_folder.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const permissions = async (path: string) => (await Deno.stat(path)).mode! & 0o777;

Deno.test("a private folder is its owner's, those above and those that were there stay as they are", () =>
  withFolder(async (root) => {
    await Deno.chmod(root, 0o755);
    await makePrivateFolder(join(root, "results/stages"));
    assertEquals(await permissions(join(root, "results/stages")), 0o700);
    assertEquals(await permissions(join(root, "results")) === 0o700, false);
    await makePrivateFolder(root);
    assertEquals(await permissions(root), 0o755);
  }));

Deno.test("label maps that are written are their owner's", () =>
  withFolder(async (root) => {
    const path = join(root, "labels.nii.gz");
    const affine = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
    await writeNifti(path, { data: new Uint8Array(8), shape: [2, 2, 2], affine });
    assertEquals(await permissions(path), 0o600);
  }));
