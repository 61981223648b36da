/**
 * The command `demo`: deep mutual learning and what its parts bring, on quick phantoms with several seeds, as one table and one
 * figure.
 *
 * Exits 1 when a run failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { join } from "@std/path";
import { scoreAblation } from "../workbench/ablation.ts";
import { ablationTable } from "../plots/arms/ablation_table.ts";
import { armDifferences } from "../plots/arms/arm_comparison.ts";
import { saveFigure } from "../plots/save_figure.ts";
import { tableToText } from "../plots/tables/table.ts";
import type { Parameters } from "../runs/notebooks/parameters.ts";
import type { MemberEnd } from "../runs/sweeps/run_members.ts";
import { parseSweep } from "../runs/sweeps/sweep.ts";
import { hasNvidiaDriver } from "../setup/platform.ts";
import { typed } from "../setup/typed.ts";
import { computeThreads, shareThreads } from "../tensors/compute_threads.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { showHelp } from "../terminal/usage.ts";
import { wholeNumber } from "../terminal/whole_number.ts";
import { resultsFolder } from "../workbench/project.ts";
import { checkMembers, readyMembers, type SweepMemberState } from "../workbench/sweeps/sweep_members.ts";
import { withoutShared } from "../workbench/sweeps/shared_stages.ts";
import { stoppableRuns, tellEnds } from "../workbench/sweeps/stoppable_runs.ts";

const arms = ["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing", "independent"];

const usage = () =>
  `Usage: ${typed("demo [--seeds n]")}

Two partially labelled datasets of small phantoms, whose scanners see different
parts of the trunk, become one model for all organs: the method, and what is
left of it without its parts, each a notebook of experiments/
(${arms.slice(0, 3).join(", ")},
${arms.slice(3).join(", ")}). It ends with one table and one figure:
what each part brings, with 95 % intervals over cases and seeds.

Options:
  --seeds <n>    seeds 1 to n of networks and sampling (default: 3)

It says how long it takes once it has measured its first steps. A demo that was
stopped goes on when it is started again.`;

const options = { seeds: { type: "string", default: "3" } } as const;

export interface DemoOptions {
  /** Parameters of every run. @default { cohort: "phantom_quick" } */
  settings?: Readonly<Parameters>;
}

/** Runs the command; returns the exit code. */
export async function demo(
  args: string[],
  { settings = { cohort: "phantom_quick" } }: DemoOptions = {},
): Promise<number> {
  const { values } = readArguments(args, { action: "run the demo", options, most: 0 });
  if (values.help) return showHelp(usage());
  const seeds = wholeNumber(values.seeds, { action: "run the demo", name: "seeds", least: 1 });
  const started = performance.now();
  const jobs = sideBySide();
  console.error(
    `${arms.length} arms, each with ${seeds} ${
      seeds === 1 ? "seed" : "seeds"
    }; each run is a notebook of experiments/${jobs > 1 ? `, ${jobs} run at once` : ""}.`,
  );
  const runs = stoppableRuns();
  const members = await membersOf(seeds, { settings, signal: runs.stop });
  const ends = await runs.run(members, { jobs });
  const code = tellEnds(ends, runs.stop);
  if (code !== 0) return code;
  await showResults(members, ends);
  console.error(`\n${((performance.now() - started) / 60000).toFixed(1)} minutes.`);
  return 0;
}

/**
 * Runs at once. Networks this small spend their time on starting kernels: a second thread takes half as much processor time again
 * and hardly shortens a step, while another run fills the second core, also while this one draws or starts.
 */
function sideBySide(): number {
  if (hasNvidiaDriver()) return 1;
  const jobs = Math.min(2, computeThreads());
  shareThreads(jobs);
  return jobs;
}

interface MembersOptions {
  settings: Readonly<Parameters>;
  signal: AbortSignal;
}

/** All arms of a seed, then those of the next: what arms share is there when the others begin. */
async function membersOf(count: number, { settings, signal }: MembersOptions): Promise<SweepMemberState[]> {
  const seed = Array.from({ length: count }, (_, index) => index + 1);
  const fixed = Object.entries(settings).map(([name, value]) => [name, [value]]);
  const axes = { ...Object.fromEntries(fixed), seed, experiment: arms };
  const name = "the demo";
  const sweep = parseSweep({ description: name, axes }, name);
  return withoutShared(await readyMembers(await checkMembers(sweep, name), name, { signal }));
}

async function showResults(members: readonly SweepMemberState[], ends: readonly MemberEnd[]): Promise<void> {
  const folders = new Map(ends.map(({ member, result }) => [member.label, result!.folder.path]));
  const runs = members.map(({ label, experiment, parameters, run }) => ({
    arm: experiment,
    seed: parameters.seed as number,
    folder: folders.get(label) ?? run!.path,
  }));
  const { comparison, warnings } = await scoreAblation(runs, arms[0]!);
  const { png } = await saveFigure(armDifferences(comparison), {
    folder: join(resultsFolder, members[0]!.source.cohort, "figures"),
    name: "ablation",
  });
  console.log(tableToText(ablationTable(comparison)));
  for (const warning of warnings) console.log(warning);
  for (const arm of arms) {
    console.log(
      `${arm}: ${runs.filter((run) => run.arm === arm).map(({ folder }) => shortPath(folder)).join(", ")}`,
    );
  }
  console.log(`figure: ${shortPath(png)}`);
}

if (import.meta.main) await exitWith(demo);
