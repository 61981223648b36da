import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { IGNORED } from "../../lib/data/label_set.ts";
import { contentOf } from "../../lib/data/store/prepared_study.ts";
import { readStoredLabels } from "../../lib/data/store/store.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";
import { type Derivation, deriveLabels } from "../../lib/labels/derive_labels.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { blockCase } from "../support/training/block_case.ts";
import type { Recorder } from "../../lib/training/recorder.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

const groups = { 201: [1, 2] };

/** Two datasets; every case has blocks of organs 1 and 2. */
async function datasets(folder: string): Promise<StoredCase[][]> {
  const make = async (id: string) => ({
    ...await blockCase(folder, id, { shown: [1, 2], sizes: { 1: 3, 2: 2 } }),
    groups,
  });
  return [[await make("a-1"), await make("a-2")], [await make("b-1"), await make("b-2")]];
}

/** What becomes of a code, and of the label set. */
function changeCodes(change: Record<number, number>, labelSet: number[]): Derivation {
  return {
    name: "changed",
    options: { change },
    async derive(stored) {
      const codes = await readStoredLabels(stored);
      return { labels: codes.map((code) => change[code] ?? code), labelSet, note: null };
    },
  };
}

Deno.test("label maps are coarsened, dropped and scribbled by one routine; the cases' own stay", async (t) => {
  const kinds: [
    name: string,
    change: Record<number, number>,
    labelSet: number[],
    counts: Record<number, number>,
  ][] = [
    ["coarsened", { 1: 201, 2: 201 }, [201], { 0: 477, 201: 35 }],
    ["dropped", { 2: 0 }, [1], { 0: 485, 1: 27 }],
    ["scribbled", { 0: IGNORED, 1: IGNORED }, [1, 2], { [IGNORED]: 504, 2: 8 }],
  ];
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    for (const [name, change, labelSet, wanted] of kinds) {
      await t.step(name, async () => {
        const recorder = memoryRecorder({ folder: join(folder, name) });
        const { datasets: after, rows } = await deriveLabels(before, recorder, changeCodes(change, labelSet));
        assertEquals([after.map((cases) => cases.map(({ id }) => id)), rows], [[["a-1", "a-2"], [
          "b-1",
          "b-2",
        ]], []]);
        for (const derived of after.flat()) {
          assertEquals([derived.labelSet, derived.pseudoSet, derived.groups], [labelSet, [], groups]);
          const counts: Record<number, number> = {};
          for (const code of await readStoredLabels(derived)) counts[code] = (counts[code] ?? 0) + 1;
          assertEquals(counts, wanted);
          assertEquals(Object.keys(derived.locations).map(Number), labelSet);
        }
        assertNotEquals(contentOf(after[0]![0]!), contentOf(before[0]![0]!));
      });
    }
    assert((await readStoredLabels(before[0]![0]!)).includes(2));
  });
});

Deno.test("a stop loses the case in progress only, and the end is the same", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    const plain = changeCodes({ 2: 0 }, [1]);
    const made: string[] = [], done: number[] = [];
    const recorder = memoryRecorder({ folder: join(folder, "stage") });
    let stopAt = "a-2";
    const derivation: Derivation<number, string> = {
      ...plain,
      async derive(stored, signal) {
        made.push(stored.id);
        if (stored.id === stopAt) recorder.stop();
        signal.throwIfAborted();
        return { ...await plain.derive(stored, signal), note: made.length === 1 ? NaN : 0.1 + 0.2 };
      },
      settle: (notes) => ({ kept: notes.map(() => []), rows: notes.map(String) }),
      onProgress: (count) => done.push(count),
    };
    const derive = () => deriveLabels(before, recorder, derivation);
    await assertRejects(derive, DOMException, "Stopped");
    stopAt = "";
    recorder.restart();
    const resumed = await derive();
    assertEquals([made, done], [["a-1", "a-2", "a-2", "b-1", "b-2"], [1, 1, 2, 3, 4]]);
    assertEquals(await derive(), resumed);
    assertEquals(made.length, 5, "found, not made again");
    const again = memoryRecorder({ folder: join(folder, "stage") });
    made.length = 0;
    assertEquals(await deriveLabels(before, again, derivation), resumed, "as if it had never been stopped");
    assertEquals(resumed.rows[1], String(0.1 + 0.2));
  });
});

Deno.test("pseudo labels that the cases together speak against are dropped, and no draft is left", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = (await datasets(folder)).map((cases) => cases.map(({ groups: _, ...one }) => one));
    const derivation: Derivation<number, number> = {
      name: "pseudo",
      options: {},
      async derive(stored) {
        const labels = (await readStoredLabels(stored)).map((code, v) => code === 0 && v > 500 ? 4 : code);
        const edge = Number(stored.id.slice(2));
        labels[499] = edge === 2 ? 3 : 0;
        return { labels, pseudoSet: [3, 4], note: edge };
      },
      settle: (notes) => ({ kept: notes.map((note) => note === 2 ? [3] : [3, 4]), rows: [...notes] }),
    };
    let store = "";
    const names = () => Array.from(Deno.readDirSync(store)).map(({ name }) => name);
    const recorder = memoryRecorder({ folder: join(folder, "stage") });
    let atEnd: string[] = [], stopped = false;
    const watched: Recorder = {
      ...recorder,
      async stage(name, options) {
        const stage = await recorder.stage(name, options);
        store = stage.folder;
        return {
          ...stage,
          get finished() {
            return stage.finished;
          },
          async finish(passes) {
            if (!stopped) {
              stopped = true;
              throw new Error("stopped between the result and the end");
            }
            atEnd = names();
            await stage.finish(passes);
          },
        };
      },
    };
    await assertRejects(() => deriveLabels(before, watched, derivation), Error, "stopped between");
    const { datasets: after, rows } = await deriveLabels(before, watched, derivation);
    assertEquals(atEnd, names(), "what is there at the end is what checksums are of");
    assertEquals(rows, [1, 2, 1, 2]);
    for (const { id, pseudoSet, labels, locations, shape } of after.flat()) {
      const codes = new Set(await readStoredLabels({ labels, shape }));
      assertEquals([pseudoSet, codes.has(4)], id.endsWith("2") ? [[3], false] : [[3, 4], true]);
      assertEquals(Object.keys(locations).map(Number), [1, 2, ...pseudoSet]);
    }
    assertEquals(names().length, 2, "two maps, each of two cases");
  });
});

Deno.test("name, options and cases are the stage's identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const before = await datasets(folder);
    const recorder = memoryRecorder({ folder: join(folder, "stage") });
    await deriveLabels(before, recorder, changeCodes({ 2: 0 }, [1]));
    await deriveLabels(before.slice(1), recorder, changeCodes({ 2: 0 }, [1]));
    await deriveLabels(before, recorder, changeCodes({ 1: 0 }, [2]));
    assertEquals(recorder.stages.map(({ name, finished }) => [name, finished]), [
      ["changed", true],
      ["changed", true],
      ["changed", true],
    ]);
    const { inputs } = recorder.stages[0]!;
    const cases = before.map((all) => all.map(contentOf));
    assertEquals(inputs, JSON.parse(JSON.stringify({ change: { 2: 0 }, cases })));
  });
});

Deno.test("datasets that share a scan have each their own map of it", async () => {
  await inTemporaryFolder(async (folder) => {
    const [[one]] = await datasets(folder) as [[StoredCase]];
    // The same scan, of which the one shows organ 1 and the other organ 2.
    const shared = [[{ ...one, labelSet: [1] }], [{ ...one, labelSet: [2], dataset: "other" }]];
    const recorder = memoryRecorder({ folder: join(folder, "stage") });
    const derive = () =>
      deriveLabels<null, never>(shared, recorder, {
        name: "changed",
        options: {},
        derive: async (stored) => {
          const labels = (await readStoredLabels(stored)).map((code) =>
            stored.labelSet.includes(code) ? code : 0
          );
          return { labels, pseudoSet: stored.labelSet.map((organ) => organ + 2), note: null };
        },
      });
    for (const { datasets } of [await derive(), await derive()]) {
      const [first, second] = datasets.flat();
      assertEquals([first!.labelSet, first!.pseudoSet, first!.dataset], [[1], [3], one.dataset]);
      assertEquals([second!.labelSet, second!.pseudoSet, second!.dataset], [[2], [4], "other"]);
    }
  });
});
