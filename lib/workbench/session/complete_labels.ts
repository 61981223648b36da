/**
 * The cell that completes label maps, between the stages.
 *
 * @module
 */
import { type CompletedStudy, completeStudy } from "../../labels/complete_study.ts";
import type { PseudoLabelRow } from "../../runs/tables/pseudo_labels.ts";
import type { Run } from "../../runs/open_run.ts";
import type { TrainedModel } from "../../training/train.ts";
import { hiddenTruth, hiddenTruthHash } from "../hidden_truth.ts";
import type { LoadedStudy } from "../load_study.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { noteArithmetic } from "./note_arithmetic.ts";
import { pseudoLabelOptions } from "./pseudo_label_options.ts";
import { requireStudy } from "./require_study.ts";

/** Training cases with pseudo labels, and what became of each missing organ. */
export interface CompletedLabels extends CompletedStudy {
  /** As in pseudo_labels.csv. */
  report: PseudoLabelRow[];
}

/**
 * Completes the training cases by pseudo labels, with the run's parameters, and writes pseudo_labels.csv; hidden truth is for
 * that report only.
 *
 * @param models partial-organ models that together own every organ
 * @throws Error when study or models are not those of the run
 *
 * @example
 * ```ts
 * import { completeLabels } from "consilium/train";
 *
 * const { completed, report } = await completeLabels(study, run, specialists);
 * console.log(`${report.filter(({ kept }) => kept).length} of ${report.length} pseudo labels are kept`);
 * ```
 */
export async function completeLabels(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<CompletedLabels> {
  const action = "complete labels";
  requireStudy(action, { study, run });
  requireOwn(models, { run, what: "models", action });
  return await run.during(() => completeAndReport(study, run, models));
}

async function completeAndReport(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<CompletedLabels> {
  noteArithmetic(study, run);
  // Options that the routine does not know reach the stage's identity alone: corrected label files give the report another Dice.
  // Training stays as it is: a later stage's identity is of the completed maps, not of the stage that they lie in.
  const truth = await hiddenTruthHash(study);
  const completion = await completeStudy(study, run, {
    models,
    ...pseudoLabelOptions(run.parameters),
    hiddenTruth: await hiddenTruth(study),
    ...truth !== undefined && { truth },
  });
  const report = completion.rows.map(({ verdict, organ, ...row }): PseudoLabelRow => ({
    case: row.case,
    dataset: row.dataset,
    organ: study.organs[organ - 1]!.name,
    kept: verdict === "",
    filter: verdict,
    objections: [...row.objections],
    voxels: row.voxels,
    confidence: row.confidence,
    dice: row.dice,
  }));
  await run.writePseudoLabels(report);
  madeBy(run, completion.completed);
  return { ...completion, report };
}
