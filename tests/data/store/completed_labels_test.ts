import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { writeCompletedLabels } from "../../../lib/data/store/completed_labels.ts";
import { UNCERTAIN } from "../../../lib/data/label_set.ts";
import { readStoredLabels } from "../../../lib/data/store/store.ts";
import { inTemporaryFolder, makeStoredCase } from "../../support/data/store/stored_cases.ts";

const SHAPE: [number, number, number] = [2, 3, 4];

/** True labels of organ 2 in the first six of 24 voxels. */
const made = (folder: string) =>
  makeStoredCase(folder, "a", { shape: SHAPE, labels: (voxel) => voxel < 6 ? 2 : 0, labelSet: [2] });
const completed = Uint8Array.from(
  { length: 24 },
  (_, v) => v < 6 ? 2 : v < 10 ? 1 : v < 12 ? UNCERTAIN : v < 15 ? 5 : 0,
);

Deno.test("a completed label map is stored beside the true one", async () => {
  await inTemporaryFolder(async (folder) => {
    const stored = await made(folder);
    const completion = { labels: completed, pseudoSet: [1, 5], folder: join(folder, "completed") };
    const full = await writeCompletedLabels(stored, completion);
    assertEquals([full.id, full.image, full.labelSet, full.pseudoSet], ["a", stored.image, [2], [1, 5]]);
    assertEquals(full.locations, { 1: [6, 7, 8, 9], 2: [0, 1, 2, 3, 4, 5], 5: [12, 13, 14] });
    assertEquals(await readStoredLabels(full), completed);
    assertEquals((await readStoredLabels(stored)).includes(1), false);
    assertEquals(await writeCompletedLabels(stored, completion), full);
    assertEquals(Array.from(Deno.readDirSync(completion.folder)).length, 1);
  });
});

Deno.test("a completed label map that cannot be true is refused and leaves nothing", async (t) => {
  const change = (voxel: number, code: number) => completed.with(voxel, code);
  const cases: Record<string, [Uint8Array, number[], string]> = {
    "another shape": [completed.slice(1), [1, 5], "one for each voxel of [2,3,4], there are 23"],
    "an unknown code": [change(20, 7), [1, 5], "voxel 20 has 7"],
    "a true label overwritten": [change(3, 1), [1, 5], "true labels must stay, voxel 3 was 2 and is 1"],
    "an annotated organ elsewhere": [change(20, 2), [1, 5], "true labels must stay, voxel 20 was 0 and is 2"],
    "an organ that is both": [completed, [1, 2, 5], "must have no true labels, organs 2 have both"],
  };
  await inTemporaryFolder(async (folder) => {
    const stored = await made(folder);
    for (const [name, [labels, pseudoSet, reason]] of Object.entries(cases)) {
      await t.step(name, async () => {
        const store = join(folder, "completed");
        const refused = () => writeCompletedLabels(stored, { labels, pseudoSet, folder: store });
        await assertRejects(refused, RangeError, "Cannot complete the labels of case a: ");
        await assertRejects(refused, RangeError, reason);
        await assertRejects(() => Deno.stat(store), Deno.errors.NotFound);
      });
    }
  });
});
