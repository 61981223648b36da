/** What README, and its page of results, say of results and commands is what the program prints and knows. */
import { assert, assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { claims } from "../lib/commands/claims.ts";
import { report } from "../lib/commands/report.ts";
import { experiments } from "../lib/methods/experiments.ts";
import { copyRuns } from "./support/commands/made_up_study.ts";
import { markdownTable } from "./support/commands/printed_tables.ts";
import { taskNames } from "./support/commands/tasks.ts";
import { withOutput } from "./support/commands/with_output.ts";
import { withFolder } from "./support/runs/with_folder.ts";

const readme = await Deno.readTextFile("README.md");

/** Where the tables are, and how the sentence before each of them begins. */
const tables = {
  hippocampus: ["README.md", "\nHippocampus ("],
  head_neck: ["docs/RESULTS.md", "\nHead and neck ("],
} as const;

for (const [cohort, [page, sentence]] of Object.entries(tables)) {
  Deno.test(`the table of ${cohort} in ${page} is what \`report ${cohort} --markdown\` prints`, () =>
    withFolder(async (results) => {
      await copyRuns(resolve("results", cohort), join(results, cohort));
      const [[, ...shown], ...cells] = markdownTable(await Deno.readTextFile(page), sentence);
      // The page sets names of arms as code; arms that other claims want are not in it.
      const wanted = shown.map((name) => name.replaceAll("`", ""));
      const { text } = await withOutput(() =>
        report([cohort, "--markdown", "--arms", wanted.join(",")], { results })
      );
      const [[, ...arms], ...rows] = markdownTable(text, "| organ |");
      assertEquals(wanted, arms);
      const plain = (table: string[][]) => table.map((row) => row.map((cell) => cell.replaceAll("*", "")));
      assertEquals(plain(cells), plain(rows));
    }));
}

Deno.test("every command in README is a task of deno.json", () => {
  const known = taskNames();
  const code = [...readme.matchAll(/^ {4}.*$|`[^`\n]+`/gm)].map(([text]) => text);
  const named = code.flatMap((text) =>
    [...text.matchAll(/(?:\btask|(?:^|[\s`/])consilium) ([a-z][a-z-]*)/g)].map(([, name]) => name!)
  );
  assert(named.length > 10, named.join());
  assertEquals([...new Set(named)].filter((name) => !known.includes(name)), []);
});

Deno.test("README's table of experiments has every notebook of experiments/, in the registry's words", () => {
  const [, ...rows] = markdownTable(readme, "| experiment |");
  const shown = rows.flatMap(([names]) => [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const notebooks = Object.entries(experiments).filter(([, { notebook }]) => notebook);
  assertEquals(shown.toSorted(), notebooks.map(([name]) => name).toSorted());
  for (const [name, { says }] of notebooks) {
    const [row] = rows.filter(([names]) => names === `\`${name}\``);
    if (row) assertEquals(row[1]!.replaceAll("`", ""), says, name);
  }
});

Deno.test("the verdicts in docs/RESULTS.md are what `claims --list --markdown` prints", async () => {
  const { text } = await withOutput(() => claims(["--list", "--markdown"], { results: resolve("results") }));
  const page = await Deno.readTextFile("docs/RESULTS.md");
  assertEquals(markdownTable(page, "\n## Claims"), markdownTable(text, "| card |"));
});

Deno.test("the demo's table in README is the committed one of ten seeds", async () => {
  const committed = await Deno.readTextFile("results/phantom_quick/tables/ablation_10_seeds.md");
  assertEquals(
    markdownTable(readme, "**The demo** with ten seeds"),
    markdownTable(committed, "Mean Dice, over"),
  );
});
