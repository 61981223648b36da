/** Arms whose cohort changed between their runs: what is refused, and what is said. */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { report } from "../../lib/commands/report.ts";
import { armWarnings, readArms, scoresByArm } from "../../lib/comparison/arms.ts";
import { scoreAxes } from "../../lib/comparison/axes/score_axes.ts";
import { compareRuns } from "../../lib/comparison/catalogue/compare_runs.ts";
import type { RunRecord } from "../../lib/runs/folder/run_record.ts";
import { scoreAblation } from "../../lib/workbench/ablation.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { catalogueRun, score } from "../support/comparison/catalogue/runs.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const cases = ["test_01", "test_02", "test_03", "test_04"];
const hashes = (of: string) => Object.fromEntries(cases.map((id) => [id, `${of} ${id}`]));

const write = (results: string, experiment: string, known: Partial<RunRecord> = {}) =>
  writeFinishedRun(results, {
    experiment,
    seed: 1,
    parameters: { seed: 1 },
    rows: fakeScores({ Liver: Object.fromEntries(cases.map((id, i) => [id, 0.5 + 0.1 * i])) }),
    ...known,
  });

Deno.test("arms that were scored on other people of the same ids are compared by nobody", () =>
  withFolder(async (results) => {
    const folders = [
      await write(results, "mutual", { testHashes: hashes("seed 1"), dataHash: "a" }),
      await write(results, "independent", { testHashes: hashes("seed 2"), dataHash: "b" }),
      await write(results, "oracle", { testHashes: hashes("seed 1"), dataHash: "shown" }),
    ];
    const arms = await readArms("toy", { results });
    const refused = "test_01, test_02, test_03 and 1 more of mutual, oracle and of independent are different";
    assertThrows(() => scoresByArm(arms), Error, refused);
    await assertRejects(() => report(["toy"], { results }), Error, "alone (--arms mutual,oracle)");
    const ablation = ["mutual", "independent", "oracle"].map((arm, i) => ({
      arm,
      seed: 1,
      folder: folders[i]!,
    }));
    await assertRejects(() => scoreAblation(ablation, "mutual"), Error, refused);
    const axes = [{ name: "all", levels: [["one", "toy"]] as const }];
    const study = { axes, reference: "mutual", without: { all: "independent" }, seeds: [1] };
    await assertRejects(() => scoreAxes(study, { results }), Error, "of mutual and of independent are");
    const chosen = arms.filter(({ name }) => name !== "independent");
    assertEquals(Object.keys(scoresByArm(chosen)), ["mutual", "oracle"]);
  }));

Deno.test("runs that do not say what they were scored on, and other cases, stand in nobody's way", () =>
  withFolder(async (results) => {
    await write(results, "mutual", { testHashes: hashes("seed 1") });
    await write(results, "independent");
    await write(results, "pooled", { testHashes: { test_05: "another" } });
    assertEquals(Object.keys(scoresByArm(await readArms("toy", { results }))).length, 3);
  }));

Deno.test("two runs of other people have no cases in common", async () => {
  const run = (testHashes: Record<string, string>) => ({
    name: "",
    record: catalogueRun({}, { testHashes }).record,
    scores: [score("a", 0.5)],
  });
  const one = run({ x: "1" });
  assertEquals((await compareRuns(one, run({ x: "1", y: "2" }))).sameCases, true);
  assertEquals((await compareRuns(one, run({ x: "2" }))).sameCases, false);
});

const settings = (precision: string, foregroundShare?: number) => ({
  network: { widths: [4, 8], precision },
  training: { batchSize: 1, ...foregroundShare !== undefined && { foregroundShare } },
});

Deno.test("settings of the cohort that differ between arms are said wherever they stand side by side", () =>
  withFolder(async (results) => {
    const runs = ["mutual", "independent", "oracle", "pooled"] as const;
    const given = [settings("float32"), settings("bfloat16", 0.5), settings("float32"), undefined];
    const folders = await Promise.all(
      runs.map((name, i) => write(results, name, given[i] && { settings: given[i] })),
    );
    const wanted = [
      "network.precision is float32 in mutual, oracle; bfloat16 in independent.",
      "training.foregroundShare is left out in mutual, oracle; 0.5 in independent.",
    ].map((text) => `Arms of different settings of the cohort stand side by side: ${text}`);
    assertEquals(armWarnings(await readArms("toy", { results })), wanted);
    const ablation = runs.map((arm, i) => ({ arm, seed: 1, folder: folders[i]! }));
    assertEquals((await scoreAblation(ablation, "mutual")).warnings, wanted);
    for (const form of [[], ["--markdown"]]) {
      const { text } = await withOutput(() => report(["toy", ...form], { results }));
      assertStringIncludes(text.replaceAll("\\", "").replace(/\s+/g, " "), wanted[1]!);
    }
    const axes = [{ name: "all", levels: [["one", "toy"]] as const }];
    const study = { axes, reference: "mutual", without: { all: "independent" }, seeds: [1] };
    assertEquals(
      (await scoreAxes(study, { results })).warnings,
      wanted.map((text) => `toy: ${text.replaceAll("mutual, oracle", "mutual")}`),
    );
  }));

Deno.test("the printed summary says below its table which folds are not there and what was replaced", () =>
  withFolder(async (results) => {
    const fold = (part: number) => ({ part, of: 3, dataHash: "all" });
    for (const version of [1, 2]) {
      await write(results, "mutual", { version, slug: "fold_1", fold: fold(1) });
    }
    for (const form of [[], ["--markdown"]]) {
      const { text } = await withOutput(() => report(["toy", ...form], { results }));
      const plain = text.replaceAll("\\", "").replace(/\s+/g, " ");
      assertStringIncludes(plain, "mutual/3_folds, seed 1, lacks folds 2-3 of 3.");
      assertStringIncludes(plain, "toy/mutual/fold_1/v001 is left out of mutual/3_folds");
    }
  }));
