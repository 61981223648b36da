/**
 * Training steps on patches of the stored case that one worker makes ahead: deno run -A waiting.ts <folder>
 *
 * Its output are the seconds that a step waited for its batch, and those it took in all.
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { openPatchStream } from "../../../lib/data/patches/patch_stream.ts";
import { createPatchWorkers } from "../../../lib/data/patches/patch_workers.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { allowedTable, labelTargets } from "../../../lib/losses/allowed.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { createLearner } from "../../../lib/training/learner.ts";
import { learnFrom } from "../../../lib/training/single_round.ts";
import { tf } from "../../../lib/tensors/tf.ts";

const [folder] = Deno.args;
const BATCH = 2;

const workers = createPatchWorkers({ workers: 1 });
await serveContestant(async () => {
  const stored: StoredCase = JSON.parse(await Deno.readTextFile(join(folder, "case.json")));
  const organs = stored.labelSet;
  const learner = createLearner("net", organs, {
    widths: [16, 32, 64, 128],
    strides: Array.from({ length: 3 }, () => [2, 2, 2]),
    seed: 1,
  });
  const stream = openPatchStream([stored], {
    patch: [64, 64, 64],
    batchSize: BATCH,
    shownOrgans: organs,
    seed: 1,
    stream: "benchmark",
    workers,
  });
  const table = allowedTable(organs, { channels: organs });

  return async () => {
    const start = performance.now();
    const batch = await stream.next();
    const waited = performance.now() - start;
    const { gradients } = learnFrom(batch, learner, ({ logits }, { map }) => {
      const targets = labelTargets(map, Array(BATCH).fill(table));
      return [{ name: "own", value: supervision(logits, targets), weight: 1 }];
    });
    learner.optimiser!.apply(gradients, { learningRate: 1e-3 });
    tf.dispose(gradients);
    return [waited / 1000, (performance.now() - start) / 1000];
  };
});
workers.close();
