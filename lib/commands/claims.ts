/**
 * The command `claims`: what authors claim of their methods, and what came out here.
 *
 * Exits 1 when a run failed or a card cannot be judged, 2 when it was called wrongly or a card is wrong, 130 when it was stopped.
 *
 * @module
 */
import type { ClaimCard } from "../comparison/claims/judged_card.ts";
import { claimTable } from "../plots/claims/claim_table.ts";
import { table, tableToMarkdown, tableToText } from "../plots/tables/table.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { showHelp, UsageError } from "../terminal/usage.ts";
import { wholeNumber } from "../terminal/whole_number.ts";
import { claimLines } from "../workbench/choices.ts";
import { claimSweep } from "../workbench/claims/claim_sweep.ts";
import { readClaims } from "../workbench/claims/claim_cards.ts";
import { openRunsTable } from "../workbench/claims/open_runs.ts";
import { judgeCards, judgeEach } from "../workbench/claims/judged_cards.ts";
import { pilotCard, pilotWidth } from "../workbench/claims/pilot_card.ts";
import { resultsFolder } from "../workbench/project.ts";
import { checkMembers, readyMembers, type SweepMemberState } from "../workbench/sweeps/sweep_members.ts";
import { stoppableRuns, tellEnds } from "../workbench/sweeps/stoppable_runs.ts";
import { useGpu } from "../workbench/use_gpu.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("claims [cards…] [options]")}

A claim card says what is claimed of a method, which arms on which cohort could
show it, the smallest difference that counts, and which controls must behave.
The command runs what is missing of the cards' runs and prints the verdicts; a
card is a name of experiments/claims or a JSON file, and all of the former where
none is named. docs/CLAIMS.md says how to write one for your own data.

Claims:
${await claimLines()}

Options:
  --list         only say what came out so far; nothing is run
  --markdown     print the table as Markdown
  --pilot <n>    run n seeds of the two arms that are compared on scans that
                 are not tested (a half of validation, or other phantoms), and
                 say how wide an interval the card may expect; nothing else
  --jobs <n>     run n runs at once (default: 1)
  --gpu <n>      the GPU with this number, or none
  --force        take voxels that no scan of a person has, and scans that only
                 look alike, as they are`;
}

const options = {
  list: { type: "boolean" },
  markdown: { type: "boolean" },
  pilot: { type: "string" },
  jobs: { type: "string", default: "1" },
  gpu: { type: "string" },
  ...forceOption,
} as const;

export interface ClaimsCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function claims(
  args: string[],
  { results = resultsFolder }: ClaimsCommandOptions = {},
): Promise<number> {
  const { values, positionals } = readArguments(args, { action: "test claims", options, most: Infinity });
  if (values.help) return showHelp(await usage());
  useForce(values);
  const jobs = wholeNumber(values.jobs, { action: "test claims", name: "jobs", least: 1 });
  const cards = await readClaims(positionals);
  if (values.pilot !== undefined && values.list) {
    throw new UsageError(
      "Cannot test claims: --list runs nothing and --pilot runs a pilot, one of them is wanted",
    );
  }
  if (values.pilot !== undefined) {
    const seeds = wholeNumber(values.pilot, { action: "test claims", name: "pilot", least: 1 });
    return await runPilots(cards, { seeds, jobs, gpu: values.gpu, results });
  }
  const code = values.list ? 0 : await runMissing(cards, { jobs, gpu: values.gpu });
  if (code !== 0) return code;
  const { cards: judged, problems } = await judgeEach(cards, { results });
  if (judged.length > 0) {
    const table = claimTable(judged);
    console.log(values.markdown ? tableToMarkdown(table) : tableToText(table));
  }
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

interface PilotOptions {
  seeds: number;
  jobs: number;
  gpu: string | undefined;
  results: string;
}

/** Runs the cards' pilots and prints what they let expect. */
async function runPilots(
  cards: readonly ClaimCard[],
  { seeds, results, ...how }: PilotOptions,
): Promise<number> {
  const pilots = await Promise.all(cards.map((card) => pilotCard(card, seeds)));
  const code = await runMissing(pilots, how);
  if (code !== 0) return code;
  const rows = [];
  for (const [index, judged] of (await judgeCards(pilots, { results })).entries()) {
    const { halfWidth, subjects, expected } = (await pilotWidth(cards[index]!, judged))!;
    rows.push({
      card: cards[index]!.name,
      "pilot's subjects": subjects[0],
      "half-width": halfWidth.toFixed(4),
      "tested subjects": subjects[1],
      "half-width expected": expected.toFixed(4),
      counts: cards[index]!.claim.outcome.smallestDifference,
    });
  }
  const notes = [
    "Half of the 95 % interval's width, over subjects and seeds; expected: by the root of the numbers of subjects. Write it into the card.",
  ];
  console.log(
    tableToText(table(rows, { caption: `Pilots with ${seeds} ${seeds === 1 ? "seed" : "seeds"}`, notes })),
  );
  return 0;
}

/** Runs what no finished run is there of; a run that several cards want once. */
async function runMissing(
  cards: readonly ClaimCard[],
  { jobs, gpu }: { jobs: number; gpu: string | undefined },
): Promise<number> {
  useGpu(gpu);
  const runs = stoppableRuns();
  const members: SweepMemberState[] = [];
  for (const card of cards) {
    const checked = await checkMembers(claimSweep(card), card.path);
    members.push(...await readyMembers(checked, card.path, { signal: runs.stop }));
  }
  // All arms of a seed, then those of the next: what arms share is there when the others begin.
  const open = withoutTwins(members).filter(({ state }) => state !== "finished")
    .sort((a, b) => Number(a.parameters.seed) - Number(b.parameters.seed));
  if (open.length === 0) return 0;
  console.error(`${tableToText(await openRunsTable(open, { results: resultsFolder }))}\n`);
  return tellEnds(await runs.run(open, { jobs }), runs.stop);
}

function withoutTwins(members: readonly SweepMemberState[]): SweepMemberState[] {
  const key = ({ experiment, parameters }: SweepMemberState) => JSON.stringify([experiment, parameters]);
  return [...new Map(members.map((member) => [key(member), member])).values()];
}

if (import.meta.main) await exitWith(claims);
