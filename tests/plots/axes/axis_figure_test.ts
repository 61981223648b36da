import { assert, assertEquals } from "@std/assert";
import type { AxisEffect } from "../../../lib/comparison/axes/axis_effect.ts";
import { axisFigure } from "../../../lib/plots/axes/axis_figure.ts";
import { axisNotes } from "../../../lib/plots/axes/axis_notes.ts";
import { axisTable } from "../../../lib/plots/axes/axis_table.ts";
import { figureToSvg } from "../../../lib/plots/rendering/render_svg.ts";
import { textsOf } from "../../support/plots/scores.ts";

const effect = (
  [axis, level, without]: [string, string, string],
  [value, low, high]: [number, number, number],
  seeds = 3,
): AxisEffect => ({
  axis,
  level,
  without,
  seeds,
  cohort: "toy",
  reference: "mutual",
  cases: seeds ? 6 : 0,
  dice: seeds ? 0.6 : NaN,
  difference: { value, low, high },
  note: seeds ? "Intervals: of the test." : "",
});

const effects = [
  effect(["scans", "3", "PD"], [-0.05, -0.08, -0.02]),
  effect(["scans", "3", "FD"], [0.01, -0.02, 0.03]),
  effect(["scans", "6", "PD"], [0.04, 0.01, 0.07], 2),
  effect(["scans", "6", "FD"], [NaN, NaN, NaN], 0),
  effect(["<b>scanners</b>", "alike", "PD"], [0.02, NaN, NaN]),
  effect(["<b>scanners</b>", "alike", "FD"], [NaN, NaN, NaN], 0),
];

Deno.test("the table of effects: what is off, its difference, whether the interval holds 0, dashes where nothing ran", () => {
  const { columns, rows, blocks } = axisTable(effects);
  assertEquals(columns, [
    ...["axis", "level", "off", "seeds", "cases", "mutual", "difference", "95 % interval", "the interval"],
  ]);
  assertEquals(rows, [
    ["scans", "3", "PD", 3, 6, "0.600", "−0.050", "−0.080 to −0.020", "is below 0"],
    ["scans", "3", "FD", 3, 6, "0.600", "+0.010", "−0.020 to +0.030", "holds 0"],
    ["scans", "6", "PD", 2, 6, "0.600", "+0.040", "+0.010 to +0.070", "is above 0"],
    ["scans", "6", "FD", 0, 0, "–", "–", null, null],
    ["<b>scanners</b>", "alike", "PD", 3, 6, "0.600", "+0.020", null, null],
    ["<b>scanners</b>", "alike", "FD", 0, 0, "–", "–", null, null],
  ]);
  assertEquals(blocks, [0, 4]);
});

Deno.test("notes of effects: what intervals are of, that some hold 0, what has fewer seeds, what was not run", () => {
  assertEquals(axisNotes(effects), [
    "Intervals: of the test.",
    "Where the interval holds 0, these runs do not show that what is off does anything.",
    "Of fewer than 3 seeds: scans: 6 (PD).",
    "Without finished runs: scans: 6 (FD); <b>scanners</b>: alike (FD).",
  ]);
  assertEquals(axisNotes(effects.slice(0, 1)), ["Intervals: of the test."]);
  assertEquals(axisNotes(effects.slice(3, 4)), ["Without finished runs: scans: 6 (all)."]);
});

Deno.test("the figure of effects: a panel an axis on one scale, hollow where the interval holds 0 or is not there", async () => {
  const drawn = axisFigure(effects);
  assertEquals(drawn.data.map(({ name, xaxis, x, y }) => [name, xaxis, x, y]), [
    ["PD", "x", [-0.3, 0.7], [-0.05, 0.04]],
    ["FD", "x", [0.3, 1.3], [0.01, null]],
    ["PD", "x2", [-0.3], [0.02]],
    ["FD", "x2", [0.3], [null]],
  ]);
  const symbols = drawn.data.map(({ marker }) => (marker as { symbol: string[] }).symbol);
  assertEquals(symbols.slice(0, 3), [["circle", "circle"], ["circle-open", "circle-open"], ["circle-open"]]);
  const colours = drawn.data.map(({ marker }) => (marker as { color: string }).color);
  assertEquals([colours[0], colours[1]], [colours[2], colours[3]]);
  const { yaxis, yaxis2 } = drawn.layout as unknown as Record<string, { range: number[] }>;
  assertEquals(yaxis!.range, yaxis2!.range);
  assert(yaxis!.range[0]! < -0.08 && yaxis!.range[1]! > 0.07, "all intervals are within");
  const texts = await textsOf(await figureToSvg(drawn));
  for (
    const text of [
      "scans",
      "<b>scanners</b>",
      "3",
      "6",
      "alike",
      "PD",
      "FD",
      "switched off",
      "Dice minus mutual",
    ]
  ) {
    assert(texts.includes(text), `${text} is not in ${texts.join(" | ")}`);
  }
  for (const annotation of drawn.layout.annotations as Record<string, unknown>[]) {
    assertEquals(annotation.height, undefined, "a name is as high as its text");
  }
  assert(texts.some((text) => text.includes("Without finished runs")));
});

Deno.test("without any finished run the figure says so", () => {
  const none = axisFigure(effects.filter(({ seeds }) => seeds === 0));
  assertEquals(none.data, []);
  assert(JSON.stringify(none.layout.title).includes("Without finished runs"));
});
