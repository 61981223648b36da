/**
 * Scores summed up by organ, and the terminal's table of them.
 *
 * @module
 */
import Table from "cli-table3";
import { mean } from "simple-statistics";
import type { ScoreRow } from "./scores.ts";

/** One organ's scores over the cases where it is in truth or prediction; the last row is the mean over organs. */
export interface OrganTableRow {
  organ: string;
  /** Mean Dice; NaN without any case. */
  dice: number;
  /** Mean of the finite HD95 in mm; NaN when none is finite. */
  hd95: number;
  /** Cases where only one of truth and prediction shows the organ: their HD95 is infinite. */
  missed: number;
  /** Cases that count. */
  cases: number;
}

/** Rows by organ in the order of their first appearance, then `mean`: the mean of the organs' values. */
export function organTable(scores: readonly ScoreRow[]): OrganTableRow[] {
  const organs = [...new Set(scores.map(({ organ }) => organ))];
  const rows = organs.map((organ): OrganTableRow => {
    const counted = scores.filter((row) => row.organ === organ && !Number.isNaN(row.dice));
    const distances = counted.map(({ hd95 }) => hd95);
    return {
      organ,
      dice: meanOf(counted.map(({ dice }) => dice)),
      hd95: meanOf(distances.filter(Number.isFinite)),
      missed: distances.filter((value) => value === Infinity).length,
      cases: counted.length,
    };
  });
  if (rows.length === 0) return [];
  return [...rows, {
    organ: "mean",
    dice: meanOf(rows.map(({ dice }) => dice).filter((value) => !Number.isNaN(value))),
    hd95: meanOf(rows.map(({ hd95 }) => hd95).filter(Number.isFinite)),
    missed: rows.reduce((sum, { missed }) => sum + missed, 0),
    cases: rows.reduce((sum, { cases }) => sum + cases, 0),
  }];
}

function meanOf(values: number[]): number {
  return values.length === 0 ? NaN : mean(values);
}

/** Text of a table with one row an organ and, for each arm, Dice and HD95 with the count of misses. */
export function organTableText(arms: Record<string, readonly ScoreRow[]>): string {
  const tables = Object.values(arms).map(organTable);
  const organs = [...new Set(tables.flatMap((rows) => rows.map(({ organ }) => organ)))];
  // The mean stays last when a later arm has organs that the first one lacks.
  organs.sort((a, b) => Number(a === "mean") - Number(b === "mean"));
  const table = new Table({
    head: ["organ", ...Object.keys(arms).flatMap((arm) => [`${arm}\nDice`, "\nHD95 mm"])],
    style: { head: [], border: [] },
    colAligns: ["left", ...tables.flatMap(() => ["right", "right"] as const)],
  });
  for (const organ of organs) {
    const cells = tables.flatMap((rows) => {
      const row = rows.find((row) => row.organ === organ);
      return row
        ? [fixed(row.dice, 3), fixed(row.hd95, 1) + (row.missed ? ` (${row.missed} missed)` : "")]
        : ["", ""];
    });
    table.push([organ, ...cells]);
  }
  return table.toString();
}

function fixed(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits);
}
