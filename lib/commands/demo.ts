/**
 * The command `demo`: deep mutual learning and its three ablations on the built-in phantom, in one table.
 *
 * Exits 1 when an arm failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { Forecast, Pace, type StageWork } from "../runs/progress/forecast.ts";
import { summaryTable } from "../plots/arms/summary_table.ts";
import { tableToText } from "../plots/tables/table.ts";
import { readMetrics } from "../runs/folder/read_run.ts";
import type { ScoreRow } from "../metrics/score_row.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { checkArm, planArm, studyLoader } from "../workbench/arms/prepare_arm.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { describeEnd, runCheckedArm } from "../workbench/arms/run_arm.ts";
import { shortPath } from "../terminal/short_path.ts";
import { showHelp } from "../terminal/usage.ts";

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
  const study = await loadStudyOf(checked[0]!);
  const plans = withoutShared(checked.map((arm) => planArm(arm, study)));
  const pace = new Pace();
  for (const [index, arm] of arms.entries()) {
    const secondsAfter = () =>
      plans.slice(index + 1).reduce((sum, plan) => sum + new Forecast(plan, { pace }).seconds, 0);
    const result = await runCheckedArm(checked[index]!, { study, interrupts, pace, secondsAfter });
    console.error(describeEnd(result));
    if (result.failure) return result.stopped ? 130 : 1;
    console.error("");
    scores[arm] = await readMetrics({ folder: result.folder.path });
    runs.push(`${arm}: ${shortPath(result.folder.path)}`);
  }
  console.log(tableToText(summaryTable(scores, { caption: "Scores of the test cases" })));
  console.log(runs.join("\n"));
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

if (import.meta.main) await exitWith(demo);
