/**
 * The part of a step that grows with organs: logits from features, supervision, and back to the features. Its output are the
 * seconds of each number of organs.
 *
 * deno run -A organs.ts '<numbers of organs as JSON>'
 *
 * @module
 */
import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { allowedTable, labelTargets } from "../../../lib/losses/allowed.ts";
import { createLabelMap } from "../../../lib/losses/label_map.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { programArguments } from "../program_arguments.ts";
import { syntheticBatch, syntheticStudy } from "../synthetic_study.ts";

const WIDTH = 16;

await serveContestant(() => {
  const [counts] = programArguments(["numbers of organs as JSON"]);
  const work = (JSON.parse(counts) as number[]).map(logitsAndLoss);
  return Promise.resolve(() =>
    work.map((run) => {
      const start = performance.now();
      run();
      return (performance.now() - start) / 1000;
    })
  );
});

function logitsAndLoss(count: number): () => void {
  const organs = Array.from({ length: count }, (_, i) => i + 1);
  const study = syntheticStudy({ shown: [organs], patch: [40, 40, 48], batchSize: 2, widths: [WIDTH] });
  const [stored] = study.datasets[0]!.training;
  const { labels, batch, patch, labelSets } = syntheticBatch(stored, study);
  const inputs = [
    tf.randomNormal([batch, ...patch, WIDTH], 0, 1, "float32", 1),
    tf.randomNormal([1, 1, 1, WIDTH, count + 1], 0, 0.1, "float32", 2),
    tf.zeros([count + 1]),
  ];
  return () => {
    const map = createLabelMap(labels, [batch, ...patch]);
    const targets = labelTargets(
      map,
      labelSets.map((labelSet) => allowedTable(labelSet, { channels: organs })),
    );
    const loss = (features: Tensor, kernel: Tensor, bias: Tensor) => {
      const logits = tf.add(tf.conv3d(features as never, kernel as never, 1, "same"), bias);
      return supervision(logits as never, targets) as Scalar;
    };
    tf.dispose([tf.grads(loss as never)(inputs), map.hot]);
  };
}
