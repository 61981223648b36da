/**
 * What a stage saves.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";

/** The whole state of a stage: weights, moments, best so far; and everything that is not a tensor. */
export interface StageState {
  tensors: Record<string, Tensor>;
  meta: Record<string, unknown>;
}
