/**
 * The command `check-data <folder or cohort>…`: every problem of every case, at once.
 *
 * Exits 1 when there is an error, 0 with warnings only, 2 when called wrongly.
 *
 * @module
 */
import { resolve } from "@std/path";
import Table from "cli-table3";
import { checkDataset, type DatasetReport, type Finding } from "../data/datasets/check_dataset.ts";
import type { Study } from "../data/cohorts/study.ts";
import { exists } from "../files/whole_folder.ts";
import { typed } from "../runtime/typed.ts";
import { checkCohort } from "./check_cohort.ts";
import { cohortLines } from "./choices.ts";
import { exitWith } from "./exit_with.ts";
import { withBar } from "./progress_bar.ts";
import { readArguments } from "./read_arguments.ts";
import { refuse, showHelp } from "./usage.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("check-data <folder or cohort>…")}

A folder holds a dataset.json of the Medical Segmentation Decathlon's layout or
nnU-Net v2's. A cohort is a name of those below or the path of its JSON file;
its folders, its choice of cases and its splits are checked.

Cohorts:
${await cohortLines()}`;
}

function printChoice({ name, datasets, test }: Study): void {
  const text = datasets.map(({ name, training, validation }) => {
    return `${name}: ${training.length} training, ${validation.length} validation`;
  });
  console.log(`Cohort ${name}: ${text.join("; ")}; ${test.length} test cases`);
}

function printReport({ name, folder, cases, findings }: DatasetReport): void {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const counted = cases > 0 ? `${cases} cases, ` : "";
  console.log(`\n${name} (${folder}): ${counted}${errors} errors, ${warnings} warnings`);
  if (findings.length === 0) return;
  const table = new Table({
    head: ["", "case", "problem"],
    style: { head: [], border: [] },
    colWidths: [9, 26, 90],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  const order = (finding: Finding) => finding.severity === "error" ? 0 : 1;
  for (const finding of [...findings].sort((a, b) => order(a) - order(b))) {
    table.push([finding.severity, finding.case ?? "-", finding.message]);
  }
  console.log(table.toString());
}

/** Runs the command; returns the exit code. */
export async function checkData(args: string[]): Promise<number> {
  const { values, positionals: names } = readArguments(args, { action: "check data" });
  if (values.help) return showHelp(await usage());
  if (names.length === 0) return refuse(await usage(), "Cannot check data: no folder and no cohort is named");
  const reports: DatasetReport[] = [];
  for (const name of names) {
    const isFolder = await exists(name) && (await Deno.stat(name)).isDirectory;
    if (isFolder) {
      reports.push(await withBar(name, (onProgress) => checkDataset(resolve(name), { onProgress })));
      continue;
    }
    const found = await withBar(name, (onProgress) => checkCohort(name, { onProgress }));
    if (found.study) printChoice(found.study);
    reports.push(...found.reports);
  }
  reports.forEach(printReport);
  const errors = reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === "error");
  console.log(errors.length === 0 ? "\nNo errors." : `\n${errors.length} errors: mend them before training.`);
  return errors.length === 0 ? 0 : 1;
}

if (import.meta.main) await exitWith(checkData);
