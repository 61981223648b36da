/**
 * What is made from a comparison's record: a table and a figure.
 *
 * @module
 */
import { join } from "@std/path";
import { type Cell, type Table, table } from "../../lib/plots/tables/table.ts";
import { saveFigure } from "../../lib/plots/save_figure.ts";
import { saveTable } from "../../lib/plots/tables/save_table.ts";
import { toCsv } from "../../lib/files/csv_file.ts";
import { writeWholeFile } from "../../lib/files/whole_file.ts";
import { diceAgainstMinutes, type DicePoint } from "../figures/dice_against_minutes.ts";
import { describeMachine } from "../harness/machine.ts";
import type { ComparisonRecord, ComparisonResult } from "./comparison_record.ts";
import { type ContestantName, CONTESTANTS } from "./contestants.ts";

/** A result beside which others use more of the processors than this is called disturbed. */
const MOST_OTHERS = 0.05;

const NOTES = [
  "Every label of the cohort's training and validation scans is shown to all. Dice: the mean over organs of each one's mean over " +
  "the validation scans in which it is annotated, on the scans' own grids, of label maps without mirrored copies or " +
  "postprocessing, scored by one program.",
  "Minutes hold all from the program's start to the last label map; nobody finds anything prepared. The last weights count: no " +
  "checkpoint is chosen by the scans that are scored. Both sides use all cores, and one more thread or process for patches.",
  "nnU-Net's ignore label stands for the background of scans in which an organ is not annotated.",
];

/** Points of each contestant that has some, by title, in the order of the contestants. */
export function seriesOf(results: readonly ComparisonResult[]): Map<string, DicePoint[]> {
  const names = Object.keys(CONTESTANTS) as ContestantName[];
  const all = names.map((name) =>
    [CONTESTANTS[name].title, results.filter(({ contestant }) => contestant === name)] as const
  );
  return new Map(
    all.filter(([, own]) => own.length > 0).map(([title, own]) => [
      title,
      own.map(({ minutes, dice, updates }) => ({ minutes, dice, updates })),
    ]),
  );
}

/** Results in the order of the table: by budget, then contestant. */
export function sorted(results: readonly ComparisonResult[]): ComparisonResult[] {
  const names = Object.keys(CONTESTANTS);
  return results.toSorted((a, b) =>
    a.budgetMinutes - b.budgetMinutes || names.indexOf(a.contestant) - names.indexOf(b.contestant)
  );
}

/** A row a result, a line between budgets. */
export function comparisonTable({ cohort, machine, results }: ComparisonRecord): Table {
  const all = sorted(results);
  const rows = all.map((result): Record<string, Cell> => ({
    budget: result.budgetMinutes,
    contestant: CONTESTANTS[result.contestant].title,
    minutes: Number(result.minutes.toFixed(1)),
    updates: result.updates,
    "patches an update": result.network.patchesPerUpdate,
    patch: result.network.patch.join("×"),
    widths: result.network.widths.join("-"),
    ...Object.fromEntries(Object.entries(result.organs).map(([organ, dice]) => [organ, dice.toFixed(3)])),
    "mean Dice": result.dice.toFixed(3),
  }));
  const blocks = all.flatMap(({ budgetMinutes }, index) =>
    index > 0 && budgetMinutes !== all[index - 1]!.budgetMinutes ? [index] : []
  );
  const disturbed = all.filter(({ othersShare }) => othersShare > MOST_OTHERS).map((one) =>
    `DISTURBED: other programs used ${(100 * one.othersShare).toFixed(0)} % of the processors beside ${
      CONTESTANTS[one.contestant].title
    }, ${one.budgetMinutes} minutes.`
  );
  return table(rows, {
    caption: `Validation Dice beside nnU-Net within budgets of minutes: ${cohort}`,
    notes: [...NOTES, ...disturbed, describeMachine(machine), ...versionNotes(all)],
    blocks,
  });
}

/** Of results that were computed at different times, each different text once. */
function versionNotes(results: readonly ComparisonResult[]): string[] {
  const texts = results.map(({ versions, git }) => {
    const list = ["Deno", "TensorFlow", "torch", "nnunetv2"].map((name) => `${name} ${versions[name]}`);
    return `${list.join(", ")}${
      git ? `; commit ${git.commit.slice(0, 7)}${git.modified ? " with changes" : ""}` : ""
    }.`;
  });
  return [...new Set(texts)];
}

/** Writes `table.md`, `table.tex`, `table.csv` and `figures/dice_against_minutes`; returns the table. */
export async function writeComparisonOutputs(folder: string, record: ComparisonRecord): Promise<Table> {
  const shown = comparisonTable(record);
  await saveTable(shown, { folder, name: "table" });
  await writeWholeFile(join(folder, "table.csv"), csvOf(record));
  const { cohort, results, machine } = record;
  const figure = diceAgainstMinutes(seriesOf(results), {
    title: `Validation Dice against minutes: ${cohort}`,
    notes: [NOTES[0]!, "Numbers at the points: updates of the weights.", describeMachine(machine)],
    budgets: [...new Set(sorted(results).map(({ budgetMinutes }) => budgetMinutes))],
  });
  await saveFigure(figure, { folder: join(folder, "figures"), name: "dice_against_minutes" });
  return shown;
}

function csvOf({ results }: ComparisonRecord): string {
  const rows = sorted(results).map((
    { contestant, budgetMinutes, minutes, updates, seconds, network, organs, dice },
  ) => ({
    contestant,
    budget_minutes: budgetMinutes,
    minutes,
    updates,
    patches_per_update: network.patchesPerUpdate,
    ...Object.fromEntries(Object.entries(seconds).map(([part, value]) => [`${part}_s`, value])),
    ...Object.fromEntries(Object.entries(organs).map(([organ, value]) => [`dice_${organ}`, value])),
    dice,
  }));
  return toCsv(rows, [...new Set(rows.flatMap(Object.keys))]);
}
