import { assertEquals, assertRejects } from "@std/assert";
import type { PreparedDataset } from "../../lib/data/store/prepared_study.ts";
import { planStage, requireTrainable } from "../../lib/methods/definition/plan_stage.ts";
import { meanTeacher } from "../../lib/methods/mean_teacher.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { inTinyWorld } from "../support/methods/conformance.ts";

const { mean_teacher: stage } = meanTeacher.stages;

Deno.test("scans without any label are looked at for consistency alone, and only where there is a teacher", () =>
  inTinyWorld(async ({ study }) => {
    const [first, ...others] = study.datasets as [PreparedDataset, ...PreparedDataset[]];
    const bare = first.training.map((stored) => ({
      ...stored,
      id: `${stored.id} bare`,
      labelSet: [],
      locations: {},
    }));
    const wider = { ...study, datasets: [{ ...first, unlabelled: bare }, ...others] };
    const streams = (consistency: number) =>
      Object.keys(planStage(wider, stage, { values: { consistency } }).plan.streams);
    assertEquals(streams(10), ["a", "b", "c", "a unlabelled"]);
    assertEquals(streams(0), ["a", "b", "c"]);
    const recorder = memoryRecorder();
    const values = { fullOrganSteps: 2 };
    const { models } = await trainMethodStage(wider, recorder, { ...stage, values });
    models.forEach(({ model }) => model.dispose());
    assertEquals(recorder.stages.map(({ finished }) => finished), [true]);
    recorder.dispose();
  }));

Deno.test("labels = full wants a fully labelled case", () =>
  inTinyWorld(async ({ study }) => {
    const recorder = memoryRecorder();
    const values = { fullOrganSteps: 2, labels: "full" };
    const lack =
      "labels = full wants training cases with all 4 organs annotated, the most there are in one is 2";
    await assertRejects(
      () => trainMethodStage(study, recorder, { ...stage, values }),
      Error,
      `Cannot train mean_teacher: ${lack}`,
    );
    assertEquals(recorder.stages, [], "nothing began");
    recorder.dispose();
    const { organs, datasets: [first] } = study;
    const whole = first!.training.map((stored) => ({
      ...stored,
      labelSet: organs.map(({ number }) => number),
    }));
    const better = { ...study, datasets: [...study.datasets, { ...first!, training: whole }] };
    requireTrainable(better, [stage], { values, action: "train" });
  }));
