import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { IGNORED } from "../../../lib/data/label_set.ts";
import { openPatchStream, type PatchStreamOptions } from "../../../lib/data/patches/patch_stream.ts";
import type { PatchBatch } from "../../../lib/data/patches/patch_batch.ts";
import { createPatchWorkers } from "../../../lib/data/patches/patch_workers.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { inTemporaryFolder, makeStoredCase } from "../../support/data/store/stored_cases.ts";

/** Everything happens often. */
const AUGMENTATION = {
  rotation: 0.7,
  scale: 0.7,
  elastic: 0.7,
  elasticSpacingMm: 6,
  noise: 0.5,
  brightness: 0.5,
  contrast: 0.5,
  gamma: 0.5,
  mirror: 0.5,
};
const OPTIONS: PatchStreamOptions = {
  seed: 3,
  stream: "a",
  patch: [8, 12, 10],
  batchSize: 2,
  shownOrgans: [1, 2],
  mirrorPairs: [[1, 2], [3, 4]],
  augmentation: AUGMENTATION,
};

async function makeCases(folder: string): Promise<[StoredCase, StoredCase, StoredCase]> {
  const labels = (voxel: number) => voxel % 5;
  return [
    await makeStoredCase(folder, "one", { shape: [20, 16, 6], labels, labelSet: [1, 2] }),
    await makeStoredCase(folder, "two", { shape: [9, 30, 30], labels, labelSet: [1], pseudoSet: [3] }),
    await makeStoredCase(folder, "three", {
      shape: [45, 14, 61],
      labels,
      labelSet: [1, 2],
      pseudoSet: [3, 4],
    }),
  ];
}

async function draw(
  cases: StoredCase[],
  count: number,
  options: Partial<PatchStreamOptions>,
): Promise<PatchBatch[]> {
  const stream = openPatchStream(cases, { ...OPTIONS, ...options });
  try {
    const batches: PatchBatch[] = [];
    for (let step = 0; step < count; step++) batches.push(await stream.next());
    return batches;
  } finally {
    stream.close();
  }
}

Deno.test("batches are the same bits for 0, 1, 2 and 4 workers, and wherever the stream began", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = await makeCases(folder);
    const inline = await draw(cases, 12, {});
    for (const workers of [1, 2, 4]) {
      assertEquals(await draw(cases, 12, { workers }), inline, `${workers} workers`);
    }
    assertEquals(await draw(cases, 5, { firstStep: 7, workers: 2 }), inline.slice(7));
    assertEquals(new Set(inline.flatMap((batch) => batch.cases)), new Set(["one", "two", "three"]));
    assert(
      inline.some((batch) => batch.labelSets.some((set) => String(set) === "2")),
      "a mirrored label set",
    );
    const other = [...await draw(cases, 1, { seed: 4 }), ...await draw(cases, 1, { stream: "b" })];
    for (const batch of other) assert(String(batch.images) !== String(inline[0]!.images));
  });
});

Deno.test("a batch reports its cases, label sets and pseudo sets; padding is ignored", async () => {
  await inTemporaryFolder(async (folder) => {
    const [one, two] = await makeCases(folder);
    const off = { augmentation: { rotation: 0, scale: 0, noise: 0, brightness: 0, contrast: 0, gamma: 0 } };
    const batch = (await draw([two], 1, { ...off, patch: [12, 8, 8] }))[0]!;
    assertEquals([batch.batch, batch.patch, batch.cases], [2, [12, 8, 8], ["two", "two"]]);
    assertEquals([batch.labelSets, batch.pseudoSets], [[[1], [1]], [[3], [3]]]);
    assertEquals([batch.images.length, batch.labels.length], [2 * 12 * 8 * 8, 2 * 12 * 8 * 8]);
    // 9 planes of the case are in 12 planes of the patch.
    const ignored = batch.labels.filter((code) => code === IGNORED).length;
    assertEquals(ignored, 2 * 3 * 8 * 8);
    batch.labels.forEach((code, voxel) => code === IGNORED && assertEquals(batch.images[voxel], 0));
    // Rotation, scale and elastic deformation bring no other padding than IGNORED, and no code that was not there.
    for (const { labels } of await draw([one], 10, { augmentation: { ...AUGMENTATION, mirror: 0 } })) {
      assertEquals(new Set(labels).isSubsetOf(new Set([0, 1, 2, 3, 4, IGNORED])), true);
    }
  });
});

Deno.test("a dataset that shows one of two sides is never mirrored", async () => {
  await inTemporaryFolder(async (folder) => {
    const [, two] = await makeCases(folder);
    const options = { augmentation: { mirror: 1 }, shownOrgans: [1] };
    const batches = await draw([two], 4, options);
    assertEquals(batches, await draw([two], 4, { ...options, augmentation: { mirror: 0 } }));
    const shown = (await draw([two], 1, { ...options, shownOrgans: [1, 2] }))[0]!;
    assertEquals([shown.labelSets[0], shown.pseudoSets[0]], [[2], [4]]);
  });
});

Deno.test("several streams share workers; closing one leaves the others", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = await makeCases(folder);
    const workers = createPatchWorkers({ workers: 2 });
    try {
      const open = (stream: string) => openPatchStream(cases, { ...OPTIONS, stream, workers });
      const a = open("a"), b = open("b"), c = open("c");
      const [firstOfA, , firstOfC] = await Promise.all([a.next(), b.next(), c.next()]);
      b.close();
      assertEquals([firstOfA, await a.next()], await draw(cases, 2, { stream: "a" }));
      assertEquals([firstOfC, await c.next()], await draw(cases, 2, { stream: "c" }));
    } finally {
      workers.close();
    }
  });
});

Deno.test("a stream ends after its last step", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = await makeCases(folder);
    for (const workers of [0, 1]) {
      const options = { firstStep: 3, steps: 5, workers };
      assertEquals((await draw(cases, 2, options)).length, 2);
      await assertRejects(() => draw(cases, 3, options), RangeError, "the stream ends after step 4");
    }
    assertThrows(() => openPatchStream([], OPTIONS), RangeError, "a must have at least 1 case");
  });
});

Deno.test("a failure names the case and the reason, wherever it happened", async () => {
  await inTemporaryFolder(async (folder) => {
    const [one] = await makeCases(folder);
    await Deno.remove(`${one.labels}/c`, { recursive: true });
    for (const workers of [0, 1]) {
      const error = await assertRejects(
        () => draw([one], 1, { workers }),
        Error,
        "Cannot make a patch of case one: ",
      );
      assert(/is missing.*one\/labels/.test(error.message), error.message);
    }
  });
});

Deno.test("an abort or a close ends the waiting", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = await makeCases(folder);
    const controller = new AbortController();
    const stream = openPatchStream(cases, { ...OPTIONS, workers: 1, signal: controller.signal });
    const waiting = stream.next();
    controller.abort(new Error("stopped by the user"));
    await assertRejects(() => waiting, Error, "stopped by the user");
    await assertRejects(() => stream.next(), Error, "stopped by the user");
    stream.close();

    const closed = openPatchStream(cases, { ...OPTIONS, workers: 1 });
    const pending = closed.next();
    closed.close();
    await assertRejects(() => pending, Error, "the workers were closed");
    assertThrows(() => createPatchWorkers({ workers: 0 }), RangeError, "current value is 0");
  });
});
