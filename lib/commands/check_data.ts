/**
 * `deno task check-data <folder or cohort>…`: every problem of every case, at once.
 *
 * Exits 1 when there is an error, 0 with warnings only, 2 when called wrongly.
 *
 * @module
 */
import { resolve } from "@std/path";
import Table from "cli-table3";
import { checkDataset, type DatasetReport, type Finding } from "../data/datasets/check_dataset.ts";
import type { Cohort, SubjectRule } from "../data/cohorts/cohort.ts";
import { InvalidFileError } from "../data/json_file.ts";
import { resolveStudy } from "../data/cohorts/study.ts";
import { exists } from "../files/whole_folder.ts";
import { findCohort, rootOfData } from "./cohort_paths.ts";
import { exitWith } from "./exit_with.ts";
import { withBar } from "./progress_bar.ts";

const USAGE = `Usage: deno task check-data <folder or cohort>…

A folder holds a dataset.json of the Medical Segmentation Decathlon's layout or nnU-Net v2's. A cohort is a name in
experiments/cohorts or the path of its JSON file; its folders, its choice of cases and its splits are checked.`;

function checkFolder(folder: string, subject?: SubjectRule): Promise<DatasetReport> {
  return withBar(folder, (onProgress) => checkDataset(folder, { subject, onProgress }));
}

async function cohortFindings(cohort: Cohort, dataRoot: string): Promise<DatasetReport> {
  const findings: Finding[] = [];
  try {
    const study = await resolveStudy(cohort, { dataRoot });
    findings.push(...study.warnings.map((message): Finding => ({ severity: "warning", message })));
    const text = study.datasets.map(({ name, training, validation }) => {
      return `${name}: ${training.length} training, ${validation.length} validation`;
    });
    console.log(`Cohort ${cohort.name}: ${text.join("; ")}; ${study.test.length} test cases`);
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    findings.push(...error.problems.map((message): Finding => ({ severity: "error", message })));
  }
  return { name: `cohort ${cohort.name}`, folder: dataRoot, cases: 0, findings };
}

async function checkCohort(name: string): Promise<DatasetReport[]> {
  const { cohort } = await findCohort(name);
  const dataRoot = await rootOfData(cohort);
  const rules = new Map<string, SubjectRule | undefined>();
  for (const { folder, subject } of [...cohort.test, ...cohort.datasets]) {
    rules.set(folder, subject ?? rules.get(folder));
  }
  const reports: DatasetReport[] = [];
  for (const [folder, rule] of rules) reports.push(await checkFolder(resolve(dataRoot, folder), rule));
  // A folder's own faults would be told twice.
  const known = reports.some(({ findings }) =>
    findings.some(({ message }) => message.startsWith("dataset.json"))
  );
  if (!known) reports.push(await cohortFindings(cohort, dataRoot));
  return reports;
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
export async function checkData(names: string[]): Promise<number> {
  if (names.length === 0 || names.some((name) => name.startsWith("-"))) {
    console.error(USAGE);
    return names.includes("--help") || names.includes("-h") ? 0 : 2;
  }
  const reports: DatasetReport[] = [];
  for (const name of names) {
    const isFolder = await exists(name) && (await Deno.stat(name)).isDirectory;
    reports.push(...isFolder ? [await checkFolder(resolve(name))] : await checkCohort(name));
  }
  reports.forEach(printReport);
  const errors = reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === "error");
  console.log(errors.length === 0 ? "\nNo errors." : `\n${errors.length} errors: mend them before training.`);
  return errors.length === 0 ? 0 : 1;
}

if (import.meta.main) await exitWith(checkData);
