/** Networks that follow others must be able to. */
import { assertEquals, assertRejects } from "@std/assert";
import type { NetworkPlan } from "../../lib/training/plan.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import { trainTinyPlan, withTinyStudy } from "../support/training/tiny_plan.ts";

const follows = (leader: string): Partial<NetworkPlan> => ({ role: { follows: leader, decay: 0.9 } });

const faults: [title: string, networks: Record<string, Partial<NetworkPlan>>, message: string][] = [
  ["itself", { n: {}, t: follows("t") }, "Cannot train: no network may follow itself, there is t → t"],
  [
    "in a circle",
    { n: {}, t: follows("u"), u: follows("v"), v: follows("u") },
    "Cannot train: no network may follow itself, there is u → v → u",
  ],
  [
    "one with other organs",
    { n: { organs: [1, 2] }, t: { ...follows("n"), organs: [2, 1] } },
    "Cannot train: a network must have the organs of the one that it follows, n has 1, 2, and t has 2, 1",
  ],
  [
    "one that is not there",
    { student: {}, t: follows("studnt") },
    'Cannot train: the network that t follows must be one of student, t, current value is "studnt": ' +
    "did you mean student?",
  ],
];
for (const [title, networks, message] of faults) {
  Deno.test(`a network that follows ${title} is refused when the stage begins`, () =>
    withTinyStudy(async (study) => {
      const before = tensorCount();
      const recorder = memoryRecorder();
      const error = await assertRejects(() => trainTinyPlan(study, { networks }, recorder), Error);
      assertEquals(error.message, message);
      assertEquals([recorder.stages.length, tensorCount()], [0, before]);
    }));
}

Deno.test("one may follow one that follows", () =>
  withTinyStudy(async (study) => {
    const { made } = await trainTinyPlan(study, { networks: { n: {}, t: follows("n"), u: follows("t") } });
    assertEquals(made.map(({ name }) => name), ["n", "t", "u"]);
  }));
