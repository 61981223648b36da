/** The same organ, arm and statistic is the same number, to the last printed digit, wherever it stands. */
import { assert, assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { report } from "../../lib/commands/report.ts";
import { runs } from "../../lib/commands/runs.ts";
import { compareByAll } from "../../lib/comparison/compare_arms.ts";
import type { Comparison } from "../../lib/comparison/comparison.ts";
import { type Metric, metrics } from "../../lib/metrics/metric.ts";
import { scoreHeading, scoreTitle } from "../../lib/comparison/score_arms.ts";
import { organBoxes } from "../../lib/plots/arms/organ_boxes.ts";
import { organTable } from "../../lib/plots/arms/organ_table.ts";
import { paperTable } from "../../lib/plots/arms/paper_table.ts";
import { valueText } from "../../lib/plots/arms/score_text.ts";
import { tableToLatex } from "../../lib/plots/tables/latex_table.ts";
import { tableToMarkdown } from "../../lib/plots/tables/table.ts";
import { type Arm, readArms, scoresByArm } from "../../lib/comparison/arms.ts";
import { comparisonToCsv } from "../../lib/comparison/comparison_file.ts";
import { copyRuns, madeUpStudy } from "../support/commands/made_up_study.ts";
import { cellsOf, numberIn, readHtmlTables, toObjects } from "../support/commands/printed_tables.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { withOutput } from "../support/commands/with_output.ts";

const MEAN = "mean over organs";

/** "dice mutual Liver" to the text of its number. */
type Numbers = Map<string, string>;
const key = (metric: Metric, arm: string, organ: string) => `${metric} ${arm} ${organ}`;

/** What is wanted everywhere. */
function wantedOf(comparisons: readonly Comparison[]): Numbers {
  return new Map(
    comparisons.flatMap(({ metric, organs, arms }) =>
      arms.flatMap(({ name, organs: scores, mean }) =>
        [...scores, mean].map((score, index): [string, string] => [
          key(metric, name, organs[index] ?? MEAN),
          valueText(score.value, metric),
        ])
      )
    ),
  );
}

function check(what: string, found: Numbers, { wanted, all = true }: { wanted: Numbers; all?: boolean }) {
  assert(found.size > 0, what);
  for (const [name, text] of found) assertEquals(`${name}: ${text}`, `${name}: ${wanted.get(name)}`, what);
  if (all) assertEquals([...found.keys()].sort(), [...wanted.keys()].sort(), what);
}

/** A block a metric, whose first row is its title; a column an arm. */
function readPaper(
  cells: string[][],
  { comparisons, arms }: { comparisons: readonly Comparison[]; arms: string[] },
) {
  const found: Numbers = new Map();
  let metric: Metric | undefined;
  for (const [first, ...values] of cells as [string, ...string[]][]) {
    const title = comparisons.find((comparison) => first.includes(scoreTitle(comparison)));
    if (title) metric = title.metric;
    else values.forEach((text, index) => found.set(key(metric!, arms[index]!, first), numberIn(text)));
  }
  return found;
}

function checkTables(arms: readonly Arm[]): void {
  const rows = scoresByArm(arms);
  const comparisons = compareByAll(rows);
  const wanted = wantedOf(comparisons);
  const names = arms.map(({ name }) => name);

  const table = organTable(rows);
  const byOrgan: Numbers = new Map();
  for (const { metric, name, statistic } of comparisons) {
    for (const arm of names) {
      const column = table.columns.indexOf(`${arm} ${scoreHeading({ metric, name, statistic })}`);
      assert(column > 0, table.columns.join());
      for (const row of table.rows) {
        byOrgan.set(key(metric, arm, row[0] === "mean" ? MEAN : `${row[0]}`), numberIn(`${row[column]}`));
      }
    }
  }
  check("organTable", byOrgan, { wanted });

  const paper = paperTable(comparisons, { caption: "Scores" });
  const markdown = cellsOf(tableToMarkdown(paper), "|").slice(2);
  check("paperTable, Markdown", readPaper(markdown, { comparisons, arms: names }), { wanted });
  const latex = cellsOf(tableToLatex(paper, { label: "scores" }).split("\\midrule").slice(1).join("\n"), "&");
  check("paperTable, LaTeX", readPaper(latex, { comparisons, arms: names }), { wanted });

  const csv = toObjects<"column" | "arm" | "organ" | "value">(comparisonToCsv(comparisons)).map(
    ({ column, arm, organ, value }): [string, string] => {
      const metric = comparisons.find(({ metric }) => metrics[metric].column === column)!.metric;
      return [
        key(metric, arm, organ === "(mean over organs)" ? MEAN : organ),
        valueText(Number(value), metric),
      ];
    },
  );
  check("comparison CSV", new Map(csv), { wanted });

  for (const { metric } of comparisons) {
    for (const [arm, list] of Object.entries(rows)) {
      const annotations = organBoxes(list, { metric }).layout.annotations as { x: number; text: string }[];
      const { organs } = comparisons[0]!;
      const above = annotations.map(({ x, text }): [string, string] => [
        key(metric, arm, organs[x]!),
        numberIn(text.replace(/<\/?b>/g, "")),
      ]);
      check("organBoxes", new Map(above), { wanted, all: false });
    }
  }
}

async function checkReport(cohort: string, { results, arms }: { results: string; arms: readonly Arm[] }) {
  const comparisons = compareByAll(scoresByArm(arms));
  const wanted = wantedOf(comparisons);
  const { organs } = comparisons[0]!;
  for (const form of [[], ["--markdown"]]) {
    const { text } = await withOutput(() => report([cohort, ...form], { results }));
    const names = arms.map(({ name }) => name);
    const found: Numbers = new Map();
    const cells = cellsOf(text, form.length > 0 ? "|" : "│") as [string, ...string[]][];
    for (const [first, ...values] of cells) {
      const mean = comparisons.find(({ metric }) =>
        first === `${metrics[metric].statistic} ${metrics[metric].name}`
      );
      if (!mean && !organs.includes(first)) continue;
      values.forEach((cell, index) =>
        found.set(key(mean?.metric ?? "dice", names[index]!, mean ? MEAN : first), numberIn(cell))
      );
    }
    assertEquals(found.size, names.length * (organs.length + comparisons.length), text);
    check(`report ${form}`, found, { wanted, all: false });
  }
  const page = await Deno.readTextFile(join(results, cohort, "report", "index.html"));
  const found: Numbers = new Map();
  for (const { caption, columns, rows } of readHtmlTables(page)) {
    const of = comparisons.find((comparison) => caption === `${scoreTitle(comparison)} [95 % interval]`);
    if (!of) continue;
    for (const [arm, , ...values] of rows) {
      values.forEach((text, index) => found.set(key(of.metric, arm!, columns[index + 2]!), numberIn(text)));
    }
  }
  check("report's page", found, { wanted });
}

/** Two runs alone are arms of one seed. */
async function checkCompare(results: string, arms: readonly Arm[]): Promise<void> {
  const [first, second] = [arms[0]!, arms[1]!];
  const compared = ["compare", first.runs[0].name, second.runs[0].name];
  const ofOneSeed = ({ rows }: Arm) => rows.filter(({ seed }) => seed === rows[0]!.seed);
  const comparisons = compareByAll({ A: ofOneSeed(first), B: ofOneSeed(second) }, { reference: "" });
  const wanted = wantedOf(comparisons);
  const { text } = await withOutput(() => runs(compared, { results }));
  const found: Numbers = new Map();
  let metric: Metric | undefined;
  const cells = cellsOf(text.slice(text.indexOf("│ score")), "│").slice(1);
  for (const [score, organ, one, other] of cells as [string, string, string, string][]) {
    metric = comparisons.find((comparison) => scoreHeading(comparison) === score)?.metric ?? metric;
    found.set(key(metric!, "A", organ), numberIn(one)).set(key(metric!, "B", organ), numberIn(other));
  }
  check("runs compare", found, { wanted });
  const json = await withOutput(() => runs([...compared, "--json"], { results }));
  type Entry = { metric: Metric; organ: string | null; a: number | string | null; b: number | string | null };
  const textOf = (value: number | string | null, metric: Metric) =>
    valueText(value === null ? NaN : Number(value), metric);
  const entries = (JSON.parse(json.text).scores as Entry[]).flatMap(({ metric, organ, a, b }) => [
    [key(metric, "A", organ ?? MEAN), textOf(a, metric)] as const,
    [key(metric, "B", organ ?? MEAN), textOf(b, metric)] as const,
  ]);
  check("runs compare --json", new Map(entries), { wanted });
}

/** The list of runs has the arms' mean Dice, and its deviation over seeds. */
async function checkRuns(results: string, arms: readonly Arm[]): Promise<void> {
  const [dice] = compareByAll(scoresByArm(arms));
  const { text } = await withOutput(() => runs([], { results }));
  for (const { name, mean } of dice!.arms) {
    // What an arm's name says behind its experiment are columns there.
    const lines = text.split("\n").filter((line) => line.startsWith(`│ ${name.split("/")[0]} `));
    const deviation = Number.isNaN(mean.seedDeviation) ? "" : ` ± ${mean.seedDeviation.toFixed(3)}`;
    const wanted = `│ ${valueText(mean.value, "dice")}${deviation} │`;
    assert(lines.some((line) => line.replaceAll(/ +/g, " ").includes(wanted)), `${name}: ${lines}`);
  }
}

for (const cohort of ["hippocampus", "head_neck", "toy"]) {
  const what = cohort === "toy" ? "three seeds with misses and undefined scores" : `results/${cohort}`;
  Deno.test(`one organ, arm and statistic is one number everywhere: ${what}`, () =>
    withFolder(async (results) => {
      if (cohort === "toy") await madeUpStudy(results);
      else await copyRuns(resolve("results", cohort), join(results, cohort));
      const arms = await readArms(cohort, { results });
      checkTables(arms);
      await checkReport(cohort, { results, arms });
      await checkCompare(results, arms);
      await checkRuns(results, arms);
    }));
}
