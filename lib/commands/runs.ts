/**
 * `deno task runs`: lists, compares and prunes runs.
 *
 * It never loads TensorFlow. Exits 1 when runs could not be read, 2 when called wrongly.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { tableToText } from "../plots/table.ts";
import { type CatalogueRun, readCatalogue } from "../runs/catalogue/catalogue.ts";
import { unknownName } from "../text/unknown_name.ts";
import { exitWith } from "./exit_with.ts";
import { resultsFolder } from "./project.ts";
import { shortPath } from "./run_arm.ts";
import { printComparison } from "./runs_compare.ts";
import { prune } from "./runs_prune.ts";
import { runsTable } from "./runs_table.ts";

const USAGE = `Usage: deno task runs [filters] [--by-seed]      the runs, all seeds of an arm in one line
       deno task runs compare <a> <b>           two finished runs, by name or folder
       deno task runs prune [filters] [--yes]   remove failed, stopped and killed runs, after asking

Filters: --cohort <name>, --experiment <name>, --where <parameter>=<value> (as often as wanted), and --status finished,
running, stopped, failed or killed. Of the parameters, those are shown that differ among the runs listed.`;

const states = ["finished", "running", "stopped", "failed", "killed"] as const;

const options = {
  cohort: { type: "string" },
  experiment: { type: "string" },
  where: { type: "string", multiple: true },
  status: { type: "string" },
  "by-seed": { type: "boolean" },
  yes: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export interface RunsCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
  /** Asks before anything is removed. @default on the terminal; where there is none, nothing is removed */
  confirm?: (question: string) => boolean;
}

/** Runs the command; returns the exit code. */
export async function runs(args: string[], command: RunsCommandOptions = {}): Promise<number> {
  const { results = resultsFolder, confirm: ask = askOnTerminal } = command;
  const { values, positionals: [action, ...names] } = parseArgs({ args, allowPositionals: true, options });
  const right = action === undefined || action === "compare" || action === "prune";
  if (
    values.help || !right || names.length !== (action === "compare" ? 2 : 0) ||
    values.yes && action !== "prune"
  ) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  if (action === "compare") {
    await printComparison([names[0], names[1]], results);
    return 0;
  }
  let unreadable = 0;
  const found = await readCatalogue(results, {
    cohort: values.cohort,
    experiment: values.experiment,
    state: stateNamed(values.status),
    parameters: Object.fromEntries((values.where ?? []).map(assignment)),
    onUnreadable(error) {
      unreadable++;
      console.error(`Warning: ${error.message}`);
    },
  });
  if (action === "prune") {
    await prune(found, { results, cohort: values.cohort, confirm: values.yes ? () => true : ask });
  } else printTables(found, { results, bySeed: values["by-seed"] });
  return unreadable > 0 ? 1 : 0;
}

function printTables(
  found: readonly CatalogueRun[],
  { results, bySeed }: { results: string; bySeed?: boolean },
): void {
  if (found.length === 0) return console.error(`There is no such run in ${shortPath(results)}.`);
  const width = Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined;
  const cohorts = [...Map.groupBy(found, ({ record }) => record.cohort).values()];
  console.log(cohorts.map((runs) => tableToText(runsTable(runs, { bySeed, width }))).join("\n\n"));
}

function stateNamed(text: string | undefined): (typeof states)[number] | undefined {
  const state = states.find((state) => state === text);
  if (text !== undefined && !state) {
    throw new Error(`Cannot list runs: --status ${unknownName(text, states)}`);
  }
  return state;
}

function assignment(text: string): [string, string] {
  const [, name, value] = text.match(/^([^=]+)=(.*)$/s) ?? [];
  if (name === undefined) {
    throw new Error(`Cannot list runs: --where must be name=value, current value is "${text}"`);
  }
  return [name.trim(), value];
}

function askOnTerminal(question: string): boolean {
  if (Deno.stdin.isTerminal()) return confirm(question);
  console.error("Nothing is removed: there is no terminal to ask on; --yes removes without asking.");
  return false;
}

if (import.meta.main) await exitWith(runs);
