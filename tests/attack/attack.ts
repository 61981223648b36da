/**
 * The command `attack [--inputs n] [--seed n] [--out folder]`: damages files of every kind that is read, in seeded ways, and counts what
 * becomes of it.
 *
 * Exits 1 when an input was a fault: an error that does not name its file, an answer that is wrong, a hang, or too much memory.
 */
import { join } from "@std/path";
import { exitWith } from "../../lib/terminal/exit_with.ts";
import { readArguments } from "../../lib/terminal/read_arguments.ts";
import { showHelp, UsageError } from "../../lib/terminal/usage.ts";
import { writeJson } from "../../lib/files/whole_file.ts";
import { table, tableToMarkdown, tableToText } from "../../lib/plots/tables/table.ts";
import { typed } from "../../lib/setup/typed.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { gitState } from "../../lib/runs/folder/machine.ts";
import { FAULTS, type Input, type Outcome } from "./assault.ts";
import { FEWER, RUNS_UNDER_FAULTS, runsUnderFaults } from "./runs_under_faults.ts";
import { targetNames } from "./targets/names.ts";
import { attackTarget } from "./watched.ts";

const usage = () =>
  `Usage: ${typed("attack [options]")}

Damages files of every kind that Consilium reads, in seeded ways, and counts
what becomes of them: an error that names the file, the content as it was, or
a fault. With --out the counts and every fault are kept.

Options:
  --inputs <n>   of all targets together (default: 14000)
  --seed <n>     other damage (default: 1)
  --only <name>  one target
  --python <path> one that has nibabel, to compare what is read of damaged files
  --out <folder> where counts.json and README.md are written`;

interface Counted {
  target: string;
  inputs: number;
  outcomes: Partial<Record<Outcome, number>>;
  /** Inputs of each kind of damage. */
  kinds: Record<string, number>;
  faults: Input[];
}

function count(counted: Counted, input: Input): void {
  counted.inputs++;
  counted.outcomes[input.outcome] = (counted.outcomes[input.outcome] ?? 0) + 1;
  counted.kinds[input.kind] = (counted.kinds[input.kind] ?? 0) + 1;
  if (FAULTS.includes(input.outcome)) counted.faults.push(input);
}

/** What Python reads otherwise, without a word of ours, is wrong. */
async function compare(counted: Counted, { keep, python }: { keep: string; python: string }): Promise<void> {
  try {
    const script = join(projectRoot, "tests/attack/beside_python.py");
    const { success, stdout, stderr } = await new Deno.Command(python, { args: [script, keep] }).output();
    if (!success) throw new Error(`Cannot compare with Python: ${new TextDecoder().decode(stderr)}`);
    for (const line of new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "")) {
      counted.outcomes.read!--;
      counted.outcomes.wrong = (counted.outcomes.wrong ?? 0) + 1;
      counted.faults.push({ kind: "?", file: "?", outcome: "wrong", ...JSON.parse(line) });
    }
  } finally {
    await Deno.remove(keep, { recursive: true });
  }
}

function outcomeTable(all: readonly Counted[], seed: number) {
  const columns: Outcome[] = ["refused", "same", "read", ...FAULTS];
  const row = (target: string, parts: readonly Counted[]) => ({
    target,
    inputs: sum(parts.map(({ inputs }) => inputs)),
    ...Object.fromEntries(
      columns.map((name) => [name, sum(parts.map(({ outcomes }) => outcomes[name] ?? 0))]),
    ),
  });
  return table([...all.map((one) => row(one.target, [one])), row("all", all)], {
    caption: `Damaged inputs, seed ${seed}`,
    notes: [
      "Refused: an error that names the file. Same: the content as it was. Read: what a file of other people's says now.",
      "Faults: unnamed, an error without its file; wrong, other content of a file of ours; stuck, what could be made again " +
      "is refused; hung, ten seconds without an answer; memory, a GiB more.",
    ],
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(
      `Cannot attack: --${name} must be a whole number from 1 on, current value is "${text}"`,
    );
  }
  return value;
}

/** Runs the command; returns the exit code. */
export async function attack(args: string[]): Promise<number> {
  const { values } = readArguments(args, {
    action: "attack",
    options: {
      inputs: { type: "string", default: "14000" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      python: { type: "string" },
      out: { type: "string" },
    },
    most: 0,
  });
  if (values.help) return showHelp(usage());
  const seed = wholeNumber("seed", values.seed), inputs = wholeNumber("inputs", values.inputs);
  const known = [...targetNames, RUNS_UNDER_FAULTS];
  const chosen = known.filter((name) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    throw new UsageError(
      `Cannot attack: --only must be one of ${known.join("; ")}, current value is "${values.only}"`,
    );
  }
  const all: Counted[] = [];
  for (const target of chosen) {
    const counted: Counted = { target, inputs: 0, outcomes: {}, kinds: {}, faults: [] };
    const keep = values.python === undefined ? undefined : await Deno.makeTempDir();
    const share = Math.ceil(inputs / chosen.length);
    const made = target === RUNS_UNDER_FAULTS
      ? runsUnderFaults({ seed, inputs: Math.ceil(share / FEWER) })
      : attackTarget(target, { seed, inputs: share, keep });
    for await (const input of made) count(counted, input);
    if (keep !== undefined) await compare(counted, { keep, python: values.python! });
    all.push(counted);
    console.error(`  ${target}: ${counted.inputs} inputs, ${counted.faults.length} faults`);
  }
  const shown = outcomeTable(all, seed);
  console.log(tableToText(shown));
  const faults = all.flatMap(({ target, faults }) => faults.map((fault) => ({ target, ...fault })));
  for (const { target, index, kind, file, outcome, told = "" } of faults.slice(0, 20)) {
    console.log(`${target} ${index}, ${kind} in ${file}: ${outcome} ${told}`);
  }
  if (values.out !== undefined) {
    await writeJson(join(values.out, "counts.json"), { seed, git: await gitState(), targets: all });
    await Deno.writeTextFile(join(values.out, "README.md"), `# Attack\n\n${tableToMarkdown(shown)}`);
  }
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) await exitWith(attack);
