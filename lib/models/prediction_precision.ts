/**
 * What a trained network predicts in.
 *
 * @module
 */
import { hasBfloat16 } from "../tensors/bfloat16.ts";
import type { Precision } from "./unet_options.ts";

/** The precision, and a line that says so where it is not the one the network was trained in. */
export interface PredictionPrecision {
  precision: Precision;
  note?: string;
}

/**
 * A network predicts in the precision it was trained in, or, where there is no bfloat16, in float32: its weights are float32
 * in any case, and predictions then lack the roundings of bfloat16. Training takes no such way out: a run's steps are all
 * of one arithmetic.
 *
 * @param trained what the network was trained in. @default "float32"
 */
export function predictionPrecision(trained: Precision = "float32"): PredictionPrecision {
  if (trained === "float32" || hasBfloat16()) return { precision: trained };
  const note = "computed in float32: this processor has no bfloat16, or none that oneDNN may use";
  return { precision: "float32", note };
}
