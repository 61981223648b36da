/**
 * Our training step, or forward pass, of a U-Net on one batch.
 *
 * deno run -A training_step.ts <folder> <float32 | bfloat16> <step | forward>, with network.json and numbers.bin of `write_network.ts` in the folder
 *
 * @module
 */
import { serveContestant } from "../../lib/benchmarks/serve_contestant.ts";
import { allowedTable, labelTargets } from "../../lib/losses/allowed.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { restoreWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { batchGradients } from "../../lib/stages/batch_gradients.ts";
import { createLearner } from "../../lib/stages/learner.ts";
import { readNetwork } from "./network.ts";

const [folder, precision, task] = Deno.args;

await serveContestant(async () => {
  const { settings, tensor } = await readNetwork(folder);
  const { widths, strides, classes, learningRate, shape } = settings;
  const organs = Array.from({ length: classes - 1 }, (_, i) => i + 1);
  const learner = createLearner("net", organs, {
    ...{ widths, strides, seed: 1, precision: precision as "float32" | "bfloat16" },
  });
  const weights = Object.fromEntries(
    Object.keys(settings.tensors).map((name) => [name, tf.tensor(...tensor(name))]),
  );
  restoreWeights(learner.model, weights);
  tf.dispose(weights);
  const [batchSize, ...patch] = shape;
  const batch = {
    ...{ batch: batchSize, patch, images: tensor("images")[0] },
    labels: Uint8Array.from(tensor("labels")[0]),
    cases: Array(batchSize).fill("case"),
  } as unknown as Parameters<typeof batchGradients>[0];

  const step = () => {
    const { gradients, terms } = batchGradients(batch, [{ learner, own: true }], {
      step: 0,
      loss: ({ map }, [{ logits }]) => {
        const table = allowedTable(organs, { channels: organs });
        const targets = labelTargets(map, Array(batchSize).fill(table));
        return [{ learner, name: "own", value: supervision(logits, targets), weight: 1 }];
      },
    });
    learner.optimiser.apply(gradients, { learningRate });
    tf.dispose(gradients);
    return [terms[0].value];
  };
  const images = tf.tensor5d(batch.images, [batchSize, ...patch as [number, number, number], 1]);
  const forward = () => {
    const sum = tf.tidy(() => tf.mean(tf.abs((learner.model.apply(images) as typeof images[])[0])));
    const value = sum.dataSync()[0];
    sum.dispose();
    return [value];
  };
  return task === "step" ? step : forward;
});
