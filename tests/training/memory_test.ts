/** What an objective remembers is disposed by the engine, however the stage ends. */
import { assertEquals, assertRejects } from "@std/assert";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { killedAt, lessonOf, trainTinyPlan, withTinyStudy } from "../support/training/tiny_plan.ts";

Deno.test("memory is disposed once, at the end of a stage, after a crash, and when training cannot begin", () =>
  withTinyStudy(async (study) => {
    const disposed: string[] = [];
    const run = (name: string, rounds = () => [lessonOf("n")], recorder = memoryRecorder()) =>
      trainTinyPlan(study, {
        networks: { n: {} },
        rounds,
        memory: {
          save: () => ({ tensors: {}, meta: {} }),
          load: () => {},
          dispose: () => void disposed.push(name),
        },
      }, recorder);
    await run("whole");
    await assertRejects(() => run("killed", undefined, killedAt(2)), Error, "killed");
    await assertRejects(() => run("failing", () => [lessonOf("m")]), Error, "current network is m");
    assertEquals(disposed, ["whole", "killed", "failing"]);
  }));
