/**
 * `deno task report <cohort>`: a cohort's results as one page for a browser.
 *
 * Exits 2 when it was called wrongly or nothing is finished.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { join } from "@std/path";
import { writePage } from "../plots/write_page.ts";
import { summaryTable } from "../plots/summary_table.ts";
import { tableToMarkdown, tableToText } from "../plots/table.ts";
import { armWarnings, scoresByArm } from "../runs/arms.ts";
import { describeUnfinished } from "../runs/choose_arms.ts";
import { exitWith } from "./exit_with.ts";
import { findArms } from "./find_arms.ts";
import { resultsFolder } from "./project.ts";
import { reportSections } from "./report_sections.ts";

const USAGE = `Usage: deno task report <cohort> [--arms <names>] [--reference <name>]

Prints a summary of the scores and writes results/<cohort>/report/index.html: scores with intervals, paired differences, every case, training, pseudo labels
and runs, with live figures and sortable tables. The folder needs neither a server nor a network.

  --arms <names>        which arms, separated by commas (default: all that are finished)
  --reference <name>    the arm that the others are compared with (default: mutual where it is one of them)
  --markdown            print the summary as Markdown`;

const options = {
  arms: { type: "string", default: "all" },
  reference: { type: "string" },
  markdown: { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

export interface ReportCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function report(
  args: string[],
  { results = resultsFolder }: ReportCommandOptions = {},
): Promise<number> {
  const { values, positionals: [cohort, ...others] } = parseArgs({ args, allowPositionals: true, options });
  if (values.help || !cohort || others.length > 0) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const { arms, unfinished } = await findArms(cohort, values.arms, { results });
  const folder = join(results, cohort, "report");
  const runs = arms.reduce((sum, arm) => sum + arm.runs.length, 0);
  const text = [
    `${arms.length} arms, ${runs} finished runs. A click on a column's name sorts a table.`,
    ...armWarnings(arms),
    ...describeUnfinished(unfinished).map((line) => `${line}.`),
  ];
  const sections = await reportSections(arms, { reference: values.reference, folder });
  const page = await writePage(folder, sections, { title: `Results on ${cohort}`, text });
  const table = summaryTable(scoresByArm(arms), { caption: `Test cases of ${cohort}` });
  console.log(values.markdown ? tableToMarkdown(table) : tableToText(table));
  console.log(page);
  return 0;
}

if (import.meta.main) await exitWith(report);
