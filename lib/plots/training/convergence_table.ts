/**
 * Whether training has converged, arm by arm.
 *
 * @module
 */
import { convergence, type TrainedRun } from "../../comparison/convergence.ts";
import { type Table, table } from "../tables/table.ts";

/**
 * A row an arm: its steps, the validation Dice that it reached, what its last look added, and, where the same arm was trained for twice
 * the steps, what they gain.
 *
 * @example
 * ```ts
 * import { readArms, readHistory } from "consilium/results";
 * import { convergenceTable, show } from "consilium/plots";
 *
 * const [arm] = await readArms("hippocampus");
 * const run = arm!.runs[0];
 * await show(convergenceTable([{ arm: arm!.name, run, rows: await readHistory(run) }]));
 * ```
 */
export function convergenceTable(runs: readonly TrainedRun[]): Table {
  const arms = convergence(runs);
  return table(
    arms.map(({ arm, steps, runs, dice, lastRise, doubled }) => ({
      arm,
      steps,
      runs,
      "validation Dice": dice.toFixed(4),
      "last look": signed(lastRise),
      ...arms.some(({ doubled }) => doubled) && {
        "twice the steps": doubled && signed(doubled.gain),
        "at most": doubled && signed(doubled.bound),
        "runs of both": doubled?.runs,
      },
    })),
    {
      caption: "Whether training has converged",
      notes: [
        "Steps: of a network, all stages together. Validation Dice: the best of its looks, mean over the last stage's networks and the arm's runs; " +
        "last look: what the last one added to it. Networks that see other validation cases cannot be compared by it.",
        ...arms.some(({ doubled }) => doubled)
          ? [
            "Twice the steps: what the same arm gains by them; at most: the upper end of its one-sided 90 % interval over seeds.",
          ]
          : [],
      ],
    },
  );
}

function signed(value: number): string | undefined {
  return Number.isNaN(value) ? undefined : `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}
