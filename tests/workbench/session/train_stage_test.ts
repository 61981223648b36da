import { assertEquals, assertRejects } from "@std/assert";
import { type LoadedStudy, loadStudy } from "../../../lib/workbench/load_study.ts";
import { completeLabels } from "../../../lib/workbench/session/complete_labels.ts";
import { evaluate } from "../../../lib/workbench/session/evaluate.ts";
import { madeBy } from "../../../lib/workbench/session/made_by.ts";
import { type StageInputs, trainStage } from "../../../lib/workbench/session/train_stage.ts";
import type { Run } from "../../../lib/runs/open_run.ts";
import { tinyCohort } from "../../support/experiments/tiny_task.ts";

/** A run that must not come to train anything. */
function runOf(experiment: string, { data: { hash } }: LoadedStudy): Run {
  const record = { experiment, dataHash: hash, identity: experiment };
  const during = () => Promise.reject(new Error("something was trained"));
  return { name: `tiny/${experiment}/default/v001`, parameters: {}, record, during } as unknown as Run;
}

const study = await loadStudy(tinyCohort);
const [mutual, single] = [runOf("mutual", study), runOf("single_marginal", study)];

async function refusal(run: Run, stage: string, inputs?: object): Promise<string> {
  const error = await assertRejects(() => trainStage(study, run, stage, inputs as StageInputs), Error);
  return error.message;
}

Deno.test("a stage that the method does not have is refused, with the nearest one", async () => {
  assertEquals(
    await refusal(mutual, "partial_organs"),
    "Cannot train: the stage must be one of partial_organ, full_organ, distilled, current value is " +
      '"partial_organs": did you mean partial_organ?',
  );
  assertEquals(
    await refusal(single, "toString"),
    'Cannot train: the stage must be one of single, current value is "toString"',
  );
});

Deno.test("an input that the stage does not have is refused: parameters are given once", async () => {
  const { message } = await assertRejects(
    () => trainStage(study, mutual, "partial_organ", { predictionDifference: 1 } as unknown as StageInputs),
    Error,
    "given is predictionDifference; parameters are those of the cell with startRun",
  );
  assertEquals(message.startsWith("Cannot train partial_organ: the stage wants nothing "), true, message);
  assertEquals(
    await refusal(mutual, "full_organ", { completed: [[]], specialists: [{}], complete: [] }),
    'Cannot train full_organ: an input must be one of completed, specialists, current value is "complete": did you mean completed?; ' +
      "parameters are those of the cell with startRun",
  );
});

Deno.test("a stage without inputs says that it wants none", async () => {
  assertEquals(
    await refusal(single, "single", { completed: [] }),
    "Cannot train single: the stage wants nothing from earlier cells, given is completed; parameters are those of the cell " +
      "with startRun",
  );
});

Deno.test("an input that is missing is named, together with one that is odd", async () => {
  const missing = ["completed", "specialists"].map((name) =>
    `${name} must be given, as an earlier cell made it`
  )
    .join("; ");
  assertEquals(await refusal(mutual, "full_organ"), `Cannot train full_organ: ${missing}`);
  // What completeLabels gave, not its part.
  const whole = await refusal(mutual, "full_organ", { completed: { completed: [], report: [] } });
  assertEquals(whole, `Cannot train full_organ: ${missing}`);
  const misspelt = await refusal(mutual, "full_organ", { complete: [] });
  // An empty list would pass for a fresh start.
  const none = await refusal(mutual, "full_organ", { completed: [[]], specialists: [] });
  assertEquals(none, "Cannot train full_organ: specialists must be given, as an earlier cell made it");
  assertEquals(misspelt.startsWith(`Cannot train full_organ: ${missing}; an input must be`), true, misspelt);
});

Deno.test("an input of another run is refused", async () => {
  const completed = madeBy(single, [[]]);
  assertEquals(
    await refusal(mutual, "full_organ", { completed, specialists: [{}] }),
    "Cannot train full_organ: the completed must be of the run tiny/mutual/default/v001, they are of the run " +
      "tiny/single_marginal/default/v001. Run the cell that makes the completed again, then this one",
  );
});

Deno.test("every cell refuses another study than the run's", async () => {
  const other = { ...study, data: { ...study.data, hash: "other" } };
  const calls: Record<string, () => Promise<unknown>> = {
    "train partial_organ": () => trainStage(other, mutual, "partial_organ"),
    "complete labels": () => completeLabels(other, mutual, []),
    evaluate: () => evaluate(other, mutual, []),
  };
  for (const [action, call] of Object.entries(calls)) {
    await assertRejects(call, Error, `Cannot ${action}: the study in this cell is not the one that the run`);
  }
});

Deno.test("a run of scores that were made elsewhere has no stages", async () => {
  await assertRejects(
    () => trainStage(study, runOf("nnunet", study), "single"),
    Error,
    "Cannot find the method: the experiment must be one of mutual",
  );
});
