/**
 * One step of training: what all models learn from one batch of every dataset.
 *
 * @module
 */
import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { PatchStream } from "../data/patches/patch_stream.ts";
import { handleOf, KernelScope, OF_FLOAT32 } from "../tensors/kernels.ts";
import { tf } from "../tensors/tf.ts";
import { batchGradients, type BatchLoss, type Visitor } from "./batch_gradients.ts";
import type { Learner } from "./learner.ts";

export interface TrainStepOptions {
  /** Of each dataset's batches. */
  streams: readonly PatchStream[];
  /** Who looks at dataset j's batch in a step. */
  visitors: (dataset: number, step: number) => Visitor[];
  loss: BatchLoss;
  step: number;
  learningRate: number;
  /** Told every loss term, unweighted. */
  onTerm: (term: { learner: Learner; name: string; value: number }) => void;
}

/**
 * Gradients of all datasets' batches at the same weights, then one update of every model.
 *
 * @throws Error naming step, model and term when a loss is not finite
 */
export async function trainStep(learners: readonly Learner[], options: TrainStepOptions): Promise<void> {
  const { streams, step, loss } = options;
  const sums: NamedTensorMap = {};
  try {
    for (const [dataset, stream] of streams.entries()) {
      const batch = await stream.next();
      const { gradients, terms } = batchGradients(batch, options.visitors(dataset, step), { loss, step });
      terms.forEach(options.onTerm);
      for (const [name, gradient] of Object.entries(gradients)) sums[name] = addInto(sums[name], gradient);
    }
    for (const { optimiser, variables } of learners) {
      optimiser.apply(Object.fromEntries(variables.map((v) => [v.name, sums[v.name]])), options);
    }
  } finally {
    tf.dispose(sums);
  }
}

/** Both terms are disposed. */
function addInto(sum: Tensor | undefined, term: Tensor): Tensor {
  if (!sum) return term;
  const scope = new KernelScope();
  const total = scope.adopt(scope.run("AddV2", [handleOf(sum), handleOf(term)], OF_FLOAT32)[0]);
  tf.dispose([sum, term]);
  return total;
}
