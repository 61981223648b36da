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
};

/** Two cases of one organ; of each seed their Dice. */
const arm = (bySeed: Record<number, [number, number]>): ScoreRow[] =>
  Object.entries(bySeed).flatMap(([seed, [a, b]]) =>
    fakeScores({ Liver: { a, b } }).map((row) => ({ ...row, seed: Number(seed) }))
  );

const scores = new Map([
  ["few", {
    mutual: arm({ 1: [0.8, 0.6], 2: [0.6, 0.4] }),
    // Seed 3 has no partner: its 0.1 counts nowhere.
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

Deno.test("effects of finished runs: by the arms' names, seeds of an arm together, cohorts without runs unknown", () =>
  withFolder(async (results) => {
    await assertRejects(
      () => scoreAxes(study, { results }),
      Error,
      "no run of few, middle, apart is finished",
    );
    for (const seed of [1, 2]) {
      for (
        const [slug, parameters, dice] of [["default", {}, 0.8], [
          "x",
          { predictionDifference: 0 },
          0.7,
        ]] as const
      ) {
        await writeFinishedRun(results, {
          cohort: "few",
          experiment: "mutual",
          slug: `${slug}_${seed}`,
          seed,
          parameters: { seed, ...parameters },
          rows: fakeScores({ Liver: { a: dice, b: dice + 0.1 * seed } }),
        });
      }
    }
    const { effects, warnings } = await scoreAxes(study, { results });
    assertEquals(warnings, []);
    assertEquals(effects.map(({ seeds }) => seeds), [2, 0, 0, 0, 0, 0, 0, 0]);
    assertEquals(effects[0]!.difference.value.toFixed(6), "-0.100000");
  }));
