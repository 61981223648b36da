import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { sweepNames } from "../../../lib/workbench/choices.ts";
import { sweepPath } from "../../../lib/workbench/project.ts";
import { tinyCohort } from "../../support/experiments/tiny_task.ts";
import { checkMembers, readyMembers } from "../../../lib/workbench/sweeps/sweep_members.ts";
import { readSweep } from "../../../lib/runs/sweeps/sweep.ts";

const shipped = await sweepNames();

Deno.test("the shipped sweeps: every member's experiment, parameters and cohort are good", async () => {
  const counts: Record<string, number> = {};
  for (const name of shipped) {
    const path = sweepPath(name);
    counts[name] = (await checkMembers(await readSweep(path), path)).length;
  }
  assertEquals(counts, {
    head_neck: 12,
    heart_label_dropout: 18,
    hippocampus: 27,
    hippocampus_scribbles: 4,
    phantom_ablation: 27,
    phantom_axes: 120,
    phantom_controls: 18,
    phantom_forms: 54,
    phantom_overlap: 18,
    phantom_label_dropout: 36,
    phantom_quick_controls: 12,
    phantom_shift_label_dropout: 72,
    phantom_terms: 15,
  });
});

Deno.test("each single term of phantom_terms leaves one of the four on", async () => {
  const path = sweepPath("phantom_terms");
  const members = await checkMembers(await readSweep(path), path);
  const terms = ["predictionDifference", "featureDifference", "predictionSimilarity", "featureSimilarity"];
  const on = members.filter(({ arm }) => arm.parameters.seed === 1).map(({ label, arm }) => [
    label.split(", ")[1],
    terms.filter((term) => arm.parameters[term] !== 0),
  ]);
  assertEquals(on, [
    ["PD only", [terms[0]]],
    ["FD only", [terms[1]]],
    ["PS only", [terms[2]]],
    ["DFS only", [terms[3]]],
    ["no filter", terms],
  ]);
});

Deno.test("what a study lacks is told of all members at once, before one starts", async () => {
  const members = await checkMembers({
    description: "",
    retries: 0,
    slurm: { options: [] },
    axes: {
      experiment: ["ace", "mean_teacher_full", "mean_teacher_full_only"],
      cohort: [tinyCohort],
      seed: [1, 2],
    },
  }, "a.json");
  const { message } = await assertRejects(
    () => readyMembers(members, "a.json", { signal: new AbortController().signal }),
    Error,
  );
  const lack =
    "labels = full wants training cases with all 6 organs annotated, the most there are in one is 3";
  for (const experiment of ["mean_teacher_full", "mean_teacher_full_only"]) {
    assertStringIncludes(
      message,
      `${experiment}, seed 1 and 1 more: Cannot run ${experiment} on phantom_tiny: ${lack}`,
    );
  }
});
