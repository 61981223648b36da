/**
 * Pictures of a case: truth and what arms made of it, in three planes, and where they are wrong.
 *
 * @module
 */
import type { Arm } from "../../comparison/arms.ts";
import { errorMap, ERRORS } from "../../imaging/error_map.ts";
import type { Figure } from "../../plots/figure.ts";
import { busiestSlice } from "../../plots/scans/slice.ts";
import { sliceOverlays, type SliceRow } from "../../plots/scans/slice_overlays.ts";
import { caseSlices } from "../case_slices.ts";

export interface CaseFigures {
  figures: Figure[];
  /** Why there are none; empty where there are some. */
  reason: string;
}

const PLANES = ["axial", "coronal", "sagittal"] as const;

/** Reads scan, truth and predictions from the disk; nothing is kept. @param key as caseKey names the case */
export async function caseFigures(cohort: string, arms: readonly Arm[], key: string): Promise<CaseFigures> {
  const [dataset, id] = caseOf(key);
  const known = arms.some(({ rows }) => rows.some((row) => row.case === id && row.dataset === dataset));
  if (!known) return { figures: [], reason: "None of the arms has scores of this case." };
  const { rows: [row], organs, reason } = await caseSlices(cohort, arms, {
    cases: [{ case: id, dataset }],
    most: 1,
  });
  if (!row) return { figures: [], reason };
  const [truth, ...predicted] = row.maps;
  // Errors are shown where the truth is.
  const inPlanes = (one: SliceRow) =>
    PLANES.map((plane): SliceRow => {
      const index = busiestSlice(truth!.labels, { shape: row.shape, plane, organs: organs.length });
      return { ...one, plane, index, title: "" };
    });
  const errors = predicted.map(({ title, labels }) => ({ title, labels: errorMap(truth!.labels, labels) }));
  return {
    figures: [
      sliceOverlays(inPlanes(row), { organs, title: `${id}: truth and predictions` }),
      ...predicted.length === 0 ? [] : [
        sliceOverlays(inPlanes({ ...row, maps: errors }), { organs: ERRORS, title: `${id}: errors` }),
      ],
    ],
    reason: "",
  };
}

function caseOf(key: string): [dataset: string, id: string] {
  try {
    const value: unknown = JSON.parse(key);
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
      return [value[0] ?? "", value[1] ?? ""];
    }
  } catch {
    // It names no case.
  }
  return ["", ""];
}
