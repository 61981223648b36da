import { assertAlmostEquals, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { preprocessCase } from "../../../lib/data/store/preprocess.ts";
import type { Preprocessing } from "../../../lib/data/preprocessing.ts";
import { readStoredImage, readStoredLabels } from "../../../lib/data/store/store.ts";
import type { StudyCase } from "../../../lib/data/cohorts/study.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { niftiBytes, type NiftiBytesOptions } from "../../support/data/datasets/nifti_bytes.ts";
import { inTemporaryFolder } from "../../support/data/store/stored_cases.ts";

const SHAPE: Shape = [12, 10, 8];
const VOXELS = 12 * 10 * 8;
const CT: Preprocessing = {
  spacingMm: [1, 1, 1],
  intensity: { scheme: "ct", clipHu: [-100, 300], mean: 50, std: 200 },
};
/** File values 1 and 2 are the shown organs 2 and 1; 3 is hidden. */
const VALUES = { 1: 2, 2: 1 };
const DECLARED = [1, 2, 3, ...Array.from({ length: 100 }, (_, i) => 100 + i)];

function intensities(): Float32Array {
  return Float32Array.from({ length: VOXELS }, (_, voxel) => (voxel * 37) % 1000 - 300);
}

/** Blocks of 1, 2 and 3 along z, background at both ends. */
function fileLabels(): Uint8Array {
  return Uint8Array.from(
    { length: VOXELS },
    (_, voxel) => [0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 0, 0][Math.floor(voxel / 80)]!,
  );
}

interface Files {
  image?: Float32Array;
  labels?: Uint8Array;
  imageGrid?: Partial<NiftiBytesOptions>;
  labelGrid?: Partial<NiftiBytesOptions>;
}

async function writeCase(
  folder: string,
  { image = intensities(), labels = fileLabels(), imageGrid, labelGrid }: Files = {},
): Promise<StudyCase> {
  const paths = { image: join(folder, "image.nii"), label: join(folder, "label.nii") };
  await Deno.writeFile(paths.image, niftiBytes(image, { shape: SHAPE, ...imageGrid }));
  await Deno.writeFile(paths.label, niftiBytes(labels, { shape: SHAPE, ...labelGrid }));
  return {
    id: "case_1",
    dataset: "a",
    subject: "case_1",
    ...paths,
    labelSet: [1, 2],
    values: VALUES,
    declared: DECLARED,
  };
}

/** Every file under a folder with its bytes. */
function contents(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
      isDirectory
        ? Object.entries(contents(join(folder, name))).map(([path, bytes]) => [join(name, path), bytes])
        : [[name, Deno.readFileSync(join(folder, name))]]
    ).sort(),
  );
}

Deno.test("a case is stored as codes and normalised intensities", async () => {
  await inTemporaryFolder(async (folder) => {
    const stored = await preprocessCase(await writeCase(folder), {
      preprocessing: CT,
      folder: join(folder, "store"),
    });
    assertEquals([stored.id, stored.dataset, stored.shape, stored.pseudoSet], ["case_1", "a", SHAPE, []]);
    const image = await readStoredImage(stored);
    intensities().forEach((hu, voxel) =>
      assertAlmostEquals(image[voxel]!, (Math.max(-100, Math.min(300, hu)) - 50) / 200, 1e-6)
    );
    const labels = await readStoredLabels(stored);
    assertEquals([...labels], [...fileLabels()].map((value) => [0, 2, 1, 0][value]));
    assertEquals(Object.keys(stored.locations), ["1", "2"]);
    assertEquals(stored.locations[1]!.every((voxel) => labels[voxel] === 1), true);
    assertEquals(Object.values(stored.locations).map(({ length }) => length), [160, 240]);
  });
});

Deno.test("a scan is turned to RAS+ and resampled, its labels alike", async () => {
  await inTemporaryFolder(async (folder) => {
    // x runs to the left, z in steps of 2 mm.
    const srow = [[-1, 0, 0, 7], [0, 1, 0, 0], [0, 0, 2, 0]];
    const labels = Uint8Array.from({ length: VOXELS }, (_, voxel) => voxel % 8 === 0 ? 1 : 0);
    const image = Float32Array.from({ length: VOXELS }, (_, voxel) => voxel % 8);
    const written = await writeCase(folder, { image, labels, imageGrid: { srow }, labelGrid: { srow } });
    const preprocessing: Preprocessing = { spacingMm: [1, 1, 1], intensity: { scheme: "mr" } };
    const stored = await preprocessCase(written, { preprocessing, folder: join(folder, "store") });
    assertEquals(stored.shape, [24, 10, 8]);
    assertEquals([...await readStoredLabels(stored)].slice(0, 8), [0, 0, 0, 0, 0, 0, 0, 2]);
    const row = [...await readStoredImage(stored)].slice(0, 8);
    // 7 … 0 with mean 3.5 and standard deviation √5.25.
    row.forEach((value, x) => assertAlmostEquals(value, (7 - x - 3.5) / Math.sqrt(5.25), 1e-6));
  });
});

Deno.test("hidden labels cannot be reached: poisoned, they change neither the store nor a batch", async (t) => {
  const hidden = fileLabels();
  const poisons: Record<string, (value: number, voxel: number) => number> = {
    "hidden organ erased": (value) => value === 3 ? 0 : value,
    "hidden organ everywhere in the background": (value) => value === 0 ? 3 : value,
    "a hundred other hidden organs": (value, voxel) => value === 3 || value === 0 ? 100 + voxel % 100 : value,
  };
  await inTemporaryFolder(async (folder) => {
    const options = { preprocessing: CT, folder: join(folder, "clean") };
    const clean = await preprocessCase(await writeCase(folder), options);
    const batchOptions = {
      seed: 1,
      stream: "a",
      patch: [9, 9, 9] as Shape,
      batchSize: 2,
      shownOrgans: [1, 2],
    };
    for (const [name, poison] of Object.entries(poisons)) {
      await t.step(name, async () => {
        const poisoned = await preprocessCase(await writeCase(folder, { labels: hidden.map(poison) }), {
          ...options,
          folder: join(folder, name),
        });
        assertEquals(poisoned.image.replace(name, "clean"), clean.image);
        assertEquals(contents(join(folder, name)), contents(join(folder, "clean")));
        for (const step of [0, 1, 2]) {
          assertEquals(
            await makeBatch([poisoned], step, batchOptions),
            await makeBatch([clean], step, batchOptions),
          );
        }
      });
    }
    await t.step("a shown organ's voxel does change it", async () => {
      const labels = fileLabels();
      labels[200] = 2;
      assertNotEquals(
        (await preprocessCase(await writeCase(folder, { labels }), options)).image,
        clean.image,
      );
    });
    await t.step("an organ that is not annotated in this case is hidden too", async () => {
      const written = await writeCase(folder);
      const stored = await preprocessCase({ ...written, labelSet: [2] }, options);
      assertEquals(new Set(await readStoredLabels(stored)), new Set([0, 2]));
    });
  });
});

Deno.test("storing again finds what is there; several at once agree; nothing half written is left", async () => {
  await inTemporaryFolder(async (folder) => {
    const written = await writeCase(folder);
    const options = { preprocessing: CT, folder: join(folder, "store") };
    const all = await Promise.all([1, 2, 3, 4].map(() => preprocessCase(written, options)));
    const stored = all[0]!;
    assertEquals(new Set(all.map((one) => JSON.stringify(one))).size, 1);
    assertEquals(Array.from(Deno.readDirSync(options.folder)).length, 1);
    const { mtime } = await Deno.stat(join(stored.image, "zarr.json"));
    assertEquals(await preprocessCase(written, options), stored);
    assertEquals((await Deno.stat(join(stored.image, "zarr.json"))).mtime, mtime);

    const spacious = {
      ...options,
      preprocessing: { ...CT, spacingMm: [2, 1, 1] as [number, number, number] },
    };
    assertNotEquals((await preprocessCase(written, spacious)).image, stored.image);
  });
});

Deno.test("a stored case with a bit turned over anywhere is made again, and somebody is told", async () => {
  await inTemporaryFolder(async (folder) => {
    const written = await writeCase(folder), told: string[] = [];
    const options = {
      preprocessing: CT,
      folder: join(folder, "store"),
      onDamaged: (reason: string) => told.push(reason),
    };
    const stored = await preprocessCase(written, options), whole = contents(join(stored.image, ".."));
    for (const file of ["case.json", "image/zarr.json", "image/c/0/0/0", "labels/c/0/0/0"]) {
      const path = join(stored.image, "..", file), bytes = await Deno.readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await Deno.writeFile(path, bytes);
      assertEquals(await preprocessCase(written, options), stored);
      assertEquals(contents(join(stored.image, "..")), whole, file);
      assertEquals(told.length, 1, file);
      assertMatch(told.pop()!, /; it is made again$/);
    }
  });
});

Deno.test("a bad case is refused with its id, the reason and the file, and leaves nothing", async (t) => {
  const shifted = [[1, 0, 0, 0.7], [0, 1, 0, 0], [0, 0, 1, 0]];
  const cases: Record<string, [Files, string]> = {
    "other shape": [{ labelGrid: { shape: [10, 12, 8] } }, "image's shape [12,10,8], it has [10,12,8]"],
    "other place": [{ labelGrid: { srow: shifted } }, "a corner is 0.70 mm away"],
    "values that are not declared": [
      { labels: fileLabels().fill(9, 0, 4).fill(7, 5, 6) },
      "values that are not declared: 9 (4 voxels), 7 (1 voxels)",
    ],
    "not finite": [{ image: intensities().fill(NaN, 3, 5) }, "2 of 960 are not"],
  };
  for (const [name, [files, reason]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await inTemporaryFolder(async (folder) => {
        const written = await writeCase(folder, files);
        const store = join(folder, "store");
        const error = await assertRejects(
          () => preprocessCase(written, { preprocessing: CT, folder: store }),
          Error,
        );
        assertEquals(error.message.startsWith("Cannot preprocess case case_1: "), true, error.message);
        assertEquals(error.message.includes(reason), true, error.message);
        assertEquals(/(image|label)\.nii/.test(error.message), true, error.message);
        assertEquals(await exists(store) ? Array.from(Deno.readDirSync(store)) : [], []);
      });
    });
  }
});
