import { assert, assertEquals } from "@std/assert";
import { armWork } from "../../../lib/workbench/session/arm_work.ts";
import { experimentPath } from "../../../lib/workbench/project.ts";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { readNotebook } from "../../../lib/runs/notebooks/notebook.ts";
import { declaredParameters, resolveParameters } from "../../../lib/runs/notebooks/parameters.ts";
import type { Parameters } from "../../../lib/runs/notebooks/parameters.ts";

/** Two datasets of one organ each, two training cases and one of validation; a case is 2 × 2 × 2 windows. */
const datasets = [[1], [2]].map((organs, index) => {
  const name = "ab"[index];
  const stored = { id: name, dataset: name, shape: [10, 10, 10], labelSet: organs, pseudoSet: [] };
  return { name, organs, training: [stored, stored], validation: [stored] };
});
const study = {
  organs: [{ number: 1 }, { number: 2 }],
  datasets,
  test: [{}, {}, {}],
  patch: [8, 8, 8],
  training: { batchSize: 1, partialOrganSteps: 30, fullOrganSteps: 40, validateEvery: 10 },
} as unknown as PreparedStudy;

async function workOf(experiment: string, given: Parameters = {}): Promise<string[]> {
  const path = experimentPath(experiment);
  const notebook = await readNotebook(path);
  const parameters = resolveParameters(given, declaredParameters(notebook, path));
  return armWork(experiment, notebook, { parameters, study }).flatMap(({ stage, work }) =>
    work.map(({ kind, count, passes, done }) => {
      assertEquals(done, 0);
      return `${stage} ${kind} ${count} × ${passes}`;
    })
  );
}

Deno.test("an arm's stages with their steps, validations, cases and figures, as its notebook calls them", async () => {
  assertEquals(await workOf("mutual"), [
    "partial_organ training 30 × 16", // two models, two datasets, four passes
    "partial_organ validation 6 × 8",
    "pseudo_labels survey 4 × 5",
    "pseudo_labels completion 4 × 23", // two models on eight windows, reading, three looks at the missing organ
    "full_organ training 40 × 16",
    "full_organ validation 16 × 8", // both models see both datasets' cases
    "postprocessing postprocessing 2 × 20", // the best model, on the validation cases
    "test test 3 × 20",
    "figures figure 5 × 1",
  ]);
  assertEquals(await workOf("partial_merged"), [
    "partial_organ training 30 × 8",
    "partial_organ validation 6 × 8",
    "postprocessing postprocessing 2 × 28", // both models
    "test test 3 × 28",
    "figures figure 3 × 1",
  ]);
  assertEquals((await workOf("single_marginal")).slice(0, 2), [
    "single training 70 × 8",
    "single validation 14 × 8",
  ]);
});

Deno.test("parameters change the work: steps, terms that are off, filters, inference", async () => {
  const work = await workOf("mutual", {
    partialOrganSteps: 12,
    predictionDifference: 0,
    featureDifference: 0,
    agreementFilter: 0,
    peersPerStep: 1,
    inference: "mean",
  });
  assertEquals(work.slice(0, 4), [
    "partial_organ training 12 × 8",
    "partial_organ validation 4 × 8",
    "pseudo_labels survey 4 × 5",
    "pseudo_labels completion 4 × 21",
  ]);
  assert(work.includes("test test 3 × 28"), work.join("\n"));
  assert((await workOf("pooled")).includes("pooled training 40 × 8"));
  const raw = await workOf("mutual", { postprocessing: false });
  assert(!raw.some((line) => line.startsWith("postprocessing")), raw.join("\n"));
});
