import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { UNCERTAIN } from "../../lib/data/label_set.ts";
import { readStoredLabels } from "../../lib/data/store/store.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";
import { deriveLabels } from "../../lib/labels/derive_labels.ts";
import { completion, type PseudoLabelOptions, withNaN } from "../../lib/labels/pseudo_labels.ts";
import type { OrganModel } from "../../lib/inference/predictor.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/pseudo_label_options.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { fakeModel } from "../support/training/fake_model.ts";
import { blockCase } from "../support/training/block_case.ts";

const owners = [fakeModel("a", [1]), fakeModel("b", [2])];

/** Completes cases in the folder, stopped from the beginning if wanted. */
async function completeLabels(
  models: OrganModel[],
  cases: StoredCase[][],
  { folder, stopped = false, ...changes }: Partial<PseudoLabelOptions> & {
    folder: string;
    stopped?: boolean;
  },
) {
  const recorder = memoryRecorder({ folder });
  if (stopped) recorder.stop();
  const options = {
    ...pseudoLabelOptions({ seed: 1 }),
    organCount: 2,
    window: [8, 8, 8] as [number, number, number],
    copies: 0,
    ...changes,
  };
  const { datasets, rows } = await deriveLabels(cases, recorder, {
    ...completion(models, options),
    name: "pseudo_labels",
    options: {},
  });
  return { datasets, rows: rows.map(withNaN) };
}

/** Dataset a shows organ 1, dataset b organ 2; every scan has a block of each. */
async function datasets(folder: string): Promise<[a: StoredCase[], b: StoredCase[]]> {
  return [
    [
      await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 3, 2: 3 } }),
      await blockCase(folder, "a-2", { shown: [1], sizes: { 1: 2, 2: 2 } }),
      await blockCase(folder, "a-3", { shown: [1], sizes: { 1: 2 } }),
    ],
    [
      await blockCase(folder, "b-1", { shown: [2], sizes: { 1: 3, 2: 3 } }),
      await blockCase(folder, "b-2", { shown: [2], sizes: { 1: 3, 2: 2 } }),
    ],
  ];
}

const codesOf = async (stored: StoredCase) => {
  const counts: Record<number, number> = {};
  for (const code of await readStoredLabels(stored)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

Deno.test("missing organs are completed; truth stays; an organ that is not there stays unlabelled", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    const { datasets: after, rows } = await completeLabels(owners, before, { folder });
    const completed = after.flat();
    assertEquals(completed.map(({ id, labelSet, pseudoSet }) => [id, labelSet, pseudoSet]), [
      ["a-1", [1], [2]],
      ["a-2", [1], [2]],
      ["a-3", [1], []],
      ["b-1", [2], [1]],
      ["b-2", [2], [1]],
    ]);
    const [a1, , a3, , b2] = completed;
    assertEquals(await codesOf(a1!), { 0: 512 - 54, 1: 27, 2: 27 });
    assertEquals(await codesOf(a3!), { 0: 512 - 8, 1: 8 });
    assertEquals(await codesOf(b2!), { 0: 512 - 35, 1: 27, 2: 8 });
    assertEquals(a1!.locations[2]!.length, 27, "patches are drawn around pseudo organs too");
    assertEquals(rows.map(({ case: id, organ, verdict, voxels }) => [id, organ, verdict, voxels]), [
      ["a-1", 2, "", 27],
      ["a-2", 2, "", 8],
      ["a-3", 2, "empty", 0],
      ["b-1", 1, "", 27],
      ["b-2", 1, "", 27],
    ]);
    assertAlmostEquals(rows[0]!.confidence, 0.9, 1e-5);
    assert(Number.isNaN(rows[0]!.dice), "the hidden truth is not known");
    assert(rows.every((row) => !("feature" in row)));
  });
});

Deno.test("what a filter drops becomes unlabelled in its case, its voxels background-or-unlabelled", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    // True volumes of organ 1: 27, 8, 8 (median 8, no spread: nothing judged); of organ 2: 27, 8.
    const { datasets: after, rows } = await completeLabels(owners, before, {
      folder,
      filters: { ...pseudoLabelOptions({}).filters, confidence: 0.95 },
    });
    assertEquals([...new Set(rows.map(({ verdict }) => verdict))], ["confidence", "empty"]);
    for (const [i, dataset] of after.entries()) {
      for (const [k, stored] of dataset.entries()) {
        assertEquals(stored.pseudoSet, []);
        assertEquals(await codesOf(stored), await codesOf(before[i]![k]!));
      }
    }
  });
});

Deno.test("each organ is judged by its own true volumes", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = [
      [
        await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 3, 2: 1 } }),
        await blockCase(folder, "a-2", { shown: [1], sizes: { 1: 3, 2: 3 } }),
      ],
      await Promise.all(
        [3, 2, 3].map((size, i) =>
          blockCase(folder, `b-${i}`, { shown: [2], sizes: { 1: 3, 2: size }, jitter: i })
        ),
      ),
    ];
    // True volumes of organ 2: 27, 8 + 1, 27 + 2: median 27, MAD 2, four robust deviations are 11.9.
    const { rows } = await completeLabels(owners, before, { folder });
    const ofOrgan2 = rows.filter(({ organ }) => organ === 2).map(({ case: id, verdict }) => [id, verdict]);
    assertEquals(ofOrgan2, [["a-1", "volume"], ["a-2", ""]]);
  });
});

Deno.test("uncertain voxels are none of the true organs", async () => {
  await inTemporaryFolder(async (folder) => {
    const [[stored]] = await datasets(folder);
    const unsure = [fakeModel("a", [1]), fakeModel("b", [2], { sure: 0.4 })];
    const { datasets: [after] } = await completeLabels(unsure, [[stored!]], { folder });
    const completed = after![0]!;
    assertEquals(await codesOf(completed), { 0: 512 - 54, 1: 27, [UNCERTAIN]: 27 });
    assertEquals(completed.pseudoSet, []);
  });
});

Deno.test("the hidden truth is for the report: it changes no label", async () => {
  await inTemporaryFolder(async (folder) => {
    const [dataset] = await datasets(folder);
    const all = Uint8Array.from({ length: 512 }, () => 2);
    const { datasets: [after], rows } = await completeLabels(owners, [dataset], {
      folder,
      hiddenTruth: ({ id }) => Promise.resolve(id === "a-1" ? { labels: all, organs: [2] } : undefined),
    });
    assertAlmostEquals(rows[0]!.dice, 2 * 27 / (27 + 512), 1e-12);
    assert(Number.isNaN(rows[1]!.dice));
    assertEquals(await codesOf(after![0]!), { 0: 512 - 54, 1: 27, 2: 27 });
  });
});

Deno.test("an organ without an owner is refused by its number; a stop ends the work", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    await assertRejects(
      () => completeLabels(owners.slice(0, 1), before.slice(0, 1), { folder }),
      Error,
      "organ 2 has none",
    );
    await assertRejects(
      () => completeLabels(owners, before, { folder, stopped: true }),
      DOMException,
      "Stopped",
    );
  });
});
