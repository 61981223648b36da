import { assert, assertEquals, assertThrows } from "@std/assert";
import type { CohortCase } from "../../lib/plots/cohort/cohort_case.ts";
import { findingsTable, geometryTable, intensityTable } from "../../lib/plots/cohort/cohort_tables.ts";
import { labelSetMatrix, organCooccurrence } from "../../lib/plots/cohort/label_sets.ts";
import { organVolumes } from "../../lib/plots/cohort/organ_volumes.ts";
import { figureToSvg } from "../../lib/plots/rendering/render_svg.ts";
import { textsOf } from "../support/plots/scores.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };

const organs: [string, string, string] = ["Liver", "<b>Spleen</b>", "constructor"];

function one(id: string, dataset: string, more: Partial<CohortCase>): CohortCase {
  return {
    case: id,
    dataset,
    role: "training",
    shape: [10, 20, 30],
    spacing: [3, 1, 1],
    intensity: { low: -1000, median: -90, high: 300 },
    organs: [],
    ...more,
  };
}

const cases: CohortCase[] = [
  one("a_1", "A", { organs: [{ organ: "Liver", volume: 1500 }] }),
  one("a_2", "A", { organs: [{ organ: "Liver", volume: 0 }], spacing: [5, 1, 1] }),
  one("a_3", "A", { role: "validation", organs: [{ organ: "Liver", volume: 1200 }] }),
  one("b_1", "B & C", {
    organs: [{ organ: organs[1], volume: 200 }, { organ: "constructor", volume: 12.34567 }],
  }),
];

Deno.test("label sets: cases by part of the cohort and organ", lasting, async () => {
  const figure = labelSetMatrix(cases, { organs });
  assertEquals(figure.data[0]?.z, [[2, 0, 0], [1, 0, 0], [0, 1, 1]]);
  const texts = await textsOf(await figureToSvg(figure));
  for (const text of ["A, training (2)", "A, validation (1)", "B & C, training (1)", ...organs, "2", "0"]) {
    assert(texts.includes(text), `${text}: ${texts}`);
  }
});

Deno.test("organs annotated together: symmetric, and on the diagonal each organ's cases", () => {
  assertEquals(organCooccurrence(cases, { organs }).data[0]?.z, [[3, 0, 0], [0, 1, 1], [0, 1, 1]]);
});

Deno.test("volumes: a box a dataset; an organ without a voxel is left out and counted", lasting, async () => {
  const figure = organVolumes(cases, { organs });
  assertEquals(figure.data.map(({ x, y }) => [x, y]), [[[0, 0], [1500, 1200]], [[1, 2], [200, 12.35]]]);
  const texts = await textsOf(await figureToSvg(figure));
  for (const text of [...organs, "volume (mL)", "A", "B & C", "20", "500"]) {
    assert(texts.includes(text), `${text}: ${texts}`);
  }
  assert(texts.some((text) => text.includes("Left out: 1 annotated")), `${texts}`);
});

Deno.test("tables: median and range of each part; findings, errors first", () => {
  const { columns, rows } = geometryTable(cases);
  assertEquals(columns.slice(0, 4), ["dataset", "role", "cases", "spacing z (mm)"]);
  assertEquals(rows.map((row) => row.slice(0, 5)), [
    ["A", "training", 2, "4 (3 to 5)", "1"],
    ["A", "validation", 1, "3", "1"],
    ["B & C", "training", 1, "3", "1"],
  ]);
  assertEquals(intensityTable(cases).rows[0]?.slice(3), ["-1000", "-90", "300"]);
  const findings = findingsTable([{
    name: "A",
    findings: [
      { severity: "warning", case: "a_2", message: "Liver is annotated but has no voxel" },
      { severity: "error", message: "a subject is in two splits" },
    ],
  }]);
  assertEquals(findings.rows, [
    ["error", "A", null, "a subject is in two splits"],
    ["warning", "A", "a_2", "Liver is annotated but has no voxel"],
  ]);
  assertEquals(findingsTable([]).notes, ["Nothing was found."]);
});

Deno.test("without cases there is nothing to draw", () => {
  for (const draw of [labelSetMatrix, organCooccurrence, organVolumes]) {
    assertThrows(() => draw([], { organs }), Error, "at least one row is wanted");
  }
});
