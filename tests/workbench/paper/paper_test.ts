import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { paper } from "../../../lib/commands/paper.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { fakeScores, writeFinishedRun } from "../../support/runs/finished_run.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const arms = { mutual: "ours & theirs", independent: "alone" };
const table = { name: "ablation", cohort: "toy", arms, reference: "mutual", metrics: ["dice"] };

/** Two arms of two seeds on three cases, and a paper of them. */
async function withPaper(
  parts: Record<string, unknown>,
  use: (file: string, results: string) => Promise<void>,
) {
  await withFolder(async (results) => {
    for (const [experiment, level] of [["mutual", 0.5], ["independent", 0.25]] as const) {
      for (const seed of [1, 2]) {
        const rows = fakeScores({ liver: { one: level, two: level + 0.125 * seed, three: level } });
        await writeFinishedRun(results, {
          experiment,
          slug: `seed_${seed}`,
          seed,
          parameters: { seed },
          rows,
        });
      }
    }
    const file = join(results, "mine.json");
    await Deno.writeTextFile(file, JSON.stringify({ description: "", ...parts }));
    await use(file, results);
  });
}

Deno.test("a table of ingredients: what each arm has, by the paper's names, in Markdown, LaTeX and CSV", () =>
  withPaper(
    { tables: [{ ...table, ingredients: { "mutual terms": ["mutual"] } }] },
    async (file, results) => {
      const { result, text } = await withOutput(() => paper([file], { results }));
      assertEquals(result, 0);
      const folder = join(results, "paper", "mine"),
        read = (name: string) => Deno.readTextFile(join(folder, name));
      assertStringIncludes(text, "manifest.json");
      const [ours, alone] = (await read("ablation.md")).split("\n").filter((line) => /ours|alone/.test(line))
        .slice(-2);
      assert(ours !== undefined && alone !== undefined);
      const rows = (await read("ablation.md")).split("\n").filter((line) => line.startsWith("| "));
      // Mean over cases of means over seeds: 0.5 + 0.1875 / 3, and 0.25 less; the deviation of 0.5417 and 0.5833.
      assertEquals(rows.at(-2), "| ours \\& theirs | ✓ | 0.563 ± 0.029 | – |");
      assertEquals(rows.at(-1), "| alone | ✗ | 0.313 ± 0.029 | −0.250 |");
      assertStringIncludes(
        await read("ablation.tex"),
        "ours \\& theirs & \\checkmark{} & 0.563 $\\pm$ 0.029 & --",
      );
      assertStringIncludes(await read("ablation.csv"), "ours & theirs");
    },
  ));

Deno.test("the manifest says of what each part is, and is the same when it is made again", () =>
  withPaper({
    tables: [{ ...table, organs: { liver: "the liver" } }],
    figures: [{
      name: "cases",
      kind: "cases",
      cohort: "toy",
      arms,
      organ: "liver",
      organs: { liver: "the liver" },
    }],
  }, async (file, results) => {
    const out = join(results, "out");
    const make = async () => {
      await withOutput(() => paper([file, "--out", out], { results }));
      return await Deno.readTextFile(join(out, "manifest.json"));
    };
    const first = await make(), { parts, paper: told } = JSON.parse(first);
    assertEquals(parts.map(({ name, files }: { name: string; files: string[] }) => [name, files]), [
      ["ablation", ["ablation.md", "ablation.tex", "ablation.csv"]],
      ["cases", ["cases.json", "cases.svg", "cases.png"]],
    ]);
    assertEquals(parts[0].arms[0].runs.map(({ run }: { run: string }) => run), [
      "toy/mutual/seed_1/v001",
      "toy/mutual/seed_2/v001",
    ]);
    assertEquals([told.file, told.sha256.length], ["mine.json", 64]);
    assertStringIncludes(await Deno.readTextFile(join(out, "ablation.md")), "the liver");
    assertStringIncludes(await Deno.readTextFile(join(out, "cases.svg")), "the liver");
    assertEquals(await make(), first);
  }));

/** Parts of a paper → what is said of them. */
const WRONG: [parts: Record<string, unknown>, told: string][] = [
  [
    { tables: [{ ...table, arms: { mutaul: "x" }, reference: undefined }] },
    "ablation: an arm of toy must be one of",
  ],
  [{ tables: [{ ...table, arms: { mutual: "x", independent: "x" } }] }, "must have different names"],
  [{ tables: [{ ...table, reference: "oracle" }] }, "tables[0].reference: oracle is none of the arms"],
  [{ tables: [{ ...table, bounds: ["oracle"] }] }, "tables[0].bounds: oracle is none of the arms"],
  [{ tables: [{ ...table, ingredients: { a: ["b"] } }] }, "tables[0].ingredients.a: b is none of the arms"],
  [{ tables: [table, table] }, "the name ablation is that of two"],
  [{ tables: [{ ...table, name: "../x" }] }, "must be letters, digits"],
  [{ tables: [{ ...table, metrics: ["iou"] }] }, "metrics"],
  [{ tables: [{ ...table, cohort: "tou" }] }, "did you mean toy?"],
  [
    { figures: [{ name: "f", kind: "cases", cohort: "toy", arms, organ: "livre" }] },
    "an organ must be one of liver",
  ],
];
for (const [parts, told] of WRONG) {
  Deno.test(`a paper is refused, and nothing written: ${told}`, () =>
    withPaper(parts, async (file, results) => {
      await assertRejects(() => withOutput(() => paper([file], { results })), Error, told);
      assertEquals(await Deno.stat(join(results, "paper")).catch(() => "nothing"), "nothing");
    }));
}
