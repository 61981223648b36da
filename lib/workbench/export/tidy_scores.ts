/**
 * Scores as one tidy table: a row per case, organ, arm, seed and metric.
 *
 * @module
 */
import { foldText } from "../../data/cohorts/fold.ts";
import type { Arm } from "../../comparison/arms.ts";
import { everyMetric, metrics } from "../../metrics/metric.ts";
import { metricName } from "../../metrics/score_row.ts";

/** What a cell holds; undefined where there is none. */
export type TidyCell = string | number | boolean | undefined;

/** Columns by name, all of one length. */
export type TidyColumns = Record<string, TidyCell[]>;

/** In the order of their columns. */
const about = [
  ...["cohort", "arm", "experiment", "run", "seed", "fold", "dataset", "case", "subject", "organ"],
  ...["metric", "metric_name", "unit", "value"],
];

/** Columns of a run's parameters are called so, that none is taken for another column. */
const parameterColumn = (name: string) => `parameter.${name}`;

/**
 * One table of all scores of arms, as pandas, R and spreadsheets like them. Distances of a missed organ are infinite; scores of an organ
 * that is in neither truth nor prediction are NaN; metrics that a run was not scored by have no rows. Parameters that an arm's experiment
 * does not have are empty.
 */
export function tidyScores(arms: readonly Arm[]): TidyColumns {
  const runs = arms.flatMap(({ runs }) => runs);
  const parameters = [...new Set(runs.flatMap(({ record }) => Object.keys(record.parameters)))]
    .filter((name) => !about.includes(name)).sort();
  const rows = arms.flatMap(({ name: arm, runs, rows }) =>
    rows.flatMap((row) => {
      // Of a seed's folds each has other cases; without folds a seed is one run.
      const run = runs.find(({ record }) => record.seed === row.seed && hasCase(record, row.case))!;
      const { record } = run;
      const own = {
        cohort: record.cohort,
        arm,
        experiment: record.experiment,
        run: run.name,
        seed: record.seed,
        fold: record.fold && foldText(record.fold),
        dataset: row.dataset,
        case: row.case,
        subject: row.subject,
        organ: row.organ,
      };
      const set = Object.fromEntries(
        parameters.map((name) => [parameterColumn(name), record.parameters[name]]),
      );
      return everyMetric.filter((metric) => row[metric] !== undefined).map((metric) => ({
        ...own,
        metric,
        metric_name: metricName(metric, [row]),
        unit: metrics[metric].unit,
        value: row[metric],
        ...set,
      }));
    })
  );
  const columns = [...about, ...parameters.map(parameterColumn)];
  return Object.fromEntries(
    columns.map((column) => [column, rows.map((row) => (row as Record<string, TidyCell>)[column])]),
  );
}

function hasCase({ cases, fold }: Arm["runs"][number]["record"], id: string): boolean {
  return fold === undefined || (cases.test ?? []).includes(id);
}
