import { assert, assertEquals } from "@std/assert";
import { JUPYTER_DISPLAY } from "../../../lib/plots/figure.ts";
import { organTable } from "../../../lib/plots/arms/organ_table.ts";
import { valueText } from "../../../lib/plots/arms/score_text.ts";
import { table, tableToHtml, tableToMarkdown, tableToText } from "../../../lib/plots/tables/table.ts";

const row = (organ: string, name: string, dice: number, hd95: number) => ({
  organ,
  case: name,
  dataset: "full",
  dice,
  hd95,
});

const rows = [
  row("Liver", "a", 0.8, 2),
  row("Liver", "b", 0.6, 4),
  row("Liver", "c", NaN, NaN), // in neither truth nor prediction
  row("Spleen", "a", 0.9, 1),
  row("Spleen", "b", 0, Infinity), // missed
  row("Spleen", "c", 0.9, 3),
  row("Gallbladder", "a", NaN, NaN),
];

Deno.test("organs down: mean ± deviation of Dice, median HD95 with the misses", () => {
  const { columns, rows: cells, notes } = organTable(rows);
  assertEquals(columns, ["organ", "mean Dice", "median HD95 (mm)"]);
  assertEquals(cells, [
    ["Liver", "0.700 ± 0.141", "3.0"],
    ["Spleen", "0.600 ± 0.520", "3.0 (1 missed)"],
    ["Gallbladder", "–", "–"],
    ["mean", "0.650", "3.0 (1 missed)"],
  ]);
  assert(notes.at(-1)!.endsWith("Liver 1, Gallbladder 1."), notes.at(-1));
});

Deno.test("an organ missed in most cases has no median but says so", () => {
  const { rows: cells } = organTable([
    ...rows,
    row("Spleen", "d", 0, Infinity),
    row("Spleen", "e", 0, Infinity),
  ]);
  assertEquals(cells[1]?.[2], "missed 3 of 5");
  assertEquals(cells[3]?.[2], "missed 3 of 7");
});

Deno.test("arms across; an organ that an arm lacks is a dash", () => {
  const { columns, rows: cells } = organTable({ mutual: rows, independent: rows.slice(0, 1) }, {
    organs: ["Spleen", "Liver"],
  });
  assertEquals(columns, [
    "organ",
    "mutual mean Dice",
    "mutual median HD95 (mm)",
    "independent mean Dice",
    "independent median HD95 (mm)",
  ]);
  assertEquals(cells.map((cell) => [cell[0], cell[3], cell[4]]), [
    ["Spleen", "–", "–"],
    ["Liver", "0.800", "2.0"],
    ["Gallbladder", "–", "–"],
    ["mean", "0.800", "2.0"],
  ]);
});

Deno.test("what is not quite perfect is not printed as if it were", () => {
  assertEquals([0.9996, 1, 0.0004, 0, NaN].map((value) => valueText(value, "dice")), [
    "> 0.999",
    "1.000",
    "< 0.001",
    "0.000",
    "–",
  ]);
  assertEquals([0.04, Infinity].map((value) => valueText(value, "hd95")), ["< 0.1", "∞"]);
});

Deno.test("a table of records: columns of all, numbers in short", () => {
  const made = table([{ name: "a", value: 1 / 3 }, { name: "b", other: true }, {
    name: "c",
    value: Infinity,
  }]);
  assertEquals(made.columns, ["name", "value", "other"]);
  assertEquals(
    tableToMarkdown(made),
    "| name | value | other |\n| --- | ---: | --- |\n| a | 0.3333 | – |\n| b | – | true |\n| c | ∞ | – |\n",
  );
});

Deno.test("the same table as text, HTML and Markdown", () => {
  const made = table([{ organ: "Liver", dice: 0.9 }], { caption: "Test set", notes: ["n = 1"] });
  const text = tableToText(made);
  assert(
    text.startsWith("Test set\n┌") && text.endsWith("┘\nn = 1") && text.includes("│ Liver │  0.9 │"),
    text,
  );
  // deno-lint-ignore no-control-regex
  assert(!/\u001b/.test(text), "no colour codes: they would stand in files and notebooks");
  const html = tableToHtml(made);
  assert(html.includes("<th") && html.includes(">Liver</td>") && html.includes("<b>Test set</b>"));
  assertEquals(Object.keys(made[JUPYTER_DISPLAY]()), ["text/html", "text/markdown", "text/plain"]);
});

Deno.test("a table without rows is a table", () => {
  assertEquals(tableToMarkdown(table([], { columns: ["a", "b"] })), "| a | b |\n| --- | --- |\n");
  assert(tableToText(table([], { columns: ["a", "b"] })).includes("a"));
});

Deno.test("a row that was made shorter than the others is drawn", () => {
  const made = table([{ organ: "Liver", dice: 0.9 }]);
  made.rows.push(["Spleen"]);
  assert(/│ Spleen +│ +│/.test(tableToText(made)), tableToText(made));
});
