import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { AxisStudy } from "../../../lib/comparison/axes/axis_effect.ts";
import { readAxisEffects, saveAxisEffects } from "../../../lib/comparison/axes/axis_effects_file.ts";
import { axisEffects, scoreAxes } from "../../../lib/comparison/axes/score_axes.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { fakeScores, writeFinishedRun } from "../../support/runs/finished_run.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const study: AxisStudy = {
  axes: [
    { name: "scans", levels: [["3", "few"], ["6", "middle"]] },
    { name: "scanners", levels: [["alike", "middle"], ["apart", "apart"]] },
  ],
  reference: "mutual",
  without: { PD: "mutual/prediction_difference_0", FD: "mutual/feature_difference_0" },
  seeds: [1, 2],
};

/** Two cases of one organ; of each seed their Dice. */
const arm = (bySeed: Record<number, [number, number]>): ScoreRow[] =>
  Object.entries(bySeed).flatMap(([seed, [a, b]]) =>
    fakeScores({ Liver: { a, b } }).map((row) => ({ ...row, seed: Number(seed) }))
  );

const scores = new Map([
  ["few", {
    mutual: arm({ 1: [0.8, 0.6], 2: [0.6, 0.4], 3: [0.2, 0.2] }),
    // Seed 3 is none of the study's: its 0.1 counts nowhere.
    "mutual/prediction_difference_0": arm({ 1: [0.7, 0.6], 2: [0.5, 0.4], 3: [0.1, 0.1] }),
  }],
  ["middle", {
    mutual: arm({ 1: [0.5, 0.7], 2: [0.7, 0.9] }),
    "mutual/prediction_difference_0": arm({ 2: [0.75, 0.95] }),
    "mutual/feature_difference_0": arm({ 3: [0.9, 0.9] }),
  }],
]);

Deno.test("effects along axes: the part off minus all parts, over the seeds that both arms have", () => {
  const effects = axisEffects(study, scores);
  const rounded = (value: number) => Number(value.toFixed(6));
  assertEquals(
    effects.map(({ axis, level, without, seeds, cases, dice, difference }) => [
      `${axis} ${level} ${without}`,
      ...[seeds, cases, rounded(dice), rounded(difference.value)],
    ]),
    [
      // mutual (0.7 + 0.5) / 2; without PD (0.6 + 0.5) / 2
      ["scans 3 PD", 2, 2, 0.6, -0.05],
      ["scans 3 FD", 0, 0, NaN, NaN],
      // seed 2 alone: (0.7 + 0.9) / 2, and 0.05 more in both cases
      ["scans 6 PD", 1, 2, 0.8, 0.05],
      ["scans 6 FD", 0, 0, NaN, NaN],
      ["scanners alike PD", 1, 2, 0.8, 0.05],
      ["scanners alike FD", 0, 0, NaN, NaN],
      ["scanners apart PD", 0, 0, NaN, NaN],
      ["scanners apart FD", 0, 0, NaN, NaN],
    ],
  );
  const [few, unknown, middle] = effects;
  // Cases drawn: the first twice, -0.1, to the second twice, 0; every draw of seeds gives the same.
  assertEquals([few!.difference.low, few!.difference.high].map(rounded), [-0.1, 0]);
  assert(few!.note.includes("95 % bootstrap over cases and seeds"), few!.note);
  assert(middle!.note.includes("One seed an arm"), middle!.note);
  assertEquals(unknown!.note, "");
  assertEquals(few!.reference, "mutual");
});

Deno.test("effects are written and read as they were", () =>
  withFolder(async (folder) => {
    const effects = axisEffects(study, scores);
    const path = join(folder, "tables", "axes.csv");
    await saveAxisEffects(path, effects);
    assertEquals(await readAxisEffects(path), effects);
    await assertRejects(
      () => readAxisEffects(join(folder, "none.csv")),
      Error,
      "the table must be made of runs first",
    );
  }));

interface Given {
  cohort: string;
  seed: number;
  parameters?: Record<string, number>;
  dice: number;
}

const write = (results: string, { cohort, seed, parameters = {}, dice }: Given) =>
  writeFinishedRun(results, {
    cohort,
    experiment: "mutual",
    slug: `${Object.keys(parameters).join()}_${seed}`,
    seed,
    parameters: { seed, ...parameters },
    rows: fakeScores({ Liver: { a: dice, b: dice + 0.1 * seed } }),
  });

Deno.test("effects of finished runs: by the arms' names, seeds of an arm together, none that is not there", () =>
  withFolder(async (results) => {
    for (const cohort of ["few", "middle", "apart"]) {
      for (const seed of [1, 2, 3]) { // the third is none of the study's
        await write(results, { cohort, seed, dice: seed === 3 ? 0 : 0.8 });
        if (seed === 3) continue;
        await write(results, { cohort, seed, parameters: { predictionDifference: 0 }, dice: 0.7 });
        await write(results, { cohort, seed, parameters: { featureDifference: 0 }, dice: 0.6 });
      }
    }
    const { effects, warnings } = await scoreAxes(study, { results });
    assertEquals(warnings, []);
    assertEquals(effects.map(({ seeds }) => seeds), Array(8).fill(2));
    assertEquals(effects[0]!.difference.value.toFixed(6), "-0.100000");
  }));

Deno.test("effects are refused where runs are not there, all of which are named", () =>
  withFolder(async (results) => {
    const none = await assertRejects(() => scoreAxes(study, { results }), Error);
    for (const cohort of ["few", "middle", "apart"]) {
      assert(none.message.includes(`  - ${cohort}: mutual, seeds 1-2\n`), none.message);
    }
    await write(results, { cohort: "middle", seed: 1, dice: 0.8 });
    await write(results, { cohort: "middle", seed: 2, parameters: { featureDifference: 0 }, dice: 0.7 });
    const some = await assertRejects(() => scoreAxes(study, { results }), Error);
    const lines = some.message.split("\n").filter((line: string) => line.includes("middle"));
    assertEquals(lines, [
      "  - middle: mutual, seeds 2",
      "  - middle: mutual/prediction_difference_0, seeds 1-2",
      "  - middle: mutual/feature_difference_0, seeds 1",
    ]);
  }));
