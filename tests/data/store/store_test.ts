import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileSystemStore } from "@zarrita/storage";
import * as zarr from "zarrita";
import { IGNORED } from "../../../lib/data/label_set.ts";
import { commonRegion, cutRegion, type Region } from "../../../lib/data/region.ts";
import { readStoredImage, readStoredLabels, writeStoredArray } from "../../../lib/data/store/store.ts";
import { inTemporaryFolder, makeStoredCase } from "../../support/data/store/stored_cases.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

const SHAPE: Shape = [70, 3, 95];

/** What a region of a case whose image holds each voxel's index must read as. */
function expected({ start, shape }: Region, outside: number, value: (voxel: number) => number): number[] {
  const result: number[] = [];
  for (let z = start[0]; z < start[0] + shape[0]; z++) {
    for (let y = start[1]; y < start[1] + shape[1]; y++) {
      for (let x = start[2]; x < start[2] + shape[2]; x++) {
        const inside = [z, y, x].every((at, axis) => at >= 0 && at < SHAPE[axis]!);
        result.push(inside ? value((z * SHAPE[1] + y) * SHAPE[2] + x) : outside);
      }
    }
  }
  return result;
}

const REGIONS = {
  whole: { start: [0, 0, 0], shape: SHAPE },
  inside: { start: [30, 1, 40], shape: [12, 2, 20] },
  "over every border": { start: [-2, -1, -3], shape: [74, 6, 101] },
  "beyond the end": { start: [65, 0, 90], shape: [10, 3, 10] },
  outside: { start: [200, 0, 0], shape: [2, 3, 4] },
} satisfies Record<string, Region>;

Deno.test("a region of a stored case is read, 0 and IGNORED outside of the scan", async (t) => {
  await inTemporaryFolder(async (folder) => {
    const stored = await makeStoredCase(folder, "a", { shape: SHAPE });
    for (const [name, region] of Object.entries(REGIONS)) {
      await t.step(name, async () => {
        const image = await readStoredImage(stored, region);
        assertEquals(Array.from(image), expected(region, 0, (voxel) => voxel));
        const labels = await readStoredLabels(stored, region);
        assertEquals(Array.from(labels), expected(region, IGNORED, (voxel) => 1 - voxel % 2));
      });
    }
    await t.step("without a region: all", async () => {
      assertEquals((await readStoredImage(stored)).at(-1), 70 * 3 * 95 - 1);
    });
  });
});

/** Four chunks of 30 along z, two of 32 along y and x. */
const CHUNKS = { shape: [120, 64, 64] as Shape, chunk: [30, 32, 32] as Shape, count: 16 };
const shardOf = ({ image }: { image: string }) => join(image, "c/0/0/0");

Deno.test("a patch is read without the whole scan: only the chunks it touches", async () => {
  await inTemporaryFolder(async (folder) => {
    const stored = await makeStoredCase(folder, "a", CHUNKS);
    // All chunks but the first lie beyond the end of the file, if one believes the index.
    const bytes = await Deno.readFile(shardOf(stored));
    const index = new BigUint64Array(bytes.buffer, bytes.length - 16 * CHUNKS.count);
    assertEquals([index[0], index[1]], [0n, BigInt(30 * 32 * 32 * 4)]);
    for (let chunk = 1; chunk < CHUNKS.count; chunk++) index[2 * chunk] = BigInt(bytes.length);
    await Deno.writeFile(shardOf(stored), bytes);
    const image = await readStoredImage(stored, { start: [0, 0, 0], shape: CHUNKS.chunk });
    assertEquals(image[5], 5);
    assertEquals(image.at(-1), (29 * 64 + 31) * 64 + 31);
    const beyond = readStoredImage(stored, { start: [0, 0, 0], shape: [31, 32, 32] });
    await assertRejects(() => beyond, Error, `/c/0/0/0 ends early (${stored.image})`);
    await Deno.remove(shardOf(stored));
    await assertRejects(() => readStoredImage(stored), Error, `/c/0/0/0 is missing (${stored.image})`);
  });
});

Deno.test("chunks of one value are stored once a value, also those that reach over the end", async () => {
  await inTemporaryFolder(async (folder) => {
    const shape: Shape = [100, 70, 70];
    const image = new Float32Array(100 * 70 * 70).fill(-3.2);
    image.fill(1.5, 0, 34 * 70 * 70); // the first layer of three, of chunks of 34×35×35
    image[0] = 7;
    await writeStoredArray(join(folder, "image"), image, { shape });
    const stored = { image: join(folder, "image"), shape };
    assertEquals(await readStoredImage(stored), image);
    // The chunk with the 7, one of 1.5, one of -3.2, and the index.
    assertEquals((await Deno.stat(shardOf(stored))).size, 3 * 34 * 35 * 35 * 4 + 12 * 16);
  });
});

Deno.test("zarrita reads a stored array from the files alone", async () => {
  await inTemporaryFolder(async (folder) => {
    const { image } = await makeStoredCase(folder, "a", { shape: SHAPE });
    const array = await zarr.open.v3(new FileSystemStore(image), { kind: "array" });
    assertEquals([array.shape, array.dtype, array.dimensionNames], [SHAPE, "float32", ["z", "y", "x"]]);
    const { data } = await zarr.get(array);
    assertEquals(data, Float32Array.from({ length: 70 * 3 * 95 }, (_, voxel) => voxel));
  });
});

Deno.test("arrays of compressed chunks in files of their own, as once written, are read alike", async () => {
  await inTemporaryFolder(async (image) => {
    const data = Float32Array.from({ length: 70 * 3 * 95 }, (_, voxel) => voxel);
    const blosc = { cname: "zstd", clevel: 3, shuffle: "shuffle", typesize: 4, blocksize: 0 };
    const array = await zarr.create(new FileSystemStore(image), {
      shape: SHAPE,
      chunkShape: [35, 3, 48],
      dtype: "float32" as const,
      fillValue: 0,
      codecs: [{ name: "bytes", configuration: { endian: "little" } }, {
        name: "blosc",
        configuration: blosc,
      }],
    });
    await zarr.set(array, null, { data, shape: SHAPE, stride: [3 * 95, 95, 1] });
    const stored = { image, shape: SHAPE };
    assertEquals(await readStoredImage(stored), data);
    const region = REGIONS["over every border"];
    assertEquals(Array.from(await readStoredImage(stored, region)), expected(region, 0, (voxel) => voxel));
    await Deno.remove(join(image, "c/1/0/0"));
    await assertRejects(() => readStoredImage(stored), Error, "/c/1/0/0 is missing");
  });
});

Deno.test("commonRegion keeps what two boxes share", () => {
  const whole: Region = { start: [0, 0, 0], shape: [4, 4, 4] };
  assertEquals(commonRegion({ start: [-1, 2, 0], shape: [3, 3, 3] }, whole), {
    start: [0, 2, 0],
    shape: [2, 2, 3],
  });
  assertEquals(commonRegion({ start: [4, 0, 0], shape: [1, 1, 1] }, whole), undefined);
});

Deno.test("cutRegion copies a box, 0 outside", () => {
  const source = Uint8Array.from({ length: 8 }, (_, v) => v + 1);
  const cut = (region: Region) => Array.from(cutRegion(source, { from: [2, 2, 2], region }));
  assertEquals(cut({ start: [0, 1, 0], shape: [2, 1, 2] }), [3, 4, 7, 8]);
  assertEquals(cut({ start: [1, 1, -1], shape: [1, 2, 3] }), [0, 7, 8, 0, 0, 0]);
  assertEquals(cut({ start: [5, 0, 0], shape: [1, 1, 1] }), [0]);
});
