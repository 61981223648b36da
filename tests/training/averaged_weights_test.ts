/** Averaged weights are what is validated, kept and resumed; the weights themselves go on learning. */
import { assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { supervision } from "../../lib/losses/supervision.ts";
import { createLearner, disposeLearner, type Learner } from "../../lib/training/learner.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { train } from "../../lib/training/training_loop.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import { tinyBatch, tinyStream, weightsOf } from "../support/training/tiny_learners.ts";
import { networksOf, sharedRound } from "../support/training/tiny_rounds.ts";
import { validated } from "../support/training/validated.ts";

const STEPS = 4, DECAY = 0.6;

interface Outcome {
  /** After each update. */
  raw: number[][];
  /** At each validation. */
  seen: number[][];
  /** At the end. */
  last: number[];
  best: { step: number; weights: number[] };
}

async function run(recorder: MemoryRecorder, averagedWeights = DECAY): Promise<Outcome> {
  const learner = createLearner("n", [1], { widths: [2, 4], strides: [[2, 2, 2]], seed: 1, averagedWeights });
  const raw: number[][] = [], seen: number[][] = [];
  try {
    await train(networksOf([learner]), {
      stage: "averaged",
      steps: STEPS,
      learningRate: 0.02,
      warmupSteps: 0,
      validateEvery: 1,
      streams: ["s"],
      openStream: (_, first) => tinyStream(first, (step) => tinyBatch({ key: step })),
      objective: {
        rounds: () => {
          raw.push(weightsOf(learner.model));
          return [sharedRound("s", ["n"], ([view], batch) => [
            {
              network: "n",
              name: "own",
              value: supervision(view!.logits, targetsOf(batch, { channels: [1] })),
              weight: 1,
            },
          ])];
        },
      },
      validated: ["n"],
      validate: ({ model }: Learner) => {
        seen.push(weightsOf(model));
        return Promise.resolve(validated({ "organ 1": seen.length === 3 ? 0.9 : 0.1 }));
      },
      recorder: await recorder.stage("averaged", {}),
      checkpointSeconds: 0,
    });
    const weights = Object.values(learner.best.weights).flatMap((tensor) => [...tensor.dataSync()]);
    return {
      raw: raw.slice(1),
      seen,
      last: weightsOf(learner.model),
      best: { step: learner.best.step, weights },
    };
  } finally {
    disposeLearner(learner);
  }
}

Deno.test("the mean of all weights so far at first, then the decay; validated and kept, and not learnt from", async () => {
  const recorder = memoryRecorder();
  const { raw, seen, last, best } = await run(recorder);
  const plain = await run(memoryRecorder(), 0);
  assertEquals([...raw, last], [...plain.raw, plain.last], "learning goes on as if there were no average");
  const after = [...raw, last];
  // Shares kept: 0, then 1/2, then 0.6 instead of 2/3, then 0.6.
  const shares = [0, 0.5, DECAY, DECAY];
  let average = after[0]!;
  shares.forEach((kept, i) => {
    average = average.map((value, k) => kept * value + (1 - kept) * after[i]![k]!);
    seen[i]!.forEach((value, k) => assertAlmostEquals(value, average[k]!, 1e-6));
  });
  assertEquals([best.step, best.weights], [3, seen[2]!]);
  assertNotEquals(seen[2], after[2]);
  recorder.dispose();
});

Deno.test("averages are saved: stopped and gone on with, a training ends with the same bits; no tensor is left", async () => {
  const whole = memoryRecorder();
  const wanted = await run(whole);
  whole.dispose();
  const before = tensorCount();
  let stopped = false;
  const recorder: MemoryRecorder = memoryRecorder({
    onProgress({ step, activity }) {
      if (stopped || step !== 2 || activity !== undefined) return;
      stopped = true;
      recorder.stop();
    },
  });
  await assertRejects(() => run(recorder), DOMException, "Stopped");
  recorder.restart();
  const { last, seen } = await run(recorder);
  assertEquals([last, seen.at(-1)], [wanted.last, wanted.seen.at(-1)]);
  recorder.dispose();
  assertEquals(tensorCount(), before);
});
