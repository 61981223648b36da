/**
 * The command `check-data <folder or cohort>…`: every problem of every case, at once.
 *
 * Exits 1 when there is an error, 0 with warnings only, 2 when called wrongly.
 *
 * @module
 */
import { dirname, relative, resolve } from "@std/path";
import Table from "cli-table3";
import { checkDataset, type DatasetReport, type Finding } from "../data/datasets/check_dataset.ts";
import { findSameScans, type PrintedScan } from "../data/datasets/same_scans.ts";
import type { Study } from "../data/cohorts/study.ts";
import { typed } from "../setup/typed.ts";
import { printable } from "../text/error_text.ts";
import { unknownName } from "../text/unknown_name.ts";
import { checkCohort } from "../workbench/check_cohort.ts";
import { cohortLines } from "../workbench/choices.ts";
import { allCohortNames, cohortNames, isCohort } from "../workbench/cohort_paths.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { withBar } from "../terminal/progress_bar.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("check-data <folder or cohort>… [--force]")}

A folder holds a dataset.json of the Medical Segmentation Decathlon's layout or
nnU-Net v2's. A cohort is a name of those below or the path of its JSON file;
its folders, its choice of cases and its splits are checked. With --force voxels
that no scan of a person has, and scans that only look alike, are taken as they
are.

Cohorts:
${await cohortLines()}`;
}

function printChoice({ name, datasets, test }: Study): void {
  const text = datasets.map(({ name, training, validation }) => {
    return `${name}: ${training.length} training, ${validation.length} validation`;
  });
  console.log(`Cohort ${name}: ${text.join("; ")}; ${test.length} test cases`);
}

/** Letters in a line of the terminal; where there is none, a table that a page holds. */
function lineWidth(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : 130;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

function printReport({ name, folder, cases, findings }: DatasetReport): void {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const counts = [
    ...cases > 0 ? [counted(cases, "case")] : [],
    counted(errors, "error"),
    counted(warnings, "warning"),
  ];
  console.log(`\n${printable(name)} (${folder}): ${counts.join(", ")}`);
  if (findings.length === 0) return;
  const table = new Table({
    head: ["", "case", "problem"],
    style: { head: [], border: [] },
    colWidths: [9, 26, Math.max(30, lineWidth() - 9 - 26 - 4)],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  const order = (finding: Finding) => finding.severity === "error" ? 0 : 1;
  for (const finding of [...findings].sort((a, b) => order(a) - order(b))) {
    table.push([finding.severity, printable(finding.case ?? "-"), printable(finding.message)]);
  }
  console.log(table.toString());
}

/** Scans that two of the named folders have in common; of a cohort's folders its own report tells. */
async function commonScans(reports: readonly DatasetReport[]): Promise<Finding[]> {
  const scans: (PrintedScan & { folder: string })[] = [];
  for (const { folder, prints } of reports) {
    for (const [image, print] of prints) {
      const name = relative(dirname(folder), image), file = await Deno.realPath(image);
      scans.push({ name, subject: image, folder, file, print });
    }
  }
  return findSameScans(scans)
    .filter(({ pair: [one, other] }) => one.folder !== other.folder)
    .map(({ message }): Finding => ({ severity: "warning", message }));
}

/** Runs the command; returns the exit code. */
export async function checkData(args: string[]): Promise<number> {
  const { values, positionals: names } = readArguments(args, { action: "check data", options: forceOption });
  if (values.help) return showHelp(await usage());
  if (names.length === 0) return refuse(await usage(), "Cannot check data: no folder and no cohort is named");
  useForce(values);
  const reports: DatasetReport[] = [], folders: DatasetReport[] = [];
  for (const name of names) {
    const found = await Deno.stat(name).catch(() => undefined);
    if (!found?.isDirectory && !name.endsWith(".json") && !await isCohort(name)) {
      const reason = found ? "it is no folder" : "there is no such folder";
      throw new UsageError(
        `Cannot check data: ${reason}, and a cohort ${
          unknownName(name, await cohortNames(), await allCohortNames())
        }`,
      );
    }
    if (found?.isDirectory) {
      const check = (onProgress: (done: number, total: number) => void) =>
        checkDataset(resolve(name), { onProgress });
      folders.push(await withBar(`checking ${name}`, check));
      continue;
    }
    const checked = await withBar(`checking ${name}`, (onProgress) => checkCohort(name, { onProgress }));
    if (checked.study) printChoice(checked.study);
    reports.push(...checked.reports);
  }
  const common = await commonScans(folders);
  reports.unshift(...folders);
  if (common.length > 0) {
    reports.push({
      name: "scans in common",
      folder: names.join(", "),
      cases: 0,
      findings: common,
      prints: new Map(),
    });
  }
  reports.forEach(printReport);
  const errors = reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === "error");
  console.log(
    errors.length === 0
      ? "\nNo errors."
      : `\n${counted(errors.length, "error")}: mend ${errors.length === 1 ? "it" : "them"} before training.`,
  );
  return errors.length === 0 ? 0 : 1;
}

if (import.meta.main) await exitWith(checkData);
