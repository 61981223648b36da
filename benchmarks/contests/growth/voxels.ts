/**
 * A training step of one network on one cube.
 *
 * deno run -A voxels.ts <voxels per side>
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { targetsOf } from "../../../lib/training/batch_targets.ts";
import { createLearner } from "../../../lib/training/learner.ts";
import { learnFrom } from "../../../lib/training/single_round.ts";
import { programArguments } from "../program_arguments.ts";
import { syntheticBatch, syntheticStudy } from "../synthetic_study.ts";

const side = Number(programArguments(["voxels per side"])[0]);

/** Half the channels of the other benchmarks: the largest cube shall fit in 16 GiB. */
const WIDTHS = [8, 16, 32, 64];

await serveContestant(() => {
  const study = syntheticStudy({
    shown: [[1, 2, 3, 4]],
    patch: [side, side, side],
    batchSize: 1,
    widths: WIDTHS,
  });
  const { name, organs, training: [stored] } = study.datasets[0]!;
  const learner = createLearner(name, organs, { ...study.network, seed: 1 });
  const batch = syntheticBatch(stored, study);
  return Promise.resolve(() => {
    const { gradients, terms } = learnFrom(batch, learner, ({ logits }, labelled) => [
      { name: "own", value: supervision(logits, targetsOf(labelled, { channels: organs })), weight: 1 },
    ]);
    learner.optimiser!.apply(gradients, { learningRate: 0.001 });
    tf.dispose(gradients);
    return [terms[0]!.value];
  });
});
