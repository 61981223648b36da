/**
 * One step of training: what all networks learn from the step's rounds.
 *
 * @module
 */
import type { NamedTensorMap } from "@tensorflow/tfjs-node-gpu";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import { tf } from "../tensors/tf.ts";
import { follow, type Learner } from "./learner.ts";
import type { Objective } from "./plan.ts";
import { roundGradients, type TermValue } from "./round_gradients.ts";
import { sumOf } from "./sum_of.ts";

export interface TrainStepOptions {
  /** The next batch of each stream. */
  draw: (stream: string) => Promise<PatchBatch>;
  objective: Objective;
  step: number;
  learningRate: number;
  /** Told every loss term, unweighted. */
  onTerm: (term: TermValue) => void;
  /** Of the batches' losses. @default none */
  foregroundShare?: number | undefined;
  /** Whether terms come with the norms of their gradients. @default false */
  measureTerms?: boolean | undefined;
}

/**
 * Gradients of all rounds at the same weights, then one update of every network that learns, then of those that follow.
 *
 * @throws Error naming step, network and term when a loss is not finite
 */
export async function trainStep(
  networks: ReadonlyMap<string, Learner>,
  { draw, objective, step, learningRate, onTerm, ...options }: TrainStepOptions,
): Promise<void> {
  const sums: NamedTensorMap = {};
  try {
    for (const round of objective.rounds(step)) {
      const batches: PatchBatch[] = [];
      for (const stream of round.draws) batches.push(await draw(stream));
      const { gradients, terms } = roundGradients(round, { ...options, batches, networks, step });
      terms.forEach(onTerm);
      for (const [name, gradient] of Object.entries(gradients)) {
        const others = sums[name];
        sums[name] = others ? sumOf(others, gradient) : gradient;
      }
    }
    for (const { optimiser, variables } of networks.values()) {
      const own = variables.flatMap(({ name }) => sums[name] ? [[name, sums[name]] as const] : []);
      // A network that no round of the step looked at stays as it is, and so do weights that no term depends on.
      if (own.length > 0) optimiser!.apply(Object.fromEntries(own), { learningRate });
    }
    for (const network of networks.values()) follow(network, networks);
  } finally {
    tf.dispose(sums);
  }
}
