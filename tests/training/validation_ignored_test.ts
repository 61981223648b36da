import { assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { validationScores } from "../../lib/training/validation.ts";
import { join } from "@std/path";
import { writeStoredArray } from "../../lib/data/store/store.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { blockCase } from "../support/training/block_case.ts";
import { fakeModel } from "../support/training/fake_model.ts";

const window: Shape = [8, 8, 8];

Deno.test("what is ignored is left out of validation", async () => {
  await inTemporaryFolder(async (folder) => {
    // The model finds organ 1 in both blocks; the truth has it in the first one alone.
    const stored = await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 3, 2: 3 } });
    const model = fakeModel("a", [1], { brightest: 1 });
    const scores = async (code: number) => {
      const truth = Uint8Array.from({ length: 512 }, (_, v) => {
        const [z, y, x] = [Math.floor(v / 64), Math.floor(v / 8) % 8, v % 8];
        return y > 2 || x > 2 ? 0 : z < 3 ? 1 : z < 4 ? 0 : z < 7 ? code : 0;
      });
      const labels = join(folder, `labels ${code}`);
      await writeStoredArray(labels, truth, { shape: [8, 8, 8] });
      return await validationScores(model, { cases: [{ ...stored, labels }], window });
    };
    assertEquals(await scores(0), new Map([[1, [2 / 3]]]));
    assertEquals(await scores(IGNORED), new Map([[1, [1]]]));
  });
});
