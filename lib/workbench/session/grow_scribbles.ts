/**
 * The cell that adds to scribbles what a network is sure of, before another training.
 *
 * @module
 */
import { namesOfLabels } from "../../data/cohorts/study.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import { type GrownVoxels, growStudy } from "../../labels/scribbles/grow_study.ts";
import type { Run } from "../../runs/open_run.ts";
import type { TrainedModel } from "../../training/train.ts";
import type { LoadedStudy } from "../load_study.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { noteArithmetic } from "./note_arithmetic.ts";
import { requireStudy } from "./require_study.ts";

export interface GrownScribbles {
  /** Training cases by dataset. */
  grown: StoredCase[][];
  /** Voxels of each label over all training cases: scribbled before, and added. */
  report: (Omit<GrownVoxels, "code"> & { label: string })[];
}

/**
 * Training cases with their scribbles and whatever the network is sure of, by the run's `entropyThreshold`.
 *
 * @throws Error when the study, the cases or the model are not those of the run, or there is not one model
 *
 * @example
 * ```ts
 * import { growScribbles } from "consilium/train";
 *
 * const { report: voxels } = await growScribbles(study, run, { scribbled, models: models.slice(0, 1) });
 * for (const { label, scribbled, grown } of voxels) console.log(label, 1 + grown / scribbled);
 * ```
 */
export async function growScribbles(
  study: LoadedStudy,
  run: Run,
  { scribbled, models }: { scribbled: StoredCase[][]; models: readonly TrainedModel[] },
): Promise<GrownScribbles> {
  const action = "grow scribbles";
  requireStudy(action, { study, run });
  requireOwn(models, { run, what: "models", action });
  requireOwn(scribbled, { run, what: "scribbled cases", action });
  const [model, ...others] = models;
  if (!model || others.length > 0) {
    throw new Error(`Cannot ${action}: there must be one model, current number is ${models.length}`);
  }
  noteArithmetic(study, run);
  const entropyThreshold = Number(run.parameters.entropyThreshold ?? 0.1);
  const { grown, rows } = await run.during(() =>
    growStudy(scribbled, run, { model, window: study.patch, entropyThreshold })
  );
  const names = namesOfLabels(study);
  const report = rows.map(({ code, ...own }) => ({ label: names.get(code) ?? "background", ...own }));
  return { grown: madeBy(run, grown), report };
}
