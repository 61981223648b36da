/**
 * One training step, or forward pass, of the network in a folder.
 *
 * @module
 */
import { allowedTable, labelTargets } from "../../lib/losses/allowed.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import type { Precision } from "../../lib/models/unet_options.ts";
import { restoreWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { createLearner } from "../../lib/training/learner.ts";
import { learnFrom } from "../../lib/training/single_round.ts";
import { readNetwork } from "./network.ts";

/**
 * Loads what `write_network.ts` wrote.
 *
 * @returns functions that do their work once: `step` returns the loss, `forward` the mean absolute logit
 */
export async function loadNetwork(folder: string, { precision }: { precision: Precision }) {
  const { settings, tensor } = await readNetwork(folder);
  const { widths, strides, classes, learningRate, shape: [batchSize, depth, height, width] } = settings;
  const organs = Array.from({ length: classes - 1 }, (_, i) => i + 1);
  const learner = createLearner("net", organs, { widths, strides, seed: 1, precision });
  const weights = Object.fromEntries(
    Object.keys(settings.tensors).map((name) => [name, tf.tensor(...tensor(name))]),
  );
  restoreWeights(learner.model, weights);
  tf.dispose(weights);
  const [pixels] = tensor("images");
  const batch = {
    batch: batchSize,
    patch: [depth, height, width] as [number, number, number],
    images: pixels,
    labels: Uint8Array.from(tensor("labels")[0]),
    labelSets: Array(batchSize).fill(organs),
    pseudoSets: Array(batchSize).fill([]),
    cases: Array(batchSize).fill("case"),
  };
  const table = allowedTable(organs, { channels: organs });

  function step(): number {
    const { gradients, terms } = learnFrom(batch, learner, ({ logits }, { map }) => {
      const targets = labelTargets(map, Array(batchSize).fill(table));
      return [{ name: "own", value: supervision(logits, targets), weight: 1 }];
    });
    learner.optimiser!.apply(gradients, { learningRate });
    tf.dispose(gradients);
    return terms[0]!.value;
  }

  const images = tf.tensor5d(pixels, [batchSize, depth, height, width, 1]);

  function forward(): number {
    const { logits, features } = learner.model.predict(images);
    const size = tf.tidy(() => tf.mean(tf.abs(logits)));
    const [value] = size.dataSync();
    tf.dispose([logits, features, size]);
    return value!;
  }

  return { settings, step, forward };
}
