/**
 * How strongly each term pulls at the networks.
 *
 * @module
 */
import { statisticOf } from "../../metrics/statistics.ts";
import type { HistoryRow } from "../../training/recorder.ts";
import { type Table, table } from "../tables/table.ts";

/** Rows of history.csv of one run. */
export interface HistoryOfRun {
  arm: string;
  rows: readonly HistoryRow[];
}

const PREFIX = "gradient/", OWN = "own";

/** METHOD section 1: features that are compared raw are in a common space if the same label is nearest in this share of comparisons. */
const COMMON = 0.9, NEAREST = "same_label_nearest";

/**
 * A row for each term of a stage of an arm: the mean norm of its gradient, with its weight, by the features of the last layer, over
 * the second half of the stage's steps (terms have reached their weight), its models and the arm's runs; and the same as a share of
 * that of the networks' own labels.
 *
 * @example
 * ```ts
 * import { readArms, readHistory } from "consilium/results";
 * import { gradientTable, show } from "consilium/plots";
 *
 * const [arm] = await readArms("hippocampus");
 * const rows = await readHistory(arm!.runs[0]);
 * await show(gradientTable([{ arm: arm!.name, rows }]));
 * ```
 */
export function gradientTable(runs: readonly HistoryOfRun[]): Table {
  const arms = Map.groupBy(runs, ({ arm }) => arm);
  return table(
    [...arms].flatMap(([arm, runs]) => {
      const stages = new Set(runs.flatMap(({ rows }) => rows.map(({ stage }) => stage)));
      return [...stages].flatMap((stage) => rowsOf(runs, stage).map((row) => ({ arm, stage, ...row })));
    }),
    {
      columns: ["arm", "stage", "term", "gradient", "times own", "runs"],
      caption: "What terms ask of their networks",
      notes: [
        "Gradient: mean norm of a term's gradient, with its weight, by the features of the last layer, over the second half of the " +
        "stage's steps, its models and all runs of the arm. Runs of before 2026-11-29 did not measure it.",
        ...[...arms].flatMap(([arm, runs]) => commonSpaceNotes(arm, runs)),
      ],
    },
  );
}

/** Where features of different models were compared raw: whether they lay in one space. */
function commonSpaceNotes(arm: string, runs: readonly HistoryOfRun[]): string[] {
  const stages = Map.groupBy(runs.flatMap(({ rows }) => rows), ({ stage }) => stage);
  return [...stages].flatMap(([stage, rows]) => {
    const shares = secondHalf(rows).flatMap(({ terms }) => terms[NEAREST] ?? []);
    if (shares.length === 0) return [];
    const mean = statisticOf(shares, "mean"), common = mean >= COMMON;
    return [
      `Common space of ${arm}, ${stage}: the same label's prototype is nearest in ${
        (100 * mean).toFixed(0)
      } % of comparisons, so the ` +
      `models' features ${common ? "have" : "do not have"} one (from ${100 * COMMON} % on).`,
    ];
  });
}

function rowsOf(runs: readonly HistoryOfRun[], stage: string) {
  const late = runs.map(({ rows }) => secondHalf(rows.filter((row) => row.stage === stage)));
  const names = new Set(late.flat().flatMap(({ terms }) => Object.keys(terms)));
  const means = [...names].filter((name) => name.startsWith(PREFIX)).map((name) => {
    const values = late.map((rows) => rows.flatMap(({ terms }) => terms[name] ?? []));
    return {
      term: name.slice(PREFIX.length),
      gradient: statisticOf(values.flat(), "mean"),
      runs: values.filter(({ length }) => length > 0).length,
    };
  });
  const own = means.find(({ term }) => term === OWN)?.gradient;
  return means.map(({ term, gradient, runs }) => ({
    term,
    gradient: gradient.toPrecision(3),
    "times own": own === undefined ? undefined : (gradient / own).toFixed(2),
    runs,
  }));
}

function secondHalf(rows: readonly HistoryRow[]): HistoryRow[] {
  const last = Math.max(0, ...rows.map(({ step }) => step));
  return rows.filter(({ step }) => step > last / 2);
}
