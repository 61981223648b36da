/** The loop with networks that do not learn, and with streams that rounds do not draw as they come. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner } from "../../lib/training/learner.ts";
import type { Objective, Round } from "../../lib/training/plan.ts";
import type { StageState } from "../../lib/training/stage_state.ts";
import { train } from "../../lib/training/training_loop.ts";
import { validated } from "../support/training/validated.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import {
  idleLearner,
  tinyBatch,
  tinyLearner,
  tinyStream,
  weightsOf,
} from "../support/training/tiny_learners.ts";
import { networksOf, sharedRound } from "../support/training/tiny_rounds.ts";

const STEPS = 4;

/** The network "a" learns from the stream's batch; what it drew is noted. */
const lesson = (stream: string, drawn: string[]): Round =>
  sharedRound(stream, ["a"], ([view], batch) => {
    drawn.push(`${stream} ${batch.cases[0]}`);
    return [{
      network: "a",
      name: "own",
      value: supervision(view!.logits, targetsOf(batch, { channels: [1] })),
      weight: 1,
    }];
  });

/** A student "a", its teacher "b" that is validated, and "c", which stays. */
async function run(recorder: MemoryRecorder, changes: Partial<Objective> = {}) {
  const learners = [
    tinyLearner("a"),
    idleLearner("b", { follows: "a", decay: 0.5 }),
    idleLearner("c", "frozen", 2),
  ];
  const drawn: string[] = [];
  const before = learners.map(({ model }) => weightsOf(model));
  try {
    await train(networksOf(learners), {
      stage: "roles",
      steps: STEPS,
      learningRate: 0.02,
      warmupSteps: 1,
      validateEvery: 2,
      streams: ["one", "two"],
      openStream: (name, first) =>
        tinyStream(first, (step) => tinyBatch({ key: name === "one" ? step : 10 + step })),
      objective: { rounds: () => [lesson("one", drawn)], ...changes },
      validated: ["b"],
      validate: ({ model }) =>
        Promise.resolve(validated({ "organ 1": Math.sin(1000 * weightsOf(model)[0]!) })),
      recorder: await recorder.stage("roles", {}),
      checkpointSeconds: 0,
    });
    const [a, b, c] = learners.map(({ model }) => weightsOf(model));
    return { a, b, c, before, drawn, best: learners[1]!.best.step };
  } finally {
    learners.forEach(disposeLearner);
  }
}

function stoppedOnceAt(wanted: number): MemoryRecorder {
  let stopped = false;
  const recorder = memoryRecorder({
    onProgress({ step }) {
      if (stopped || step !== wanted) return;
      stopped = true;
      recorder.stop();
    },
  });
  return recorder;
}

async function outcome(changes: Partial<Objective> = {}) {
  const recorder = memoryRecorder();
  const result = await run(recorder, changes);
  const { history } = recorder;
  recorder.dispose();
  return { ...result, history };
}

Deno.test("a network that follows moves, is validated and kept; one that is frozen stays", async () => {
  const { a, b, c, before, history, best } = await outcome();
  assertNotEquals(b, before[1]);
  assertNotEquals(b, a);
  assertEquals(c, before[2]);
  assert(best > 0);
  const validations = history.filter(({ terms }) => "validation_dice" in terms);
  assertEquals(validations.map(({ model, step }) => [model, step]), [["b", 2], ["b", 4]]);
});

Deno.test("they go on after a stop with the same bits; what is frozen is not saved", async () => {
  const whole = await outcome();
  const before = tf.memory().numTensors;
  const recorder = stoppedOnceAt(3);
  await assertRejects(() => run(recorder), DOMException, "Stopped");
  const state = (await (await recorder.stage("roles", {})).restore("training"))!;
  const parts = new Set(Object.keys(state.tensors).map((name) => name.split("/").slice(0, 2).join("/")));
  assertEquals([...parts], ["a/weights", "a/optimiser", "a/best", "b/weights", "b/best"]);
  tf.dispose(state.tensors);
  recorder.restart();
  const { a, b, c, best } = await run(recorder);
  assertEquals([a, b, c, best], [whole.a, whole.b, whole.c, whole.best]);
  recorder.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("tensors that an objective remembers are saved, and given back after a stop", async () => {
  const memory = () => {
    let sum = tf.scalar(0), count = 0;
    return {
      add(step: number) {
        const next = tf.add(sum, step) as typeof sum;
        sum.dispose();
        [sum, count] = [next, count + 1];
      },
      values: () => [sum.dataSync()[0]!, count],
      dispose: () => sum.dispose(),
      save: () => ({ tensors: { sum: sum.clone() }, meta: { count } }),
      load({ tensors, meta }: StageState) {
        sum.dispose();
        [sum, count] = [tensors.sum!.clone() as typeof sum, meta.count as number];
      },
    };
  };
  const before = tf.memory().numTensors;
  const recorder = stoppedOnceAt(2);
  const results: number[][] = [];
  for (const end of ["stopped", "finished"]) {
    const book = memory();
    const rounds = (step: number) => (book.add(step), [lesson("one", [])]);
    const ended = run(recorder, { rounds, memory: book });
    if (end === "stopped") await assertRejects(() => ended, DOMException, "Stopped");
    else await ended;
    results.push(book.values());
    book.dispose();
    recorder.restart();
  }
  assertEquals(results, [[0 + 1, 2], [0 + 1 + 2 + 3, 4]]);
  recorder.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("batch k of a stream belongs to step k, drawn twice or not at all", async () => {
  const drawn: string[] = [];
  await outcome({
    rounds: (step) => step % 2 === 0 ? [lesson("one", drawn), lesson("one", drawn)] : [lesson("two", drawn)],
  });
  assertEquals(drawn, [
    ...["one case 0", "one case 0"],
    "two case 11",
    ...["one case 2", "one case 2"],
    "two case 13",
  ]);
});

Deno.test("a stream that there is not is refused", async () => {
  await assertRejects(
    () => outcome({ rounds: () => [lesson("three", [])] }),
    Error,
    "Cannot train: a round must draw one of one, two, current stream is three",
  );
});
