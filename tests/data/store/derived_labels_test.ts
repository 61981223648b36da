import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { writeDerivedLabels } from "../../../lib/data/store/derived_labels.ts";
import { IGNORED, UNCERTAIN } from "../../../lib/data/label_set.ts";
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
    const completion = { labels: completed, pseudoSet: [1, 5] }, store = join(folder, "completed");
    const full = await writeDerivedLabels(stored, completion, store);
    assertEquals([full.id, full.image, full.labelSet, full.pseudoSet], ["a", stored.image, [2], [1, 5]]);
    assertEquals(full.locations, { 1: [6, 7, 8, 9], 2: [0, 1, 2, 3, 4, 5], 5: [12, 13, 14] });
    assertEquals(await readStoredLabels(full), completed);
    assertEquals((await readStoredLabels(stored)).includes(1), false);
    assertEquals(await writeDerivedLabels(stored, completion, store), full);
    assertEquals(Array.from(Deno.readDirSync(store)).length, 1);
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
        const refused = () => writeDerivedLabels(stored, { labels, pseudoSet }, store);
        await assertRejects(refused, RangeError, "Cannot derive the labels of case a: ");
        await assertRejects(refused, RangeError, reason);
        await assertRejects(() => Deno.stat(store), Deno.errors.NotFound);
      });
    }
  });
});

Deno.test("labels may become coarser, leave or be ignored, but none is made up", async (t) => {
  const groups = { 201: [2, 3], 202: [2, 9] };
  const truth = [0, 2, 2, 3, IGNORED, 4];
  const kinds: [name: string, labels: number[], labelSet: number[], pseudoSet: number[], problem?: string][] =
    [
      ["as they were", truth, [2, 3, 4], []],
      ["coarser", [0, 201, 201, 201, IGNORED, 4], [4, 201], []],
      ["one dropped", [0, 2, 2, 3, IGNORED, 0], [2, 3], []],
      ["one dropped and found again", [4, 2, 2, 3, IGNORED, UNCERTAIN], [2, 3], [4]],
      ["scribbled", [IGNORED, 2, IGNORED, 3, IGNORED, 4], [2, 3, 4], []],
      ["in part coarser", [0, 2, 201, 201, IGNORED, 4], [4, 201], [], "codes must be one of"],
      ["dropped from the map alone", [0, 2, 2, 3, IGNORED, 0], [2, 3, 4], [], "voxel 5 was 4 and is 0"],
      ["dropped from the label set alone", [0, 2, 2, 3, IGNORED, 4], [2, 3], [4]],
      ["a true label where none was", [4, 2, 2, 3, IGNORED, 4], [2, 3, 4], [], "voxel 0 was 0 and is 4"],
      ["what is ignored is known", [0, 2, 2, 3, 0, 4], [2, 3, 4], [], "voxel 4 was 255 and is 0"],
      ["a group of more than is labelled", [0, 202, 202, 0, IGNORED, 0], [202], [], "organs 9 have none"],
      [
        "pseudo labels of a labelled part",
        [0, 201, 201, 201, IGNORED, 4],
        [4, 201],
        [2],
        "organs 2 have both",
      ],
    ];
  await inTemporaryFolder(async (folder) => {
    const made = await makeStoredCase(folder, "a", {
      shape: [1, 1, 6],
      labels: (voxel) => truth[voxel]!,
      labelSet: [2, 3, 4],
    });
    const stored = { ...made, groups };
    for (const [name, labels, labelSet, pseudoSet, problem] of kinds) {
      await t.step(name, async () => {
        const write = () =>
          writeDerivedLabels(
            stored,
            { labels: Uint8Array.from(labels), labelSet, pseudoSet },
            join(folder, "d"),
          );
        if (problem) return void await assertRejects(write, RangeError, problem);
        const derived = await write();
        assertEquals([derived.labelSet, derived.pseudoSet, derived.groups], [labelSet, pseudoSet, groups]);
        assertEquals([...await readStoredLabels(derived)], labels);
      });
    }
  });
});

Deno.test("in grown maps what was ignored may have a label of the label set or background; all else is as ever", async (t) => {
  const truth = [0, 2, IGNORED, IGNORED];
  const kinds: [name: string, labels: number[], problem?: string][] = [
    ["grown", [0, 2, 2, 0]],
    ["not grown", truth],
    ["a label moved", [0, 0, 2, 0], "voxel 1 was 2 and is 0"],
    ["a label where background was", [2, 2, 2, 0], "voxel 0 was 0 and is 2"],
    ["uncertain", [0, 2, UNCERTAIN, 0], "voxel 2 was 255 and is 254"],
    ["an organ that the case does not label", [0, 2, 5, 0], "codes must be one of"],
  ];
  await inTemporaryFolder(async (folder) => {
    const made = await makeStoredCase(folder, "a", {
      shape: [1, 1, 4],
      labels: (voxel) => truth[voxel]!,
      labelSet: [2],
    });
    for (const [name, labels, problem] of kinds) {
      await t.step(name, async () => {
        const grow = () =>
          writeDerivedLabels(made, { labels: Uint8Array.from(labels), grown: true }, join(folder, "grown"));
        if (problem) return void await assertRejects(grow, RangeError, problem);
        assertEquals([...await readStoredLabels(await grow())], labels);
      });
    }
  });
});
