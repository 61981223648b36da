import { assertAlmostEquals, assertEquals } from "@std/assert";
import { convergence, type TrainedRun } from "../../../lib/comparison/convergence.ts";
import { convergenceTable } from "../../../lib/plots/training/convergence_table.ts";
import type { RunRecord } from "../../../lib/runs/folder/run_record.ts";

/** A run of a network that was looked at in the middle and at the end. */
function trained(
  arm: string,
  { seed, steps, dice, ...record }:
    & { seed: number; steps: number; dice: [number, number] }
    & Partial<RunRecord>,
): TrainedRun {
  const parameters = { seed, fullOrganSteps: arm.includes("/") ? steps : 0 };
  return {
    arm,
    run: {
      record: { cohort: "toy", experiment: "oracle", inputs: {}, seed, parameters, ...record } as RunRecord,
    },
    rows: dice.map((value, i) => ({
      stage: "single",
      model: "single",
      step: ((i + 1) * steps) / 2,
      terms: { validation_dice: value },
      learningRate: 0.01,
      seconds: i,
    })),
  };
}

const studies: TrainedRun[] = [
  trained("oracle", { seed: 1, steps: 100, dice: [0.7, 0.8] }),
  trained("oracle", { seed: 2, steps: 100, dice: [0.72, 0.7] }),
  trained("oracle", { seed: 3, steps: 100, dice: [0.5, 0.6] }),
  trained("oracle/full_organ_steps_200", { seed: 2, steps: 200, dice: [0.7, 0.76] }),
  trained("oracle/full_organ_steps_200", { seed: 1, steps: 200, dice: [0.7, 0.81] }),
  trained("oracle/full_organ_steps_200", { seed: 3, steps: 200, dice: [0.6, 0.63] }),
];

Deno.test("what twice the steps gain is paired by seed, with the upper end of Student's one-sided 90 % interval", () => {
  const [once, twice] = convergence(studies);
  assertAlmostEquals(once!.dice, (0.8 + 0.72 + 0.6) / 3, 1e-12);
  assertAlmostEquals(once!.lastRise, (0.1 + 0 + 0.1) / 3, 1e-12);
  assertEquals(twice!.doubled, undefined);
  // Gains 0.01, 0.04, 0.03: mean 0.0266667, standard error 0.0088192; Student's t of two degrees of freedom at 0.9 is 1.8856181.
  const { arm, runs, gain, bound } = once!.doubled!;
  assertEquals([arm, runs], ["oracle/full_organ_steps_200", 3]);
  assertAlmostEquals(gain, 0.08 / 3, 1e-12);
  assertAlmostEquals(bound, 0.0432963, 1e-6);
  assertEquals(convergenceTable(studies).rows[0], [
    "oracle",
    100,
    3,
    "0.7067",
    "+0.0667",
    "+0.0267",
    "+0.0433",
    3,
  ]);
});

Deno.test("one seed has a gain without a bound; other data, other folds and other parameters are no doubling", () => {
  const once = trained("oracle", { seed: 1, steps: 100, dice: [0.7, 0.8] });
  const twice = (record: Partial<RunRecord> & { seed?: number }) =>
    trained("oracle/full_organ_steps_200", { seed: 1, steps: 200, dice: [0.7, 0.85], ...record });
  const cells = (other: TrainedRun) => convergenceTable([once, other]).rows[0]!.slice(5);
  assertEquals(cells(twice({})), ["+0.0500", undefined, 1]);
  assertEquals(cells(twice({ seed: 2 })), []);
  assertEquals(cells(twice({ dataHash: "other" })), []);
  assertEquals(cells(twice({ parameters: { fullOrganSteps: 200, learningRate: 0.1 } })), []);
  assertEquals(cells(twice({ fold: { part: 2, of: 5, dataHash: "data" } })), []);
});

Deno.test("networks of the last stage are averaged, steps of all stages added, and what was never validated is left out", () => {
  const row = (stage: string, model: string, step: number, dice?: number) => ({
    stage,
    model,
    step,
    learningRate: 0.01,
    seconds: 0,
    terms: dice === undefined ? { own: 1 } : { validation_dice: dice },
  });
  const { run } = studies[0]!;
  const rows = [
    row("one", "A", 30, 0.9),
    row("two", "A", 50, 0.5),
    row("two", "A", 60, 0.4),
    row("two", "B", 60, 0.8),
  ];
  assertEquals(
    convergenceTable([{ arm: "mutual", run, rows }, { arm: "other", run, rows: [row("one", "A", 5)] }]).rows,
    [
      ["mutual", 90, 1, "0.6500", undefined],
    ],
  );
});
