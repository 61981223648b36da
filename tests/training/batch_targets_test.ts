import { assertEquals } from "@std/assert";
import { UNCERTAIN } from "../../lib/data/label_set.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { type TargetOptions, targetsOf } from "../../lib/training/batch_targets.ts";
import { PATCH, tinyBatch } from "../support/training/tiny_learners.ts";

/** Allowed channels of each code of the batch's only sample, as text: "02" = background and channel 2. */
function rows(
  sets: { labelSet: number[]; pseudoSet: number[] },
  options: TargetOptions,
): Record<number, string> {
  const batch = tinyBatch({ key: 1, ...sets });
  const map = createLabelMap(batch.labels, [1, ...PATCH]);
  const { tables: [{ allowed, classes }] } = targetsOf({ ...batch, map }, options);
  map.hot.dispose();
  return Object.fromEntries(
    [0, 1, 2, 3, UNCERTAIN].map((code) => [
      code,
      [...allowed.slice(code * classes, (code + 1) * classes)].map((on, c) => on ? `${c}` : "").join(""),
    ]),
  );
}

/** Organ 1 is true, organ 2 has a pseudo label, organ 3 was dropped by a filter or never predicted. */
const sets = { labelSet: [1], pseudoSet: [2] };
const channels = [1, 2, 3];

Deno.test("pseudo labels teach: a dropped organ is unlabelled, never background", () => {
  const expected = { 0: "03", 1: "1", 2: "2", 3: "0123", [UNCERTAIN]: "023" };
  assertEquals(rows(sets, { channels, pseudoWeight: 1 }), expected);
});

Deno.test("where only truth teaches, pseudo-labelled voxels are background or unlabelled as before", () => {
  const expected = { 0: "023", 1: "1", 2: "023", 3: "0123", [UNCERTAIN]: "023" };
  assertEquals(rows(sets, { channels }), expected);
  const before = rows({ labelSet: [1], pseudoSet: [] }, { channels });
  assertEquals({ ...before, 2: "023" }, expected);
});

Deno.test("targets carry the batch's share of the foreground, and have none where it has none", () => {
  const batch = tinyBatch({ key: 1, ...sets });
  const map = createLabelMap(batch.labels, [1, ...PATCH]);
  for (const foregroundShare of [0.3, undefined]) {
    const targets = targetsOf({ ...batch, map, foregroundShare }, { channels });
    assertEquals(targets.foregroundShare, foregroundShare);
  }
  map.hot.dispose();
});

Deno.test("shared organs may be kept out of a peer's lesson", () => {
  assertEquals(rows(sets, { channels: [1, 3], sharedOrgans: true })[1], "1");
  const without = rows(sets, { channels: [1, 3], sharedOrgans: false });
  assertEquals([without[0], without[1]], ["012", "012"]);
  assertEquals(rows(sets, { channels: [3], sharedOrgans: false })[1], "0", "another organ is none of mine");
});

Deno.test("pseudo voxels have their own weight, and each sample its own table", () => {
  const [one, two] = [tinyBatch({ key: 1, ...sets }), tinyBatch({ key: 2, labelSet: [2] })];
  const labels = Uint8Array.from([...one.labels, ...two.labels]);
  const map = createLabelMap(labels, [2, ...PATCH]);
  const batch = {
    ...one,
    labels,
    map,
    batch: 2,
    labelSets: [[1], [2]],
    pseudoSets: [[2], []],
  };
  const { tables } = targetsOf(batch, { channels, pseudoWeight: 0.25 });
  assertEquals(tables.map(({ weight }) => weight[2]), [0.25, 1]);
  assertEquals(tables.map(({ trueSet }) => trueSet), [[1], [2]]);
  map.hot.dispose();
});
