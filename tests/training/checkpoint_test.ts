/** What a checkpoint holds of networks, however they are called and whatever their role. */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../lib/tensors/tf.ts";
import type { StageState } from "../../lib/training/stage_state.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import {
  killedAt,
  lessonOf,
  type TinyPlan,
  trainTinyPlan,
  withTinyStudy,
} from "../support/training/tiny_plan.ts";

/** A plan that remembers a tensor and a number; both have names that could be a network's part. */
function remembering(networks: TinyPlan["networks"]): TinyPlan {
  const value = tf.variable(tf.scalar(0));
  let count = 0;
  return {
    networks,
    rounds: (step) => {
      tf.tidy(() => value.assign(tf.add(value, step)));
      count++;
      return [lessonOf(...Object.keys(networks))];
    },
    memory: {
      save: () => ({ tensors: { "weights/sum": value.clone() }, meta: { count, sum: value.dataSync()[0]! } }),
      load({ tensors, meta }: StageState) {
        value.assign(tensors["weights/sum"] as Scalar);
        count = meta.count as number;
      },
      dispose: () => value.dispose(),
    },
  };
}

Deno.test("networks may be called like the other parts of a checkpoint; it goes on with the same bits", () =>
  withTinyStudy(async (study) => {
    const plan = () => remembering({ memory: {}, loop: { seed: 1 }, networks: { seed: 2 } });
    const whole = await trainTinyPlan(study, plan());
    assertEquals(whole.made.map(({ name }) => name), ["memory", "loop", "networks"]);
    assertEquals(whole.memory, { count: 4, sum: 6 });
    const recorder = killedAt(3);
    await assertRejects(() => trainTinyPlan(study, plan(), recorder), Error, "killed");
    assertEquals(withoutSeconds(await trainTinyPlan(study, plan(), recorder)), withoutSeconds(whole));
  }));

const withoutSeconds = ({ history, ...rest }: Awaited<ReturnType<typeof trainTinyPlan>>) => ({
  ...rest,
  history: history.map(({ seconds: _, ...row }) => row),
});

Deno.test("the score and the step of a frozen network outlive a stop", () =>
  withTinyStudy(async (study) => {
    const plan: TinyPlan = { networks: { n: {}, f: { role: "frozen", seed: 5 } } };
    const whole = await trainTinyPlan(study, plan);
    assertEquals(whole.made[1]!.step, 2, "it is never better than at first");
    const recorder = killedAt(3);
    await assertRejects(() => trainTinyPlan(study, plan, recorder), Error, "killed");
    assertEquals((await trainTinyPlan(study, plan, recorder)).made, whole.made);
    // The last checkpoint is there, the result is not.
    let messages = 0;
    const late = memoryRecorder({
      onProgress({ step, activity }) {
        if (step === 4 && activity === undefined && ++messages === 2) late.stop();
      },
    });
    await assertRejects(() => trainTinyPlan(study, plan, late), DOMException, "Stopped");
    late.restart();
    assertEquals((await trainTinyPlan(study, plan, late)).made, whole.made);
  }));
