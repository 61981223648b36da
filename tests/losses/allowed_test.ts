import { assertEquals, assertThrows } from "@std/assert";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { allowedTable, type AllowedTableOptions, labelTargets } from "../../lib/losses/allowed.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { tf } from "../../lib/tensors/tf.ts";

/** Allowed channels of a code, as text: "02" = background and channel 2. */
function allowed(trueSet: number[], options: AllowedTableOptions, code: number): string {
  const { classes, allowed } = allowedTable(trueSet, options);
  return [...allowed.slice(code * classes, (code + 1) * classes)].map((on, c) => on ? `${c}` : "").join("");
}

const cases: [name: string, trueSet: number[], options: AllowedTableOptions, rows: Record<number, string>][] =
  [
    ["own labels, complete", [1, 2], { channels: [1, 2] }, {
      0: "0",
      1: "1",
      2: "2",
      9: "012",
      [UNCERTAIN]: "0",
    }],
    ["own labels, organ 2 not annotated", [1], { channels: [1, 2] }, { 0: "02", 1: "1", [UNCERTAIN]: "02" }],
    ["PD, disjoint", [3, 4], { channels: [1, 2] }, { 0: "012", 3: "0", 4: "0", [UNCERTAIN]: "012" }],
    ["PD, organ 2 shared", [2, 3], { channels: [1, 2] }, { 0: "01", 2: "2", 3: "0" }],
    ["PD, organ 2 shared but off", [2, 3], { channels: [1, 2], sharedOrgans: false }, {
      0: "012",
      2: "012",
      3: "0",
    }],
    ["channels in another order", [5], { channels: [7, 5] }, { 0: "01", 5: "2", 7: "012" }],
    ["full model on a partial case", [2], { channels: [1, 2, 3] }, { 0: "013", 2: "2" }],
    [
      "completed case, organ 1 pseudo, organ 3 dropped by a filter",
      [2],
      { channels: [1, 2, 3], pseudo: { organs: [1], weight: 1 } },
      { 0: "03", 1: "1", 2: "2", [UNCERTAIN]: "013" },
    ],
    ["superset of two leaves", [1], { channels: [1, 2, 3], supersets: { 4: [2, 3] } }, { 4: "23", 1: "1" }],
    ["superset with a leaf of another model", [1], { channels: [1, 2], supersets: { 4: [2, 3] } }, {
      4: "02",
    }],
    ["annotated but foreign and own", [1, 3], { channels: [1] }, {
      0: "0",
      1: "1",
      3: "0",
      [UNCERTAIN]: "0",
    }],
  ];

for (const [name, trueSet, options, rows] of cases) {
  Deno.test(`allowedTable: ${name}`, () => {
    for (
      const [code, expected] of Object.entries({
        ...rows,
        [IGNORED]: "0123".slice(0, options.channels.length + 1),
      })
    ) {
      assertEquals(allowed(trueSet, options, Number(code)), expected, `code ${code}`);
    }
  });
}

Deno.test("allowedTable weighs pseudo labels, and nothing that allows everything", () => {
  const { weight } = allowedTable([2], { channels: [1, 2, 3], pseudo: { organs: [1], weight: 0.25 } });
  assertEquals([0, 1, 2, 3, UNCERTAIN, IGNORED].map((code) => weight[code]), [1, 0.25, 1, 0, 1, 0]);
  assertEquals(
    allowedTable([3], { channels: [1] }).weight[0],
    0,
    "background of a foreign case says nothing",
  );
});

Deno.test("allowedTable marks foreign organs and open codes", () => {
  const { foreign, open } = allowedTable([2, 3], { channels: [1, 2] });
  assertEquals([0, 1, 2, 3, UNCERTAIN].map((code) => foreign[code]), [0, 0, 0, 1, 0]);
  assertEquals([0, 1, 2, 3, UNCERTAIN, IGNORED].map((code) => open[code]), [1, 0, 0, 0, 1, 0]);
});

Deno.test("labelTargets wants one table a sample", () => {
  tf.tidy(() => {
    const map = createLabelMap(new Uint8Array(4), [2, 1, 1, 2]);
    const table = allowedTable([1], { channels: [1] });
    assertThrows(() => labelTargets(map, [table]), Error, "Cannot make label targets: 2 samples");
    assertThrows(() => labelTargets({ ...map, shape: [0, 1, 1, 2] }, []), Error, "0 samples");
    assertThrows(() => labelTargets(map, [table, allowedTable([1], { channels: [1, 2] })]), Error, "[2,3]");
  });
});

Deno.test("createLabelMap counts codes by sample and refuses a wrong size", () => {
  tf.tidy(() => {
    const map = createLabelMap(Uint8Array.from([0, 3, 3, 255]), [2, 1, 1, 2]);
    assertEquals([map.counts[0], map.counts[3], map.counts[256 + 3], map.counts[511]], [1, 1, 1, 1]);
    assertEquals([...map.rows], [0, 3, 259, 511]);
    assertEquals([...map.voxels], [0, 1, 2, 3]);
    assertEquals([...createLabelMap(Uint8Array.from([3, 0, 3, 0]), [1, 1, 2, 2]).voxels], [1, 3, 0, 2]);
    assertEquals(map.hot.arraySync(), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    assertThrows(
      () => createLabelMap(new Uint8Array(3), [1, 1, 1, 4]),
      Error,
      "must have 4 codes, current number is 3",
    );
  });
});
