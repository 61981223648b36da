import type { TrainedModel } from "../../lib/training/train.ts";
import { assert, assertEquals } from "@std/assert";
import { experiments } from "../../lib/methods/experiments.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { checkArm } from "../../lib/workbench/arms/check_arm.ts";
import { planArm } from "../../lib/workbench/arms/prepare_arm.ts";
import { loadStudy } from "../../lib/workbench/load_study.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

const ARMS = ["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing", "independent"];
const COHORT = "phantom_quick";

Deno.test("the demo's cohort loads: two scanners with fields of view of their own, whole test scans with all organs", async () => {
  const study = await loadStudy(COHORT);
  assertEquals(study.warnings, []);
  assertEquals(study.datasets.map(({ training, validation }) => [training.length, validation.length]), [
    [6, 4],
    [6, 4],
  ]);
  const organs = study.organs.map(({ number }) => number);
  for (const { labelSet } of study.test) assertEquals([...labelSet].sort(), organs);
  const [a, b] = study.datasets.map(({ organs }) => organs) as [number[], number[]];
  assertEquals([...a, ...b].sort(), organs, "each organ is shown by one dataset");
  for (const { training } of study.datasets) {
    for (const { id, shape } of training) {
      const windows = shape.reduce((count, size, axis) => count * Math.ceil(size / study.patch[axis]!), 1);
      assert(windows <= 8 && shape[0] < 14, `${id}: ${shape}, a part of the trunk`);
    }
  }
});

for (const arm of ARMS) {
  Deno.test(`${arm} on the demo's cohort: is planned, and takes two steps of each stage`, async () => {
    const study = await loadStudy(COHORT);
    const checked = await checkArm(arm, { cohort: COHORT });
    assertEquals(planArm(checked, study).map(({ stage }) => stage), [
      ...["partial_organ", "pseudo_labels", "full_organ", "postprocessing", "test", "figures"],
    ]);
    const completed = study.datasets.map(({ training }) => training);
    const specialists: TrainedModel[] = [];
    for (const stage of Object.values(experiments[arm]!.method.stages)) {
      if (stage.when?.(checked.parameters) === false) continue;
      const recorder = memoryRecorder();
      const { models } = await trainMethodStage(study, recorder, {
        ...stage,
        values: { ...checked.parameters, [stage.stage.steps]: 2 },
        inputs: { completed, specialists },
      });
      assertEquals(models.map(({ name }) => name), ["A", "B"]);
      specialists.push(...models);
      const losses = recorder.history.flatMap(({ terms }) => "own" in terms ? [terms.own] : []);
      assert(losses.length > 0 && losses.every(Number.isFinite), `${losses}`);
      recorder.dispose();
    }
    for (const { model } of specialists) model.dispose();
  });
}
