import { assertEquals, assertRejects } from "@std/assert";
import { planStage } from "../../lib/methods/definition/plan_stage.ts";
import { meanTeacher } from "../../lib/methods/mean_teacher.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { inTinyWorld } from "../support/methods/conformance.ts";

const { mean_teacher: stage } = meanTeacher.stages;

Deno.test("scans without any label are looked at for consistency alone, and only where there is a teacher", () =>
  inTinyWorld(async ({ study }) => {
    const [first, ...others] = study.datasets;
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
    await assertRejects(
      () => trainMethodStage(study, recorder, { ...stage, values }),
      Error,
      "some training case must be annotated with all 4 organs, the most there are in one is 2",
    );
    recorder.dispose();
  }));
