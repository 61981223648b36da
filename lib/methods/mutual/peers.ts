/**
 * Which peers' datasets a model looks at in a step.
 *
 * @module
 */
import { createRandom, permutation } from "../../data/random.ts";

export interface PeerOptions {
  /** Number of models; model i is trained for dataset i. */
  models: number;
  /** Peers' datasets that each model visits in a step; more than there are means all. */
  peersPerStep: number;
  seed: number;
  step: number;
}

/**
 * For each dataset, the models that look at it besides its own. Every model visits `peersPerStep` others, drawn
 * evenly without replacement, so the mean over the visited is an unbiased estimate of the mean over all peers.
 */
export function samplePeers({ models, peersPerStep, seed, step }: PeerOptions): number[][] {
  const visitors: number[][] = Array.from({ length: models }, () => []);
  for (let model = 0; model < models; model++) {
    const order = permutation(createRandom("peers", seed, step, model), models - 1);
    for (const n of order.slice(0, peersPerStep)) visitors[n < model ? n : n + 1]!.push(model);
  }
  return visitors;
}
