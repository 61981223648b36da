/**
 * The command `report <cohort>`: a cohort's results as one page for a browser.
 *
 * Exits 2 when it was called wrongly or nothing is finished.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { writePage } from "../plots/pages/write_page.ts";
import { summaryTable } from "../plots/arms/summary_table.ts";
import { tableToMarkdown, tableToText } from "../plots/tables/table.ts";
import { type Arm, armWarnings, scoresByArm } from "../comparison/arms.ts";
import { describeUnfinished } from "../comparison/choose_arms.ts";
import { typed } from "../setup/typed.ts";
import { resultLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { resultsName } from "../workbench/cohort_paths.ts";
import { claimsOn } from "../workbench/claims/cohort_claims.ts";
import { findArms, readFinishedArms } from "../workbench/find_arms.ts";
import { resultsFolder } from "../workbench/project.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { cohortPage } from "../workbench/explore/cohort_page.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("report <cohort> [options]")}

Prints a summary of the scores and writes results/<cohort>/report/index.html:
scores with intervals, paired differences, every case, training, pseudo labels
and runs, with live figures and sortable tables. The folder needs neither a
server nor a network.

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Options:
  --arms <names>       which arms, as tables name them, separated by commas;
                       others: all that are not named (default: all finished)
  --reference <name>   the arm to compare the others with (default: mutual where
                       it is one of them)
  --markdown           print the summary as Markdown
  --out <folder>       of the page, such as beside results that may only be read`;
}

const options = {
  arms: { type: "string", default: "all" },
  reference: { type: "string" },
  markdown: { type: "boolean", default: false },
  out: { type: "string" },
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
  const { values, positionals: [asked] } = readArguments(args, { action: "report", options, most: 1 });
  if (values.help) return showHelp(await usage(results));
  if (!asked) return refuse(await usage(results), "Cannot report: no cohort is named");
  const cohort = await resultsName(asked, results);
  const unreadable: string[] = [];
  const { arms, unfinished } = await findArms(cohort, values.arms, {
    results,
    told: asked,
    onUnreadable: ({ message }) => void unreadable.push(`${message}; it is left out.`),
  });
  await checkReference(values.reference, { arms, cohort, results });
  const folder = values.out === undefined ? join(results, cohort, "report") : resolve(values.out);
  const { cards, problems } = await claimsOn(cohort, { results });
  const warnings = [
    ...describeUnfinished(unfinished).map((line) => `${line}.`),
    ...problems,
    ...new Set(unreadable),
  ];
  const { sections, options: shown } = await cohortPage(arms, {
    cohort,
    unfinished,
    warnings,
    reference: values.reference,
    claims: cards,
    folder,
  });
  const table = summaryTable(scoresByArm(arms), { caption: `Test cases of ${cohort}` });
  table.notes.push(...armWarnings(arms), ...warnings);
  console.log(values.markdown ? tableToMarkdown(table) : tableToText(table));
  // Last: results on a disk that may only be read are printed.
  const page = await writePage(folder, sections, shown).catch((cause) => {
    const elsewhere = values.out === undefined ? "; --out <folder> has the page written elsewhere" : "";
    throw new Error(`${(cause as Error).message}${elsewhere}`, { cause });
  });
  console.log(page);
  return 0;
}

/** @throws {UsageError} The reference is a finished arm of the cohort, and `--arms` leaves it out. */
async function checkReference(
  reference: string | undefined,
  { arms, cohort, results }: { arms: readonly Arm[]; cohort: string; results: string },
): Promise<void> {
  const isIt = ({ name }: Arm) => name === reference;
  if (reference === undefined || arms.some(isIt)) return;
  if (!(await readFinishedArms(cohort, { results })).some(isIt)) return; // told with the names there are
  throw new UsageError(
    `Cannot report: --arms must name the --reference ${reference}, too; it names ${
      arms.map(({ name }) => name).join(", ")
    }`,
  );
}

if (import.meta.main) await exitWith(report);
