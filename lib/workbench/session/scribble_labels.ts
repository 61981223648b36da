/**
 * The cell that draws scribbles into training labels, or takes those that are given.
 *
 * @module
 */
import { readStoredLabels } from "../../data/store/store.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import { namesOfLabels } from "../../data/cohorts/study.ts";
import type { ScribbleShares } from "../../labels/scribbles/scribble_map.ts";
import { scribbleStudy } from "../../labels/scribbles/scribble_study.ts";
import type { Run } from "../../runs/open_run.ts";
import type { LoadedStudy } from "../load_study.ts";
import { madeBy } from "./made_by.ts";
import { requireStudy } from "./require_study.ts";

/** What scribbles tell of a label, over all training cases. */
export interface ScribbleReport extends ScribbleShares {
  /** Its name, background's too. */
  label: string;
}

export interface ScribbledLabels {
  /** Training cases by dataset. */
  scribbled: StoredCase[][];
  /** Validation cases by dataset. */
  validation: StoredCase[][];
  /** Empty where labels are taken as they are. */
  report: ScribbleReport[];
}

/**
 * Training and validation cases with scribbles, by the run's parameters: drawn into their labels, or, with `scribbles = given`, the cases as they are.
 *
 * @throws Error when the study is not that of the run, scribbles are to be drawn into labels that are none but scribbles, or given ones
 *   leave background out
 *
 * @example
 * ```ts
 * import { scribbleLabels } from "consilium/train";
 *
 * const { scribbled, report: scribbles } = await scribbleLabels(study, run);
 * for (const { label, voxels, scribbled } of scribbles) console.log(label, scribbled / voxels);
 * ```
 */
export async function scribbleLabels(study: LoadedStudy, run: Run): Promise<ScribbledLabels> {
  requireStudy("scribble labels", { study, run });
  const { scribbles, scribbleLength, scribbleThickness, seed } = run.parameters;
  if (scribbles === "given") {
    for (const { name, training } of study.datasets) await requireBackground(name, training);
    const cases = (role: "training" | "validation") => study.datasets.map((dataset) => dataset[role]);
    return { scribbled: cases("training"), validation: cases("validation"), report: [] };
  }
  const options = {
    seed: Number(seed),
    length: Number(scribbleLength ?? 1),
    thickness: Number(scribbleThickness ?? 3),
  };
  const { scribbled, validation, shares } = await run.during(() => scribbleStudy(study, run, options));
  const names = namesOfLabels(study);
  const report = shares.map(([code, own]) => ({ label: names.get(code) ?? "background", ...own }));
  return { scribbled: madeBy(run, scribbled), validation: madeBy(run, validation), report };
}

/** Without any background "this organ everywhere" fits all labels (METHOD section 2). */
async function requireBackground(dataset: string, training: readonly StoredCase[]): Promise<void> {
  for (const stored of training) if ((await readStoredLabels(stored)).includes(0)) return;
  throw new Error(
    `Cannot learn from scribbles: background must be scribbled, too, it is in none of the ${training.length} training cases of dataset ${dataset}`,
  );
}
