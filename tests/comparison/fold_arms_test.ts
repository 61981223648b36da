/** Runs of folds as arms: what is pooled, how it is called, and what is said of it. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { armWarnings, readArms, scoresByArm } from "../../lib/comparison/arms.ts";
import { compareArms } from "../../lib/comparison/compare_arms.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

interface Given {
  part: number;
  of?: number;
  seed?: number;
  experiment?: string;
  /** Of what all folds share. */
  whole?: string;
  dice: Record<string, number>;
  day?: number;
}

function writeFold(results: string, given: Given): Promise<string> {
  const { part, of = 3, seed = 1, experiment = "mutual", whole = "all", dice, day = 1 } = given;
  return writeFinishedRun(results, {
    experiment,
    seed,
    slug: `fold_${part}_of_${of}-seed_${seed}`,
    version: day,
    parameters: { cohort: `toy@${part}/${of}`, seed },
    dataHash: `${whole} ${part}`,
    fold: { part, of, dataHash: whole },
    rows: fakeScores({ Liver: dice }),
    attempts: [{ started: `2026-11-0${day}T00:00:00Z`, status: "finished", host: "", process: 1 }],
  });
}

Deno.test("folds of an arm are pooled by seed: every case once, in tables and comparisons", () =>
  withFolder(async (results) => {
    for (const seed of [1, 2]) {
      await writeFold(results, { part: 3, seed, dice: { e: 0.5, f: 0.6 } });
      await writeFold(results, { part: 1, seed, dice: { a: 0.1, b: 0.2 } });
      await writeFold(results, { part: 2, seed, dice: { c: 0.3, d: 0.4 } });
      for (const [part, dice] of [{ a: 0.4, b: 0.5 }, { c: 0.6, d: 0.7 }, { e: 0.8, f: 0.9 }].entries()) {
        await writeFold(results, { part: part + 1, seed, experiment: "independent", dice });
      }
    }
    const arms = await readArms("toy", { results });
    assertEquals(arms.map(({ name, runs }) => [name, runs.map(({ record }) => record.fold!.part)]), [
      ["mutual/3_folds", [1, 2, 3, 1, 2, 3]],
      ["independent/3_folds", [1, 2, 3, 1, 2, 3]],
    ]);
    assertEquals(armWarnings(arms), []);
    const { arms: [first, second] } = compareArms(scoresByArm(arms), { reference: "mutual/3_folds" });
    assertEquals([first!.scored, first!.seeds], [6, 2]);
    assertAlmostEquals(first!.mean.value, 0.35, 1e-12);
    const { difference } = second!.mean;
    assertAlmostEquals(difference!.value, 0.3, 1e-12);
    // Cases pair across arms, fold by fold and seed by seed: every difference is the same.
    assertAlmostEquals(difference!.low, 0.3, 1e-12);
    assertAlmostEquals(difference!.high, 0.3, 1e-12);
  }));

Deno.test("folds that are not there are named, seed by seed; of one fold and seed the newest run counts", () =>
  withFolder(async (results) => {
    await writeFold(results, { part: 1, of: 5, dice: { a: 0.1 } });
    await writeFold(results, { part: 1, of: 5, dice: { a: 0.9 }, day: 2 });
    await writeFold(results, { part: 4, of: 5, dice: { b: 0.3 } });
    await writeFold(results, { part: 2, of: 5, seed: 2, dice: { c: 0.5 } });
    const arms = await readArms("toy", { results });
    assertEquals(arms.map(({ name, rows }) => [name, rows.map(({ dice }) => dice)]), [
      ["mutual/5_folds", [0.9, 0.3, 0.5]],
    ]);
    assertEquals(armWarnings(arms), [
      "toy/mutual/fold_1_of_5-seed_1/v001 is left out of mutual/5_folds: a newer run has its seed and fold.",
      "mutual/5_folds, seed 1, lacks folds 2-3,5 of 5.",
      "mutual/5_folds, seed 2, lacks folds 1,3-5 of 5.",
    ]);
  }));

Deno.test("folds are pooled where the data are the same, and are no runs of the cohort's own split", () =>
  withFolder(async (results) => {
    await writeFold(results, { part: 1, dice: { a: 0.1 } });
    await writeFold(results, { part: 2, dice: { b: 0.2 }, whole: "corrected", day: 2 });
    await writeFold(results, { part: 1, of: 4, dice: { a: 0.3 } });
    await writeFinishedRun(results, {
      experiment: "mutual",
      seed: 1,
      parameters: { cohort: "toy", seed: 1 },
      dataHash: "all",
      rows: fakeScores({ Liver: { a: 0.4 } }),
    });
    await writeFold(results, { part: 1, experiment: "own", dice: { a: 0.5 } });
    await writeFold(results, { part: 2, experiment: "own", dice: { b: 0.6 } });
    const arms = await readArms("toy", { results });
    assertEquals(
      arms.map(({ name, rows }) => [name.replace(/data_.*/, "data"), rows.map(({ dice }) => dice)]),
      [
        ["mutual", [0.4]],
        ["mutual/3_folds", [0.2]],
        ["mutual/3_folds-data", [0.1]],
        ["mutual/4_folds", [0.3]],
        ["own/3_folds", [0.5, 0.6]],
      ],
    );
  }));
