import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { armWarnings, readArms, scoresByArm } from "../../lib/comparison/arms.ts";
import type { Parameters } from "../../lib/runs/notebooks/parameters.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const rows = (dice: number) => fakeScores({ Liver: { a: dice } });

const seeded = (seed: number, rampUp = 0.2) => ({ seed, parameters: { seed, rampUp } });

/** Folders' names are misleading on purpose: they say nothing. */
async function writeStudy(results: string) {
  await writeFinishedRun(results, { experiment: "mutual", ...seeded(1), rows: rows(0.1) });
  await writeFinishedRun(results, { experiment: "mutual", slug: "seed_10", ...seeded(10), rows: rows(0.4) });
  await writeFinishedRun(results, { experiment: "mutual", slug: "seed_2", ...seeded(2), rows: rows(0.3) });
  await writeFinishedRun(results, { experiment: "mutual", slug: "x", ...seeded(2, 0.5), rows: rows(0.5) });
  await writeFinishedRun(results, { experiment: "independent", ...seeded(1), rows: rows(0.6) });
  await writeFinishedRun(results, { experiment: "nnunet", rows: rows(0.7) });
}

Deno.test("an arm is what was done but for the seed: seeds as numbers, the project's order, then others", () =>
  withFolder(async (results) => {
    await writeStudy(results);
    const arms = await readArms("toy", { results });
    const seen = arms.map(({ name, rows }) => [name, ...rows.map(({ seed, dice }) => [seed, dice])]);
    assertEquals(seen, [
      ["mutual", [1, 0.1], [2, 0.3], [10, 0.4]],
      ["mutual/ramp_up_0.5", [2, 0.5]],
      ["independent", [1, 0.6]],
      ["nnunet", [undefined, 0.7]],
    ]);
    assertEquals(arms[0]!.runs.map(({ name }) => name), [
      ...["toy/mutual/default/v001", "toy/mutual/seed_2/v001", "toy/mutual/seed_10/v001"],
    ]);
    assertEquals(Object.keys(scoresByArm(arms)).length, 4);
    assertEquals(armWarnings(arms), []);
  }));

Deno.test("a run of ten steps is no seed of the whole one, though its folder is called default", () =>
  withFolder(async (results) => {
    const steps = (seed: number, partialOrganSteps: number) => ({
      experiment: "mutual",
      seed,
      parameters: { seed, cohort: "toy", partialOrganSteps },
    });
    await writeFinishedRun(results, { ...steps(1, 0), rows: rows(0.8) });
    await writeFinishedRun(results, { ...steps(2, 10), version: 2, rows: rows(0.1) });
    await writeFinishedRun(results, { ...steps(1, 10), version: 3, rows: rows(0.2) });
    const arms = await readArms("toy", { results });
    assertEquals(arms.map(({ name, rows }) => [name, ...rows.map(({ dice }) => dice)]), [
      ["mutual", 0.8],
      ["mutual/partial_organ_steps_10", 0.2, 0.1],
    ]);
    assertEquals(armWarnings(arms), []);
  }));

Deno.test("of one arm and seed the newest run counts, wherever it lies; the others are said to be left out", () =>
  withFolder(async (results) => {
    const begun = (day: number) => ({
      attempts: [
        { started: `2026-11-0${day}T00:00:00Z`, status: "finished" as const, host: "", process: 1 },
      ],
    });
    const run = { experiment: "mutual", seed: 1, parameters: { seed: 1, cohort: "toy" } };
    await writeFinishedRun(results, { ...run, slug: "a", ...begun(2), rows: rows(0.2) });
    await writeFinishedRun(results, {
      ...run,
      slug: "b",
      ...begun(1),
      rows: rows(0.1),
      parameters: { seed: 1, cohort: "experiments/cohorts/toy.json" },
    });
    const arms = await readArms("toy", { results });
    assertEquals(arms.map(({ rows }) => rows.map(({ dice }) => dice)), [[0.2]]);
    assertEquals(armWarnings(arms), [
      "toy/mutual/b/v001 is left out of mutual: a newer run has its seed.",
    ]);
  }));

Deno.test("arms that differ in code, data, method or inputs alone have names that say so; the newest has the plain one", () =>
  withFolder(async (results) => {
    const code = (hash: string) => ({ notebookHash: hash.padEnd(64, "0") });
    await writeFinishedRun(results, { experiment: "mutual", ...seeded(1), ...code("aaa"), rows: rows(0.1) });
    await writeFinishedRun(results, {
      experiment: "mutual",
      ...seeded(1),
      version: 2,
      ...code("bbb"),
      dataHash: "dadada",
      rows: rows(0.2),
    });
    await writeFinishedRun(results, {
      experiment: "mutual",
      ...seeded(1),
      version: 3,
      ...code("ccc"),
      rows: rows(0.3),
    });
    await writeFinishedRun(results, { experiment: "nnunet", inputs: { predictions: "1" }, rows: rows(0.4) });
    await writeFinishedRun(results, {
      experiment: "nnunet",
      version: 2,
      inputs: { predictions: "2" },
      methodVersion: 2,
      rows: rows(0.5),
    });
    const arms = await readArms("toy", { results });
    assertEquals(arms.map(({ name, rows }) => [name.replace(/inputs_.{6}$/, "inputs_…"), rows[0]!.dice]), [
      ["mutual", 0.3],
      ["mutual/code_aaa000", 0.1],
      ["mutual/data_dadada-code_bbb000", 0.2],
      ["nnunet", 0.5],
      ["nnunet/method_1-inputs_…", 0.4],
    ]);
    assertEquals(armWarnings(arms.slice(0, 1)), [
      "mutual/code_aaa000 is not mutual: it is older and differs in the notebook's code.",
      "mutual/data_dadada-code_bbb000 is not mutual: it is older and differs in the data, the notebook's code.",
    ]);
    assertEquals(
      armWarnings(arms)[0],
      "Runs of method versions 1 and 2 stand side by side.",
    );
  }));

Deno.test("parameters that a name does not show, or that one run has not, are no reason for one name", () =>
  withFolder(async (results) => {
    const all = [
      { predictionDifferenceForm: "a b" },
      { predictionDifferenceForm: "a/b" },
      {},
      { rampUp: 0.2 },
    ] as Parameters[];
    for (const [index, parameters] of all.entries()) {
      await writeFinishedRun(results, {
        experiment: "mutual",
        seed: 1,
        version: index + 1,
        parameters: { seed: 1, ...parameters },
        rows: rows(index / 10),
      });
    }
    const arms = await readArms("toy", { results });
    const seen = arms.map(({ name, rows }) => [name.replace(/parameters_[0-9a-f]{6}$/, "…"), rows[0]!.dice]);
    assertEquals(seen, [
      ["mutual", 0.3],
      ["mutual/…", 0.2],
      ["mutual/prediction_difference_form_a_b", 0.1],
      ["mutual/prediction_difference_form_a_b-…", 0],
    ]);
    assertEquals(armWarnings(arms).length, 2);
  }));

Deno.test("an experiment that the library does not know is named after its slug, but for the seed", () =>
  withFolder(async (results) => {
    const own = (seed: number, slug: string, x = 1) =>
      writeFinishedRun(results, { experiment: "own", slug, seed, parameters: { seed, x }, rows: rows(0.5) });
    for (const seed of [2, 11]) {
      const start = `seed_${seed}-`;
      await own(seed, `${start}${"x".repeat(87 - start.length)}-${seed}2345678`.slice(0, 96).padEnd(96, "0"));
      await own(seed, `${start}x_3`, 3);
    }
    await own(1, "x_3", 3);
    await own(1, "default", 0);
    const arms = await readArms("toy", { results });
    assertEquals(
      arms.map(({ name, runs }) => [name.slice(0, 15), runs.length]),
      [["own", 1], [`own/${"x".repeat(11)}`, 2], ["own/x_3", 3]].sort(),
    );
  }));

Deno.test("the published results are the arms that README, claims and scribbles of three lengths want", async () => {
  const DOUBLED = "oracle/full_organ_steps_1600";
  const DENSE = "single_marginal/postprocessing_false";
  const SCRIBBLES = ["", "scribble_length_0.25-", "scribble_length_0.5-"].map((length) =>
    `scribbles_for_all/${length}postprocessing_false`
  );
  const ablations = ["no_mutual_difference", "no_similarity", "no_feature_sharing"];
  const published = {
    hippocampus: [
      "mutual",
      ...ablations,
      "independent",
      "single_marginal",
      DENSE,
      "oracle",
      DOUBLED,
      ...SCRIBBLES,
      "sentence_embeddings",
      "one_hot_names",
    ],
    head_neck: ["mutual", "single_marginal", "oracle"],
  };
  for (const [cohort, wanted] of Object.entries(published)) {
    const arms = await readArms(cohort, { results: join(projectRoot, "results") });
    assertEquals(arms.map(({ name }) => name), wanted);
    assertEquals(armWarnings(arms), []);
  }
});
