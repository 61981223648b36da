import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner, type Learner } from "../../lib/training/learner.ts";
import { createLessonBook, type LessonBook } from "../../lib/methods/mutual/lesson_book.ts";
import { train, type TrainingOptions, type Validated } from "../../lib/training/training_loop.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import { tinyBatch, tinyLearner, tinyStream, weightsOf } from "../support/training/tiny_learners.ts";
import { validated } from "../support/training/validated.ts";
import { type BatchTerms, networksOf, sharedRound } from "../support/training/tiny_rounds.ts";

const STEPS = 5;

const ORGANS: Record<string, number[]> = { a: [1], b: [1, 2] };

/** Where a round is, and the book that its terms may write to. */
interface Place {
  dataset: string;
  step: number;
  book: LessonBook;
}

/** Own supervision and, for a state that counts, a note in the book of how large the first term was. */
const bookTerms = ({ dataset, book }: Place): BatchTerms => (views, batch) =>
  views.map(({ network, logits }) => {
    const value = supervision(logits, targetsOf(batch, { channels: ORGANS[network]! }));
    book.choose(network, 1, { among: ["a", "b"], dataset: batch.cases[0]! });
    book.measure(network, new Map([[1, [1, 2].map((k) => k * Math.exp(-value.dataSync()[0]!))]]));
    const own = network === dataset;
    return { network, name: own ? "own" : "peer", value, weight: own ? 1 : 0.5 };
  });

interface Outcome {
  weights: number[][];
  best: { step: number; score: number; weights: number[] }[];
  history: unknown[];
  book: unknown;
}

type Changes = Partial<Omit<TrainingOptions, "recorder" | "objective">> & {
  seed?: number;
  terms?: (place: Place) => BatchTerms;
};

/** Some score that depends on the weights and goes up and down. */
function score({ model }: Learner): Promise<Validated> {
  return Promise.resolve(validated({ "organ 1": Math.sin(1000 * weightsOf(model)[0]!) }));
}

/** Trains two learners on two datasets, as a new process would: everything is made anew but the recorder. */
async function run(recorder: MemoryRecorder, changes: Changes = {}): Promise<Outcome> {
  const { seed = 1, terms = bookTerms, ...rest } = changes;
  const names = Object.keys(ORGANS);
  const learners = names.map((name) => tinyLearner(name, ORGANS[name], seed));
  const book = createLessonBook({ margin: 0 });
  try {
    await train(networksOf(learners), {
      stage: "tiny",
      steps: STEPS,
      learningRate: 0.02,
      warmupSteps: 2,
      validateEvery: 2,
      streams: names,
      openStream: (name, firstStep) =>
        tinyStream(firstStep, (step) => {
          const dataset = names.indexOf(name);
          return tinyBatch({ key: 100 * dataset + step, labelSet: [1 + dataset] });
        }),
      objective: {
        rounds: (step) => names.map((dataset) => sharedRound(dataset, names, terms({ dataset, step, book }))),
        memory: {
          save: () => ({ tensors: {}, meta: book.save() }),
          load: ({ meta }) => book.load(meta),
        },
      },
      validated: names,
      validate: score,
      recorder: await recorder.stage("tiny", {}),
      ...rest,
    });
    return {
      weights: learners.map(({ model }) => weightsOf(model)),
      best: learners.map(({ best }) => ({ ...best, weights: valuesOf(best) })),
      history: recorder.history.map(({ seconds: _, ...row }) => row),
      book: book.save(),
    };
  } finally {
    learners.forEach(disposeLearner);
  }
}

const valuesOf = ({ weights }: Learner["best"]) => Object.values(weights).flatMap((t) => [...t.dataSync()]);

async function uninterrupted(changes: Changes = {}): Promise<Outcome> {
  const recorder = memoryRecorder();
  const outcome = await run(recorder, changes);
  recorder.dispose();
  return outcome;
}

Deno.test("same seed, same bits; another seed, others", async () => {
  const [one, two, other] = [await uninterrupted(), await uninterrupted(), await uninterrupted({ seed: 2 })];
  assertEquals(two, one);
  assertNotEquals(other.weights, one.weights);
});

/** A recorder that is stopped, or fails as if killed, once, at a step. */
function interruptedAt(step: number, kind: "stop" | "kill"): MemoryRecorder {
  let done = false;
  const recorder = memoryRecorder({
    onProgress(progress) {
      if (done || progress.step !== step) return;
      done = true;
      if (kind === "kill") throw new Error("Killed");
      recorder.stop();
    },
  });
  return recorder;
}

let reference: Promise<Outcome> | undefined;

for (let step = 1; step <= STEPS; step++) {
  Deno.test(`stopped or killed in step ${step}, training ends with the same bits`, async () => {
    const whole = await (reference ??= uninterrupted());
    for (const kind of ["stop", "kill"] as const) {
      const recorder = interruptedAt(step, kind);
      await assertRejects(
        () => run(recorder, { checkpointSeconds: 0 }),
        kind === "stop" ? DOMException : Error,
      );
      recorder.restart();
      assertEquals(await run(recorder), whole);
      recorder.dispose();
    }
  });
}

for (const step of [3, STEPS]) {
  Deno.test(`a stop in step ${step} saves that step`, async () => {
    const recorder = interruptedAt(step, "stop");
    await assertRejects(() => run(recorder), DOMException, "Stopped");
    const state = (await (await recorder.stage("tiny", {})).restore("training"))!;
    assertEquals((state.meta.loop as { step: number }).step, step);
    tf.dispose(state.tensors);
    recorder.dispose();
  });
}

for (const step of [2, STEPS]) {
  for (const model of ["a", "b"]) {
    Deno.test(`stopped in the validation of model ${model} after step ${step}, none is validated twice`, async () => {
      let stopped = false;
      const recorder: MemoryRecorder = memoryRecorder({
        onProgress(progress) {
          if (stopped || progress.step !== step || progress.activity !== `validating ${model}`) return;
          stopped = true;
          recorder.stop();
        },
      });
      const validated: string[] = [];
      const validate = (learner: Learner) => {
        recorder.signal.throwIfAborted();
        validated.push(learner.name);
        return score(learner);
      };
      await assertRejects(() => run(recorder, { validate }), DOMException, "Stopped");
      recorder.restart();
      assertEquals(await run(recorder, { validate }), await (reference ??= uninterrupted()));
      assertEquals(validated, ["a", "b", "a", "b", "a", "b"]);
      recorder.dispose();
    });
  }
}

Deno.test("tensors: constant over the steps, none left by an end, a stop, a failing stream or a broken loss", async () => {
  const counts: number[] = [];
  const nothingLeft = async (
    recorder: MemoryRecorder,
    changes: Changes = {},
    failure?: string,
  ) => {
    const before = tf.memory().numTensors;
    if (failure) await assertRejects(() => run(recorder, changes), Error, failure);
    else await run(recorder, changes);
    recorder.dispose();
    assertEquals(tf.memory().numTensors - before, 0, failure ?? "end");
  };
  const counting = () => {
    const seen = new Set<number>();
    return memoryRecorder({
      onProgress({ step, activity }) {
        if (activity !== undefined || seen.has(step)) return;
        seen.add(step);
        counts.push(tf.memory().numTensors);
      },
    });
  };
  await run(counting());
  counts.length = 0;
  await nothingLeft(counting(), { steps: 30, validateEvery: 100 });
  assertEquals(counts.length, 30);
  assertEquals([...new Set(counts)], [counts[0]]);
  await nothingLeft(interruptedAt(3, "stop"), {}, "Stopped");
  await nothingLeft(memoryRecorder(), {
    openStream: (dataset, firstStep) =>
      tinyStream(firstStep, (step) => {
        if (dataset === "b" && step === 2) throw new Error("no such patch");
        return tinyBatch({ key: step });
      }),
  }, "no such patch");
  await nothingLeft(memoryRecorder(), { terms: brokenIn(2) }, "first is NaN at step 3 (cases case 2)");
});

/** Not finite in a step. */
function brokenIn(wrong: number): (place: Place) => BatchTerms {
  return (place) => (views, batch) => [
    ...bookTerms(place)(views, batch),
    {
      network: "a",
      name: "first",
      weight: 1,
      value: tf.mul(tf.mean(views[0]!.logits), place.step === wrong ? NaN : 0) as Scalar,
    },
  ];
}

Deno.test("history: means of unweighted terms over ten steps, then validation", async () => {
  const recorder = memoryRecorder();
  const constant = ({ dataset, step }: Place): BatchTerms => (views) =>
    views.map(({ network, logits }) => ({
      network,
      name: network === dataset ? "own" : "peer",
      weight: 0.5,
      value: tf.add(tf.mul(tf.mean(logits), 0), network === dataset ? step : 100) as Scalar,
    }));
  await run(recorder, { steps: 12, validateEvery: 6, terms: constant });
  const rows = recorder.history.map((
    { model, step, terms },
  ) => [model, step, Object.keys(terms).join(), terms.own]);
  const scores = "validation_dice,validation_dice/organ 1";
  assertEquals(rows, [
    ...[["a", 6, scores, undefined], ["b", 6, scores, undefined]],
    ...[["a", 10, "own,peer,gradient/own,gradient/peer", 4.5], [
      "b",
      10,
      "peer,own,gradient/peer,gradient/own",
      4.5,
    ]],
    ...[["a", 12, "own,peer,gradient/own,gradient/peer", 10.5], [
      "b",
      12,
      "peer,own,gradient/peer,gradient/own",
      10.5,
    ]],
    ...[["a", 12, scores, undefined], ["b", 12, scores, undefined]],
  ]);
  assertAlmostEquals(recorder.history[2]!.learningRate, 0.02 * (1 - 7 / 10) ** 0.9, 1e-12);
  recorder.dispose();
});

Deno.test("selection: the best step's weights; an organ that is nowhere visible leaves the mean", async () => {
  const dice = [0.2, 0.6, 0.4];
  const seen: number[][] = [];
  const recorder = memoryRecorder();
  const { best, history } = await run(recorder, {
    steps: 3,
    validateEvery: 1,
    validate: (learner) => {
      if (learner.name === "b") return Promise.resolve(validated({ "organ 1": NaN, "organ 2": NaN }));
      seen.push(weightsOf(learner.model));
      return Promise.resolve(validated({ "organ 1": dice[seen.length - 1]!, "organ 2": NaN }));
    },
  });
  const [a, b] = best;
  assertEquals([a!.step, a!.score], [2, 0.6]);
  // In the order of the layers both times.
  assertEquals(a!.weights, seen[1]);
  assert(Number.isNaN((history as { terms: Record<string, number> }[])[1]!.terms.validation_dice));
  assertEquals([b!.step, b!.score], [3, -Infinity], "without any visible organ the last weights");
  recorder.dispose();
});
