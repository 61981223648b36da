/**
 * Everything that is wrong with a dataset, at once.
 *
 * @module
 */
import { median } from "simple-statistics";
import { checkCase, type CheckedCase, type Finding } from "./check_case.ts";
import type { SubjectRule } from "../cohorts/cohort.ts";
import { type Dataset, inspectDataset } from "./dataset.ts";
import { InvalidFileError } from "../json_file.ts";
import { findSameScans } from "./same_scans.ts";
import type { ScanPrint } from "../../imaging/prints/scan_print.ts";
import { subjectOf } from "../cohorts/subject.ts";

export type { Finding };

export interface CheckOptions {
  /** How ids tell subjects. @default the dataset's `subjects`, else every id is a person */
  subject?: SubjectRule | undefined;
  /** Called after every case. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface DatasetReport {
  /** As in `dataset.json`, or the folder where that cannot be read. */
  name: string;
  folder: string;
  /** Cases opened. */
  cases: number;
  findings: Finding[];
  /** Of the scans that can be read, by their paths. */
  prints: Map<string, ScanPrint>;
}

/** A spacing so many times the dataset's median, or its inverse, is pointed at. */
const ODD_RATIO = 3;

function spacingFindings(checked: [id: string, CheckedCase][]): Finding[] {
  const known = checked.flatMap(([id, { spacing }]) =>
    spacing ? [{ id, sorted: [...spacing].sort((a, b) => a - b) }] : []
  );
  if (known.length < 3) return [];
  // Sorted, because files of one dataset may order their axes differently.
  const usual = [0, 1, 2].map((axis) => median(known.map(({ sorted }) => sorted[axis]!)));
  return known.flatMap(({ id, sorted }): Finding[] => {
    const odd = sorted.some((length, axis) =>
      Math.abs(Math.log(length / usual[axis]!)) > Math.log(ODD_RATIO)
    );
    const text = (spacing: number[]) => spacing.map((length) => length.toPrecision(3)).join(" × ");
    const message = `odd spacing: ${text(sorted)} mm where ${text(usual)} mm is usual`;
    return odd ? [{ severity: "warning", case: id, message }] : [];
  });
}

/** The person of each case, by its id. */
function findSubjects(
  { cases }: Dataset,
  rule?: SubjectRule,
): { subjects: Map<string, string>; findings: Finding[] } {
  const subjects = new Map<string, string>(), findings: Finding[] = [];
  for (const scan of cases) {
    try {
      subjects.set(scan.id, subjectOf(scan, rule));
    } catch (error) {
      findings.push({ severity: "error", case: scan.id, message: (error as Error).message });
    }
  }
  return { subjects, findings };
}

function splitFindings({ splits = {} }: Dataset, subjects: ReadonlyMap<string, string>): Finding[] {
  const places = new Map<string, Map<string, string[]>>(), findings: Finding[] = [];
  for (const [id, subject] of subjects) {
    for (const [split, ids] of Object.entries(splits)) {
      if (!ids.includes(id)) continue;
      const own = places.get(subject) ?? new Map<string, string[]>();
      own.set(split, [...own.get(split) ?? [], id]);
      places.set(subject, own);
    }
  }
  for (const [subject, own] of places) {
    if (own.size < 2) continue;
    const text = [...own].map(([split, ids]) => `${split} (${ids.join(", ")})`).join(" and ");
    findings.push({ severity: "error", message: `subject ${subject} is in splits ${text}` });
  }
  return findings;
}

/** Scans that are in the dataset twice. */
function sameScanFindings(
  checked: readonly [string, CheckedCase][],
  subjects: ReadonlyMap<string, string>,
): Finding[] {
  const scans = checked.flatMap(([name, { print }]) =>
    print ? [{ name, subject: subjects.get(name) ?? name, print }] : []
  );
  return findSameScans(scans).map(({ message }) => ({ severity: "warning", message }));
}

/** Where most of a label map is not annotated, as of scribbles, scores are of little. */
function sparseFindings(checked: readonly [string, CheckedCase][]): Finding[] {
  const shares = checked.flatMap(([, { annotatedShare }]) => annotatedShare ?? []);
  const sparse = shares.filter((share) => share > 0 && share < 0.5);
  if (sparse.length === 0) return [];
  const least = sparse.reduce((a, b) => Math.min(a, b));
  return [{
    severity: "warning",
    message:
      `in ${sparse.length} of ${shares.length} cases most voxels are not annotated, in one of them all but ${
        (100 * least).toFixed(1)
      } %: ` +
      "as validation or test cases they are scored on the annotated ones alone",
  }];
}

/** Checks `dataset.json` and the files of all cases. Nothing is thrown for what is found. */
export async function checkDataset(folder: string, options: CheckOptions = {}): Promise<DatasetReport> {
  const findings: Finding[] = [];
  let dataset: Dataset | undefined;
  try {
    const inspection = await inspectDataset(folder);
    dataset = inspection.dataset;
    const messages = inspection.problems.map((problem) => `dataset.json: ${problem}`);
    findings.push(...messages.map((message): Finding => ({ severity: "error", message })));
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    findings.push(...error.problems.map((problem): Finding => {
      return { severity: "error", message: `dataset.json: ${problem}` };
    }));
  }
  if (!dataset) return { name: folder, folder, cases: 0, findings, prints: new Map() };
  findings.push(...(dataset.notes ?? []).map((message): Finding => ({ severity: "warning", message })));
  const { subjects, findings: unknown } = findSubjects(dataset, options.subject);
  findings.push(...unknown, ...splitFindings(dataset, subjects));
  const checked: [string, CheckedCase][] = [];
  for (const scan of dataset.cases) {
    const result = await checkCase(scan, dataset);
    checked.push([scan.id, result]);
    findings.push(...result.findings);
    options.onProgress?.(checked.length, dataset.cases.length);
  }
  findings.push(...spacingFindings(checked), ...sparseFindings(checked));
  findings.push(...sameScanFindings(checked, subjects));
  const prints = new Map(
    checked.flatMap(([, { print }], index) => print ? [[dataset.cases[index]!.image, print] as const] : []),
  );
  return { name: dataset.name, folder: dataset.folder, cases: dataset.cases.length, findings, prints };
}
