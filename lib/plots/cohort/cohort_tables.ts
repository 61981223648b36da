/**
 * A cohort's scans in numbers.
 *
 * @module
 */
import { percentile } from "../../metrics/statistics.ts";
import { byDatasetAndRole, type CohortCase } from "./cohort_case.ts";
import { type Table, table } from "../tables/table.ts";

const NOTE = "Median over the cases (least to greatest).";

/**
 * Spacing and size of the scans of each part of the cohort.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { geometryTable } from "consilium/plots";
 *
 * const { cases } = await surveyCohort("phantom");
 * geometryTable(cases);
 * ```
 */
export function geometryTable(cases: readonly CohortCase[]): Table {
  return partTable(cases, {
    caption: "Grids",
    columns: {
      "spacing z (mm)": ({ spacing }) => spacing[0],
      "spacing y (mm)": ({ spacing }) => spacing[1],
      "spacing x (mm)": ({ spacing }) => spacing[2],
      "voxels z": ({ shape }) => shape[0],
      "voxels y": ({ shape }) => shape[1],
      "voxels x": ({ shape }) => shape[2],
    },
  });
}

/**
 * Intensities of the scans of each part of the cohort.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { intensityTable } from "consilium/plots";
 *
 * const { cases } = await surveyCohort("phantom");
 * intensityTable(cases);
 * ```
 */
export function intensityTable(cases: readonly CohortCase[]): Table {
  return partTable(cases, {
    caption: "Intensities of a scan's voxels",
    columns: {
      "0.5 %": ({ intensity }) => intensity.low,
      "median": ({ intensity }) => intensity.median,
      "99.5 %": ({ intensity }) => intensity.high,
    },
  });
}

/**
 * What was found wrong or odd in the cohort's files, errors first.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { findingsTable } from "consilium/plots";
 *
 * const { findings } = await surveyCohort("phantom");
 * findingsTable(findings);
 * ```
 */
export function findingsTable(
  reports: readonly {
    name: string;
    findings: readonly { severity: "error" | "warning"; case?: string; message: string }[];
  }[],
): Table {
  const rows = reports.flatMap(({ name, findings }) =>
    findings.map((finding) => ({
      severity: finding.severity,
      dataset: name,
      case: finding.case ?? null,
      problem: finding.message,
    }))
  );
  const order = ({ severity }: { severity: string }) => severity === "error" ? 0 : 1;
  const notes = rows.length === 0 ? ["Nothing was found."] : [];
  return table(rows.sort((a, b) => order(a) - order(b)), {
    caption: "Problems",
    columns: ["severity", "dataset", "case", "problem"],
    notes,
  });
}

interface PartTableOptions {
  caption: string;
  columns: Record<string, (one: CohortCase) => number>;
}

function partTable(cases: readonly CohortCase[], { caption, columns }: PartTableOptions): Table {
  const records = byDatasetAndRole(cases).map(({ dataset, role, cases }) => ({
    dataset,
    role,
    cases: cases.length,
    ...Object.fromEntries(
      Object.entries(columns).map(([name, valueOf]) => [name, spread(cases.map(valueOf))]),
    ),
  }));
  return table(records, { caption, notes: [NOTE] });
}

function spread(values: number[]): string {
  const at = (percent: number) => `${Number(percentile(values, percent).toPrecision(4))}`;
  const [least, middle, most] = [at(0), at(50), at(100)];
  return least === most ? middle : `${middle} (${least} to ${most})`;
}
