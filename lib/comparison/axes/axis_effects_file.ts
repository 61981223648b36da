/**
 * Effects along axes as CSV: all that figures and tables of them want, so that the runs need not be kept.
 *
 * @module
 */
import { readCsv, toCsv } from "../../files/csv_file.ts";
import { exists } from "../../files/whole_folder.ts";
import { writeWholeFile } from "../../files/whole_file.ts";
import type { AxisEffect } from "./axis_effect.ts";

const columns = [
  ...["axis", "level", "cohort", "without", "reference", "seeds", "cases"],
  ...["dice", "difference", "difference_low", "difference_high", "note"],
] as const;

/**
 * Writes effects along axes, a row each; {@linkcode readAxisEffects} reads them.
 *
 * @example
 * ```ts
 * import { cohortFolder, readAxisEffects, saveAxisEffects } from "consilium/results";
 *
 * const path = `${cohortFolder("phantom_quick", "tables")}/axes.csv`;
 * await saveAxisEffects("copy.csv", await readAxisEffects(path));
 * ```
 */
export async function saveAxisEffects(path: string, effects: readonly AxisEffect[]): Promise<void> {
  const rows = effects.map(({ difference: { value, low, high }, ...rest }) => ({
    ...rest,
    difference: value,
    difference_low: low,
    difference_high: high,
  }));
  await writeWholeFile(path, toCsv(rows, columns));
}

/**
 * Effects along axes, as they were written.
 *
 * @throws {Error} There is no such file, or it is none of effects.
 *
 * @example
 * ```ts
 * import { cohortFolder, readAxisEffects } from "consilium/results";
 * import { axisFigure } from "consilium/plots";
 *
 * axisFigure(await readAxisEffects(`${cohortFolder("phantom_quick", "tables")}/axes.csv`));
 * ```
 */
export async function readAxisEffects(path: string): Promise<AxisEffect[]> {
  if (!await exists(path)) {
    throw new Error(
      `Cannot read effects along axes: the table must be made of runs first, there is no ${path}`,
    );
  }
  const rows = await readCsv(path, columns);
  return rows.map((row) => {
    const { axis, level, cohort, without, reference, note } = row.cells;
    return {
      axis,
      level,
      cohort,
      without,
      reference,
      note,
      seeds: row.number("seeds"),
      cases: row.number("cases"),
      dice: row.number("dice"),
      difference: {
        value: row.number("difference"),
        low: row.number("difference_low"),
        high: row.number("difference_high"),
      },
    };
  });
}
