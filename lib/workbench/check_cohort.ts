/**
 * Everything that is wrong with the data of a cohort.
 *
 * @module
 */
import { resolve } from "@std/path";
import type { SubjectRule } from "../data/cohorts/cohort.ts";
import type { Study } from "../data/cohorts/study.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { checkDataset, type DatasetReport, type Finding } from "../data/datasets/check_dataset.ts";
import { sameScansInStudy } from "../data/cohorts/same_scan.ts";
import { InvalidFileError } from "../data/json_file.ts";
import { findCohort, rootOfData } from "./cohort_paths.ts";

export interface CheckCohortOptions {
  /** Ends the check between two folders. */
  signal?: AbortSignal | undefined;
  /** Called after every case, with what is known of the total so far. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CohortReport {
  /** One a folder, and one of the cohort's choice of cases. */
  reports: DatasetReport[];
  /** The chosen cases, where they could be chosen. */
  study?: Study;
}

/** Checks each folder of a cohort once, then its choice of cases and its splits, by its name or path. */
export async function checkCohort(name: string, options: CheckCohortOptions = {}): Promise<CohortReport> {
  const { cohort, fold } = await findCohort(name);
  const dataRoot = await rootOfData(cohort);
  const rules = new Map<string, SubjectRule | undefined>();
  for (const { folder, subject } of [...cohort.test, ...cohort.datasets]) {
    rules.set(folder, subject ?? rules.get(folder));
  }
  const reports: DatasetReport[] = [];
  let before = 0;
  for (const [folder, subject] of rules) {
    options.signal?.throwIfAborted();
    const onProgress = (done: number, total: number) => options.onProgress?.(before + done, before + total);
    const report = await checkDataset(resolve(dataRoot, folder), { subject, onProgress });
    before += report.cases;
    reports.push(report);
  }
  // A folder's own faults would be told twice.
  const known = reports.some(({ findings }) =>
    findings.some(({ message }) => message.startsWith("dataset.json"))
  );
  if (known) return { reports };
  const choice = { name: `cohort ${cohort.name}`, folder: dataRoot, cases: 0, prints: new Map() };
  const found = (messages: { errors?: readonly string[]; warnings?: readonly string[] }) => {
    const { errors = [], warnings = [] } = messages;
    const findings: Finding[] = [
      ...errors.map((message): Finding => ({ severity: "error", message })),
      ...warnings.map((message): Finding => ({ severity: "warning", message })),
    ];
    return [...reports, { ...choice, findings }];
  };
  try {
    const study = await resolveStudy(cohort, { dataRoot, fold });
    const prints = new Map(reports.flatMap(({ prints }) => [...prints]));
    const same = await sameScansInStudy(study, (image) => Promise.resolve(prints.get(image)));
    return {
      study,
      reports: found({ errors: same.problems, warnings: [...study.warnings, ...same.warnings] }),
    };
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    return { reports: found({ errors: error.problems }) };
  }
}
