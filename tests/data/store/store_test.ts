import { assertEquals, assertRejects } from "@std/assert";
import { createChunkCache } from "../../../lib/data/store/chunk_cache.ts";
import { IGNORED } from "../../../lib/data/label_set.ts";
import { clipRegion, cutRegion, type Region } from "../../../lib/data/region.ts";
import { readStoredImage, readStoredLabels } from "../../../lib/data/store/store.ts";
import { inTemporaryFolder, makeStoredCase } from "./stored_cases.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

const SHAPE: Shape = [70, 3, 95];

/** What a region of a case whose image holds each voxel's index must read as. */
function expected({ start, shape }: Region, outside: number, value: (voxel: number) => number): number[] {
  const result: number[] = [];
  for (let z = start[0]; z < start[0] + shape[0]; z++) {
    for (let y = start[1]; y < start[1] + shape[1]; y++) {
      for (let x = start[2]; x < start[2] + shape[2]; x++) {
        const inside = [z, y, x].every((at, axis) => at >= 0 && at < SHAPE[axis]);
        result.push(inside ? value((z * SHAPE[1] + y) * SHAPE[2] + x) : outside);
      }
    }
  }
  return result;
}

const REGIONS: Record<string, Region> = {
  whole: { start: [0, 0, 0], shape: SHAPE },
  inside: { start: [30, 1, 40], shape: [12, 2, 20] },
  "over every border": { start: [-2, -1, -3], shape: [74, 6, 101] },
  "beyond the end": { start: [65, 0, 90], shape: [10, 3, 10] },
  outside: { start: [200, 0, 0], shape: [2, 3, 4] },
};

Deno.test("a region of a stored case is read, 0 and IGNORED outside of the scan", async (t) => {
  await inTemporaryFolder(async (folder) => {
    const stored = await makeStoredCase(folder, "a", { shape: SHAPE });
    const cache = createChunkCache(2 ** 20);
    for (const [name, region] of Object.entries(REGIONS)) {
      for (const options of [{}, { cache }, { cache }]) {
        await t.step(`${name}${"cache" in options ? ", cached" : ""}`, async () => {
          const image = await readStoredImage(stored, region, options);
          assertEquals(Array.from(image), expected(region, 0, (voxel) => voxel));
          const labels = await readStoredLabels(stored, region, options);
          assertEquals(Array.from(labels), expected(region, IGNORED, (voxel) => 1 - voxel % 2));
        });
      }
    }
    await t.step("without a region: all", async () => {
      assertEquals((await readStoredImage(stored)).at(-1), 70 * 3 * 95 - 1);
    });
  });
});

Deno.test("a patch is read without the whole scan: only the chunks it touches", async () => {
  await inTemporaryFolder(async (folder) => {
    const stored = await makeStoredCase(folder, "a", { shape: [120, 80, 80] });
    // Three chunks along z, two along y and x: all but the first are gone.
    for (const chunk of ["1", "2", "0/1", "0/0/1"]) {
      await Deno.remove(`${stored.image}/c/${chunk}`, { recursive: true });
    }
    const image = await readStoredImage(stored, { start: [0, 0, 0], shape: [40, 40, 40] });
    assertEquals(image[5], 5);
    assertEquals(image.at(-1), (39 * 80 + 39) * 80 + 39);
    const missing = readStoredImage(stored, { start: [0, 0, 0], shape: [41, 40, 40] });
    await assertRejects(() => missing, Error, "/c/1/0/0 is missing");
  });
});

Deno.test("the cache holds no more than its bytes, and no failed read", async () => {
  await inTemporaryFolder(async (folder) => {
    const shape: Shape = [120, 80, 80];
    const stored = await makeStoredCase(folder, "a", { shape });
    const cache = createChunkCache(3 * 40 ** 3 * 4);
    const whole = await readStoredImage(stored, undefined, { cache });
    assertEquals(whole, await readStoredImage(stored, undefined, { cache }));
    assertEquals(cache.bytes <= 3 * 40 ** 3 * 4, true);
    assertEquals(cache.bytes > 0, true);

    const later = { ...stored, image: `${folder}/later` };
    await assertRejects(() => readStoredImage(later, undefined, { cache }), Error, `${folder}/later`);
    await Deno.rename(stored.image, later.image);
    assertEquals(await readStoredImage(later, undefined, { cache }), whole);
  });
});

Deno.test("clipRegion keeps what is inside", () => {
  assertEquals(clipRegion({ start: [-1, 2, 0], shape: [3, 3, 3] }, [4, 4, 4]), {
    start: [0, 2, 0],
    shape: [2, 2, 3],
  });
  assertEquals(clipRegion({ start: [4, 0, 0], shape: [1, 1, 1] }, [4, 4, 4]), undefined);
});

Deno.test("cutRegion copies a box, 0 outside", () => {
  const source = Uint8Array.from({ length: 8 }, (_, v) => v + 1);
  const cut = (region: Region) => Array.from(cutRegion(source, { from: [2, 2, 2], region }));
  assertEquals(cut({ start: [0, 1, 0], shape: [2, 1, 2] }), [3, 4, 7, 8]);
  assertEquals(cut({ start: [1, 1, -1], shape: [1, 2, 3] }), [0, 7, 8, 0, 0, 0]);
  assertEquals(cut({ start: [5, 0, 0], shape: [1, 1, 1] }), [0]);
});
