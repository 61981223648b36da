import { assertEquals } from "@std/assert";
import { planStage } from "../../lib/methods/definition/plan_stage.ts";
import { partialOrgan } from "../../lib/methods/mutual/partial_organ.ts";
import { trainingPasses } from "../../lib/training/work.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

const off = { predictionDifference: 0, featureDifference: 0 };

Deno.test("passes: datasets times the models that look at each, times scans of a batch and steps", () =>
  inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2], [3]]);
    const passes = (values: Record<string, number>, stage = { stage: partialOrgan }) =>
      trainingPasses(planStage(study, stage, { values }).plan, { batchSize: 2, steps: 10 });
    assertEquals(passes({}), 3 * 3 * 2 * 10);
    assertEquals(passes({ peersPerStep: 1 }), 3 * 2 * 2 * 10);
    assertEquals(passes(off), 3 * 1 * 2 * 10);
    assertEquals(trainingPasses({ streams: {} }, { batchSize: 1, steps: 10 }), 0);
  }));
