import { assert, assertEquals } from "@std/assert";
import { compareArms } from "../../lib/comparison/compare_arms.ts";
import { armComparison } from "../../lib/plots/arms/arm_comparison.ts";
import { describe } from "../../lib/plots/figure.ts";
import { escapeHtml, escapePlotly, shortLabel, unescapePlotly } from "../../lib/plots/escape.ts";
import { organDice } from "../../lib/plots/arms/organ_dice.ts";
import { organTable } from "../../lib/plots/arms/organ_table.ts";
import { figureToSvg } from "../../lib/plots/rendering/render_svg.ts";
import { tableToHtml, tableToMarkdown, tableToText } from "../../lib/plots/tables/table.ts";
import { scores, textsOf } from "../support/plots/scores.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };

const NAMES = [
  "<b>liver</b>",
  "a & b &lt; c",
  `"left" 'kidney'`,
  "Печень",
  "肝臓",
  "$x^2$",
  "2020-01",
  "1e3",
  "constructor",
  "__proto__",
  "a|b\\*c_d_",
];

Deno.test("names are shown as they are, in every picture", lasting, async () => {
  const rows = scores(0, { organs: NAMES });
  for (const figure of [organDice(rows), armComparison(compareArms({ "<i>arm</i>": rows, "a & b": rows }))]) {
    const texts = await textsOf(await figureToSvg(figure));
    for (const name of NAMES) assert(texts.some((text) => text.startsWith(name)), `${name}: ${texts}`);
  }
});

Deno.test("a control character does not break the picture", lasting, async () => {
  const texts = await textsOf(
    await figureToSvg(organDice(scores(0, { organs: ["a\u0000b\nc", "d\ud800"] }))),
  );
  assert(texts.some((text) => text.startsWith("a b c")));
});

Deno.test("names are text in tables", () => {
  const table = organTable(scores(0, { organs: NAMES }), { caption: "<script>" });
  const html = tableToHtml(table);
  assert(
    !html.includes("<b>liver") && !html.includes("<script>") && html.includes("&lt;b&gt;liver&lt;/b&gt;"),
  );
  const markdown = tableToMarkdown(table);
  assert(markdown.includes("a\\|b\\\\\\*c\\_d\\_") && markdown.includes("\\<b\\>liver"));
  assert(tableToText(table).includes("<b>liver</b>"));
  assertEquals(table.rows.map((row) => row[0]), [...NAMES, "mean"]);
});

Deno.test("the text of a figure's title is its title", () => {
  assertEquals(describe(organDice(scores(), { title: `<b> & "$1$"` })).split(" (")[0], `Figure: <b> & "$1$"`);
});

Deno.test("escapes", () => {
  assertEquals(escapeHtml(`<a href="x">'&'</a>`), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  assertEquals(escapePlotly("<$&amp;>"), "&lt;&#36;&amp;amp;&gt;");
  assertEquals(unescapePlotly(escapePlotly("<$&amp;>")), "<$&amp;>");
  assertEquals(shortLabel("abcdefghij", { longest: 5 }), "ab…ij");
  assertEquals(shortLabel("abcde", { longest: 5 }), "abcde");
  assertEquals(shortLabel("abc", { longest: 2 }), "a…");
});
