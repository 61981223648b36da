/**
 * Tables of runs, one a cohort, as narrow as the terminal where they can be.
 *
 * @module
 */
import { experimentParameters } from "../../methods/experiments.ts";
import { metrics } from "../../metrics/metric.ts";
import { valueText } from "../../plots/arms/score_text.ts";
import { type Cell, type Table, table } from "../../plots/tables/table.ts";
import { wrap } from "../../text/wrap.ts";
import type { CatalogueRun } from "../../comparison/catalogue/catalogue.ts";
import {
  differingOrigins,
  differingParameters,
  groupRuns,
  type RunGroup,
} from "../../comparison/catalogue/group_runs.ts";
import { type Origin, originOf } from "../../comparison/arm_groups.ts";
import { ranges } from "../../text/ranges.ts";
import type { RunRecord } from "../../runs/folder/run_record.ts";

export interface RunsTableOptions {
  /** A row a run instead of one for all seeds. @default false */
  bySeed?: boolean | undefined;
  /** Letters in a line: where parameters' names make the table wider, they are shortened. @default no limit */
  width?: number | undefined;
}

/**
 * The runs of one cohort, with a column for each parameter that differs among them.
 *
 * @param runs of one cohort, at least one
 */
export function runsTable(runs: readonly CatalogueRun[], options: RunsTableOptions = {}): Table {
  const { bySeed = false, width = Infinity } = options;
  const experiments = new Set(runs.map(({ record }) => record.experiment));
  const parameters = differingParameters(runs);
  const origins = differingOrigins(runs);
  const unfinished = runs.some(({ state }) => state !== "finished");
  const folded = runs.some(({ record }) => record.fold);
  const lines = bySeed ? runs.map(runLine) : groupRuns(runs).map(groupLine);
  const order = (a: Line, b: Line) => compareBy(a.record, b.record, [...parameters, "seed"]);
  const records = lines.sort(order).map(({ record, state, folds, first, last }): Record<string, Cell> => ({
    ...experiments.size > 1 && !bySeed ? { experiment: record.experiment } : {},
    ...Object.fromEntries(parameters.map((name) => [name, record.parameters[name]])),
    ...Object.fromEntries(origins.map((origin) => [origin, originText(originOf(record, origin))])),
    ...folded ? { folds: folds ?? null } : {},
    ...first,
    ...unfinished ? { state } : {},
    ...last,
  }));
  const alike = sharedSettings(runs, parameters);
  const what = experiments.size > 1 ? "" : `, ${[...experiments][0]}`;
  const made = table(records, {
    caption: `${runs[0]!.record.cohort}${what}: ${runs.length} run${runs.length === 1 ? "" : "s"}`,
    notes: [
      ...bySeed ? [] : ["Mean Dice: over cases, then over organs; ±: standard deviation over seeds."],
      ...alike.map((text) => `All of ${text}.`),
    ],
  });
  return widthOf(made) > width ? withShortNames(made, [...parameters, ...origins], width) : made;
}

/**
 * What no column shows, and is not as usual: of each experiment the parameters that all its runs have with a value other than its
 * default, such as `label_dropout with diceLoss = false`.
 */
function sharedSettings(runs: readonly CatalogueRun[], shown: readonly string[]): string[] {
  return [...Map.groupBy(runs, ({ record }) => record.experiment)].flatMap(([experiment, own]) => {
    const odd = (experimentParameters(experiment) ?? []).filter(({ name, value }) =>
      !["cohort", "seed", ...shown].includes(name) &&
      own.every(({ record }) => record.parameters[name] !== undefined && record.parameters[name] !== value)
    ).map(({ name }) => `${name} = ${own[0]!.record.parameters[name]}`);
    return odd.length > 0 ? [`${experiment} with ${odd.join(", ")}`] : [];
  });
}

/** A line of the table: its cells before and after the state. */
interface Line {
  record: RunRecord;
  state: string;
  /** Which folds, such as `1–3 of 5`. @default the run is of no fold */
  folds?: string;
  first: Record<string, Cell>;
  last?: Record<string, Cell>;
}

function groupLine({ like, seeds, folds, dice, states }: RunGroup): Line {
  return {
    record: like.record,
    ...folds && { folds: `${ranges(folds.parts)} of ${folds.of}` },
    state: Object.entries(states).map(([state, count]) => `${count} ${state}`).join(", "),
    first: { "seeds": ranges(seeds), "mean Dice": diceText(dice) },
  };
}

function runLine({ name, record, dice, state }: CatalogueRun): Line {
  return {
    record,
    state,
    ...record.fold && { folds: `${record.fold.part} of ${record.fold.of}` },
    first: { seed: record.seed, "mean Dice": diceText({ mean: dice, std: NaN }) },
    last: { run: name.split("/").slice(1).join("/") },
  };
}

/** Experiments by name, then parameters by value: numbers as numbers. */
function compareBy(a: RunRecord, b: RunRecord, parameters: readonly string[]): number {
  const keys = (run: RunRecord) => [run.experiment, ...parameters.map((name) => run.parameters[name] ?? "")];
  const theirs = keys(b);
  return keys(a).map((key, index) => {
    const other = theirs[index];
    if (typeof key === "number" && typeof other === "number") return key - other;
    return String(key) < String(other) ? -1 : String(key) > String(other) ? 1 : 0;
  }).find((order) => order !== 0) ?? 0;
}

function diceText({ mean, std }: { mean: number; std: number }): string | null {
  if (Number.isNaN(mean)) return null;
  const text = valueText(mean, "dice");
  return Number.isNaN(std) ? text : `${text} ± ${std.toFixed(metrics.dice.digits)}`;
}

/** Hashes by their first letters, which tell them apart as git's do. */
function originText(origin: CatalogueRun["record"][Origin]): Cell {
  if (typeof origin === "number") return origin;
  return (typeof origin === "string" ? [origin] : Object.values(origin)).map((hash) => hash.slice(0, 6)).join(
    " ",
  );
}

/** How wide the table is drawn: a frame and two spaces a column. */
function widthOf({ columns, rows }: Table): number {
  return columns.reduce((sum, name, column) => {
    const cells = [...name.split(" "), ...rows.map((row) => String(row[column] ?? "–"))];
    return sum + Math.max(...cells.map(({ length }) => length)) + 3;
  }, 1);
}

/** `PD` for `predictionDifference`, said below the table; names that would be shortened alike stay whole. */
function withShortNames(long: Table, names: readonly string[], width: number): Table {
  const short = new Map(names.map((name) => [name, initials(name)]));
  const unique = [...short].filter(([name, text]) =>
    text.length > 1 && ![...short].some(([other, same]) => other !== name && same === text)
  );
  const legend = unique.map(([name, text]) => `${text}\u00a0=\u00a0${name}`).join(", ");
  const columns = long.columns.map((name) => new Map(unique).get(name) ?? name);
  return { ...long, columns, notes: [...wrap(legend, width), ...long.notes] };
}

function initials(name: string): string {
  return name.replace(/^[a-z]/, (letter) => letter.toUpperCase()).replace(/[^A-Z0-9]/g, "");
}
