/**
 * A step of a stage, then the passes it cannot do without: of every model on every dataset's batch, forward and backward,
 * with the mean of the logits as loss and without an update. Its output is the seconds of both.
 *
 * deno run -A ours.ts '<SyntheticStageOptions as JSON>'
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { createLearner } from "../../../lib/training/learner.ts";
import { programArguments } from "../program_arguments.ts";
import { syntheticStage, type SyntheticStageOptions } from "../synthetic_stage.ts";
import { syntheticBatch, syntheticStudy } from "../synthetic_study.ts";

const [text] = programArguments(["SyntheticStageOptions as JSON"]);
const options = JSON.parse(text) as SyntheticStageOptions;

await serveContestant(async () => {
  const stage = await syntheticStage(options);
  const study = syntheticStudy(options);
  const { batchSize, patch, shown } = options;
  const models = shown.map((own, i) => {
    const organs = options.stage === "partial_organ" ? own : study.organs.map(({ number }) => number);
    return createLearner(`bare ${i}`, organs, { ...study.network, seed: 1 });
  });
  const batches = study.datasets.map(({ training: [stored] }) =>
    tf.tensor5d(syntheticBatch(stored, study).images, [batchSize, ...patch, 1])
  );

  function passes(): number {
    const start = performance.now();
    for (const batch of batches) {
      for (const { model } of models) {
        const pass = model.pass(batch);
        const logits = tf.fill(pass.logits.shape, 1 / pass.logits.size);
        tf.dispose([pass.backward({ logits }), logits]);
        pass.dispose();
      }
    }
    return (performance.now() - start) / 1000;
  }

  return async () => [await stage.step(), passes()];
});
