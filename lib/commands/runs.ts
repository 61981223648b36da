/**
 * The command `runs`: lists, compares and prunes runs.
 *
 * It never loads TensorFlow. Exits 1 when runs could not be read, 2 when called wrongly.
 *
 * @module
 */
import { tableToText } from "../plots/tables/table.ts";
import { type CatalogueRun, readCatalogue } from "../comparison/catalogue/catalogue.ts";
import { foldersIn } from "../files/folder_contents.ts";
import { typed } from "../setup/typed.ts";
import { unknownName } from "../text/unknown_name.ts";
import { resultsName } from "../workbench/cohort_paths.ts";
import { resultLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { resultsFolder } from "../workbench/project.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { printComparison } from "../workbench/catalogue/runs_compare.ts";
import { runsJson } from "../workbench/catalogue/runs_json.ts";
import { stageTable } from "../workbench/catalogue/runs_cache.ts";
import { prune, pruneStages } from "../workbench/catalogue/runs_prune.ts";
import { runsTable } from "../workbench/catalogue/runs_table.ts";
import { showHelp, UsageError } from "../terminal/usage.ts";

async function usage(results: string): Promise<string> {
  const lines = ([
    ["runs [filters] [--by-seed] [--json]", "the runs, all seeds of an arm in one line"],
    ["runs compare <a> <b> [--json]", "two finished runs, by name or folder"],
    ["runs prune [filters] [--yes]", "remove failed, stopped and killed runs, after asking"],
    ["runs cache [--cohort <name>] [--prune]", "stages: who computed and who uses them"],
  ] as const).map(([command, text]) => `  ${typed(command)}\n      ${text}`);
  return `Usage:
${lines.join("\n")}

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Filters:
  --cohort <name>      --experiment <name>
  --where name=value   runs whose parameter has the value; as often as wanted
  --status <status>    ${states.join(", ")}

Options:
  --by-seed  a line a run
  --json     for programs: every run with all its parameters, or the comparison;
             numbers in full digits, null where there is none, "Infinity" where
             it is infinite
  --prune    of cache: remove the stages that no run uses, after asking
  --yes      remove without asking

Of the parameters, the table shows those that differ among the runs listed.`;
}

const states = ["finished", "running", "stopped", "failed", "killed"] as const;

const options = {
  cohort: { type: "string" },
  experiment: { type: "string" },
  where: { type: "string", multiple: true },
  status: { type: "string" },
  "by-seed": { type: "boolean" },
  json: { type: "boolean" },
  yes: { type: "boolean" },
  prune: { type: "boolean" },
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
  const { values, positionals: [action, ...names] } = readArguments(args, { action: "list runs", options });
  if (values.help) return showHelp(await usage(results));
  checkAction(action, names, values);
  if (action === "compare") {
    await printComparison([names[0]!, names[1]!], results, { json: values.json });
    return 0;
  }
  const cohort = values.cohort === undefined ? undefined : await resultsName(values.cohort, results);
  const confirm = values.yes ? () => true : ask;
  if (action === "cache") {
    if (values.prune) await pruneStages({ results, cohort, confirm });
    else await printStages(results, cohort);
    return 0;
  }
  let unreadable = 0;
  const found = await readCatalogue(results, {
    cohort,
    experiment: values.experiment,
    state: stateNamed(values.status),
    parameters: assignments(values.where ?? []),
    onUnreadable(error) {
      unreadable++;
      console.error(`Warning: ${error.message}`);
    },
  });
  if (action === "prune") {
    await prune(found, { results, cohort, confirm });
  } else if (values.json) console.log(runsJson(found));
  else printTables(found, { results, bySeed: values["by-seed"] });
  return unreadable > 0 ? 1 : 0;
}

const actions = ["compare", "prune", "cache"];

function checkAction(
  action: string | undefined,
  names: readonly string[],
  { yes, json, prune }: { yes?: boolean; json?: boolean; prune?: boolean },
): void {
  if (action !== undefined && !actions.includes(action)) {
    throw new UsageError(`Cannot list runs: what to do with them ${unknownName(action, actions)}`);
  }
  const wanted = action === "compare" ? 2 : 0;
  if (names.length !== wanted) {
    const what = wanted === 0 ? "no names of runs are" : "the names or folders of two runs are";
    throw new UsageError(`Cannot ${action} runs: ${what} wanted, current number is ${names.length}`);
  }
  if (prune && action !== "cache") throw new UsageError("Cannot list runs: --prune goes with cache only");
  if (yes && action !== "prune" && !prune) {
    throw new UsageError("Cannot list runs: --yes goes with prune only");
  }
  if (json && (action === "prune" || action === "cache")) {
    throw new UsageError(`Cannot ${action} runs: --json goes with lists only`);
  }
}

async function printStages(results: string, cohort: string | undefined): Promise<void> {
  const cohorts = cohort === undefined ? await foldersIn(results) : [cohort];
  const tables = (await Promise.all(cohorts.map((name) => stageTable(results, name)))).filter((one) => one);
  if (tables.length === 0) console.error(`There are no stages in ${shortPath(results)}.`);
  for (const one of tables) console.log(tableToText(one!));
}

function printTables(
  found: readonly CatalogueRun[],
  { results, bySeed }: { results: string; bySeed?: boolean | undefined },
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
  if (name === undefined || value === undefined) {
    throw new Error(`Cannot list runs: --where must be name=value, current value is "${text}"`);
  }
  return [name.trim(), value];
}

function assignments(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map(assignment);
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) < index);
  if (twice) throw new UsageError(`Cannot list runs: --where ${twice[0]} is given twice`);
  return Object.fromEntries(pairs);
}

function askOnTerminal(question: string): boolean {
  if (Deno.stdin.isTerminal()) return confirm(question);
  console.error("Nothing is removed: there is no terminal to ask on; --yes removes without asking.");
  return false;
}

if (import.meta.main) await exitWith(runs);
