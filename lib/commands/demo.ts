/**
 * The command `demo`: deep mutual learning and its three ablations on the built-in phantom, in one table.
 *
 * Exits 1 when an arm failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { Forecast, Pace, type StageWork } from "../runs/forecast.ts";
import { organTable } from "../plots/organ_table.ts";
import { type Table, table, tableToText } from "../plots/table.ts";
import { readMetrics } from "../runs/read_run.ts";
import type { ScoreRow } from "../runs/scores.ts";
import { typed } from "../runtime/typed.ts";
import { exitWith } from "./exit_with.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { checkArm, planArm, studyLoader } from "./prepare_arm.ts";
import { readArguments } from "./read_arguments.ts";
import { describeEnd, runCheckedArm } from "./run_arm.ts";
import { shortPath } from "./short_path.ts";
import { showHelp } from "./usage.ts";

const usage = () =>
  `Usage: ${typed("demo")}

Three partially labelled datasets of phantoms become one model for all organs:
the method, then three ablations, each a notebook of experiments/
(${arms.join(", ")}).
It takes no arguments, and says how long it takes once it has measured its first
steps. A demo that was stopped goes on when it is started again.`;

const arms = ["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing"];

export interface DemoOptions {
  /** Parameters of every arm, as `name=value`. @default ["cohort=phantom"] */
  settings?: readonly string[];
}

/** Runs the command; returns the exit code. */
export async function demo(args: string[], options: DemoOptions = {}): Promise<number> {
  const { settings = ["cohort=phantom"] } = options;
  const { values } = readArguments(args, { action: "run the demo", most: 0 });
  if (values.help) return showHelp(usage());
  console.error(
    "Three partially labelled datasets of phantoms become one model for all organs: the method, then three",
  );
  console.error(
    "ablations, each a notebook of experiments/. The time left is that of all four, as measured here.\n",
  );
  const started = performance.now();
  const interrupts = listenForInterrupts(() =>
    console.error("\nStopping after this step; again to stop at once …")
  );
  const scores: Record<string, ScoreRow[]> = {};
  const runs: string[] = [];
  const loadStudyOf = studyLoader(interrupts.stop);
  const checked = await Promise.all(arms.map((arm) => checkArm(arm, settings)));
  const study = await loadStudyOf(checked[0]);
  const plans = withoutShared(checked.map((arm) => planArm(arm, study)));
  const pace = new Pace();
  for (const [index, arm] of arms.entries()) {
    const secondsAfter = () =>
      plans.slice(index + 1).reduce((sum, plan) => sum + new Forecast(plan, { pace }).seconds, 0);
    const result = await runCheckedArm(checked[index], { study, interrupts, pace, secondsAfter });
    console.error(describeEnd(result));
    if (result.failure) return result.stopped ? 130 : 1;
    console.error("");
    const name = arm.replaceAll("_", " "); // a head of several words fits above a narrow column
    scores[name] = await readMetrics({ folder: result.folder.path });
    runs.push(`${name}: ${shortPath(result.folder.path)}`);
  }
  console.log(tableToText(armTable(scores, runs)));
  console.error(`\n${((performance.now() - started) / 60000).toFixed(1)} minutes.`);
  return 0;
}

/**
 * The plans without stages that an earlier arm has computed: those that begin with the very same work. All of these arms
 * differ in stage 2 at the latest.
 */
function withoutShared(plans: readonly StageWork[][]): StageWork[][] {
  const shared = new Set<string>();
  return plans.map((plan) => {
    let same = true;
    return plan.filter((stage, index) => {
      const key = JSON.stringify(plan.slice(0, index + 1));
      same &&= shared.has(key) && stage.stage !== "full_organ";
      shared.add(key);
      return !same;
    });
  });
}

/** Organs down, arms across, narrow enough for a terminal of 80 columns: HD95 is one row of its means. */
function armTable(scores: Record<string, ScoreRow[]>, runs: readonly string[]): Table {
  const { columns, rows } = organTable(scores);
  const column = (arm: string, score: string) => columns.indexOf(`${arm} ${score}`);
  const names = Object.keys(scores);
  const dice = rows.map(([organ, ...cells]) => ({
    organ,
    ...Object.fromEntries(names.map((arm) => [arm, cells[column(arm, "Dice") - 1]])),
  }));
  const hd95 = names.map((arm) => [arm, rows.at(-1)![column(arm, "HD95 (mm)")]]);
  return table([...dice, { organ: "HD95 (mm)", ...Object.fromEntries(hd95) }], {
    caption: "Dice on the test cases, mean ± standard deviation; the mean of the organs' median HD95",
    notes: [...runs],
  });
}

if (import.meta.main) await exitWith(demo);
