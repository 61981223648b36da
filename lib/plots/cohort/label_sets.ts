/**
 * Which organs are annotated where.
 *
 * @module
 */
import { byDatasetAndRole, type CohortCase } from "./cohort_case.ts";
import { countHeatmap } from "./count_heatmap.ts";
import type { Figure } from "../figure.ts";
import { requireRows } from "../arms/metric_rows.ts";

export interface LabelSetOptions {
  /** The study's vocabulary. */
  organs: readonly string[];
}

/**
 * Rows are the parts of the cohort, columns the organs: in how many cases each organ is annotated.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { labelSetMatrix } from "consilium/plots";
 *
 * const { organs, cases } = await surveyCohort("phantom");
 * labelSetMatrix(cases, { organs });
 * ```
 */
export function labelSetMatrix(cases: readonly CohortCase[], { organs }: LabelSetOptions): Figure {
  requireRows("show the label sets", cases);
  const parts = byDatasetAndRole(cases);
  const counts = parts.map((part) =>
    organs.map((organ) => part.cases.filter((one) => has(one, organ)).length)
  );
  return countHeatmap(counts, {
    rows: parts.map(({ dataset, role, cases }) => `${dataset}, ${role} (${cases.length})`),
    columns: organs,
    title: "Label sets",
    notes: ["Cases in which an organ is annotated and shown; behind a name: all its cases."],
    unit: "cases",
  });
}

/**
 * In how many cases two organs are annotated together; on the diagonal, how often an organ is annotated.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { organCooccurrence } from "consilium/plots";
 *
 * const { organs, cases } = await surveyCohort("phantom");
 * organCooccurrence(cases, { organs });
 * ```
 */
export function organCooccurrence(cases: readonly CohortCase[], { organs }: LabelSetOptions): Figure {
  requireRows("show which organs are annotated together", cases);
  const counts = organs.map((one) =>
    organs.map((other) => cases.filter((row) => has(row, one) && has(row, other)).length)
  );
  return countHeatmap(counts, {
    rows: organs,
    columns: organs,
    title: "Organs annotated together",
    notes: ["Cases in which both are annotated and shown; diagonal: cases with the organ."],
    unit: "cases",
  });
}

function has({ organs }: CohortCase, name: string): boolean {
  return organs.some(({ organ }) => organ === name);
}
