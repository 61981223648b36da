/**
 * What a run says of models that compute in another arithmetic here than where they were trained.
 *
 * @module
 */
import { predictionPrecision } from "../../models/prediction_precision.ts";
import type { Run } from "../../runs/open_run.ts";
import type { LoadedStudy } from "../load_study.ts";

/** Of models that a machine with other arithmetic trained the run says, once, what they predict in here. */
export function noteArithmetic(
  { network }: Pick<LoadedStudy, "network">,
  run: Pick<Run, "note" | "record">,
): void {
  const { note } = predictionPrecision(network.precision);
  if (note && !run.record.notes.includes(note)) run.note(note);
}
