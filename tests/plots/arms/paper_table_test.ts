import { assert, assertEquals, assertThrows } from "@std/assert";
import { compareArms } from "../../../lib/comparison/compare_arms.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { paperTable, type PaperTableOptions } from "../../../lib/plots/arms/paper_table.ts";
import { markedCell, tableToHtml, tableToMarkdown } from "../../../lib/plots/tables/table.ts";

/** Seven cases of two organs; Dice rises with the seed by 0.01. */
function arm(level: number, { seeds = 1, missed = 0 } = {}): ScoreRow[] {
  return Array.from(
    { length: seeds },
    (_, seed) =>
      Array.from({ length: 7 }, (_, i) =>
        ["Liver", "Spleen"].map((organ, o) => {
          const lost = organ === "Spleen" && i < missed;
          const dice = lost ? 0 : level - 0.1 * o + 0.01 * seed + 0.001 * i * (1 + o);
          return {
            case: `case_${i}`,
            dataset: "full",
            organ,
            seed: seed + 1,
            dice,
            hd95: lost ? Infinity : 10 * (1 - dice),
          };
        })).flat(),
  ).flat();
}

const paper = (arms: Record<string, ScoreRow[]>, options: PaperTableOptions = {}) =>
  paperTable([compareArms(arms), compareArms(arms, { metric: "hd95" })], options);
const texts = ({ rows }: ReturnType<typeof paper>) =>
  rows.map((row) => row.map(markedCell).map(({ text, bold, mark }) => `${bold ? "!" : ""}${text}${mark}`));

Deno.test("three seeds: mean ± deviation over seeds, best in bold, differences starred, misses in brackets", () => {
  const table = paper({
    mutual: arm(0.9, { seeds: 3 }),
    weak: arm(0.8, { seeds: 3, missed: 1 }),
    nnunet: arm(0.92),
  });
  assertEquals(table.columns, ["organ", "mutual", "weak", "nnunet"]);
  assertEquals(texts(table), [
    ["!Mean Dice", "", "", ""],
    // 0.9 + 0.003 + 0.01; p = 2 / 2⁷ = 0.0156, of two arms 0.031
    ["Liver", "0.913 ± 0.010", "0.813 ± 0.010*", "!0.923*"],
    ["Spleen", "0.816 ± 0.010", "0.615 ± 0.009*", "!0.826*"],
    ["mean over organs", "0.865 ± 0.010", "0.714 ± 0.009*", "!0.875*"],
    ["!Median HD95 (mm)", "", "", ""],
    ["Liver", "0.9 ± 0.1", "1.9 ± 0.1*", "!0.8*"],
    ["Spleen", "1.8 ± 0.1", "2.8 ± 0.1 (3 missed)*", "!1.7*"],
    ["mean over organs", "1.4 ± 0.1", "2.4 ± 0.1 (3 missed)*", "!1.3*"],
  ]);
  const notes = table.notes.join(" ");
  for (
    const part of [
      "over seeds (seeds: mutual 3, weak 3, nnunet 1; no ± below 3)",
      "larger than any number in the median. Missed: weak 3",
      "Holm",
      "* below 0.05",
    ]
  ) {
    assert(notes.includes(part), `${part}: ${notes}`);
  }
});

Deno.test("fewer seeds than three: the deviation is over cases, and the table says so", () => {
  const table = paper({ mutual: arm(0.9, { seeds: 2 }), other: arm(0.8, { seeds: 2 }) });
  assertEquals(texts(table)[1]?.[1], "!0.908 ± 0.002");
  assertEquals(texts(table)[3]?.[1], "!0.860"); // no deviation over cases of a mean over organs
  assert(
    table.notes[0]?.includes(
      "over cases; in square brackets: quartiles over cases; for there are fewer than 3 seeds (2 seeds an arm)",
    ),
    table.notes[0],
  );
});

Deno.test("an upper bound is never bold, and an arm that misses most has no distance that could be the best", () => {
  const table = paper({ mutual: arm(0.8), lossy: arm(0.9, { missed: 4 }), oracle: arm(0.95) }, {
    bounds: ["oracle"],
  });
  const spleen = texts(table)[6]!.slice(1);
  assertEquals(spleen.map((text) => text.startsWith("!")), [true, false, false]);
  assert(
    table.notes.some((note) => note === "Bold: best but for oracle."),
    table.notes.join(),
  );
});

Deno.test("an organ that is always missed says so; alone, nothing is the best", () => {
  const table = paper({ mutual: arm(0.8, { missed: 7 }) });
  assertEquals(texts(table)[6], ["Spleen", "missed 7 of 7"]);
  assertEquals(texts(table)[2], ["Spleen", "0.000 ± 0.000"]);
});

Deno.test("without a comparison there is no table", () => {
  assertThrows(() => paperTable([]), Error, "at least one comparison is wanted, there are 0");
});

Deno.test("marks in HTML and Markdown", () => {
  const table = paper({ "a_<b>": arm(0.9), mutual: arm(0.8) });
  assert(tableToHtml(table).includes('<b>0.903 ± 0.002</b><sup style="line-height:0">*</sup>'));
  assert(tableToHtml(table).includes("a_<wbr>&lt;b&gt;"));
  assert(tableToMarkdown(table).includes("| **0.903 ± 0.002**\\* |"));
});
