/**
 * One contestant within one budget.
 *
 * @module
 */
import { join } from "@std/path";
import { startProgram } from "../harness/talking_program.ts";
import { watchOthers } from "../harness/watch_others.ts";
import { type Rehearsal, rehearsalSeconds, updatesWithin } from "./budget.ts";
import { type ContestantName, programOf, type ProgramOptions } from "./contestants.ts";
import { rawCases } from "./raw_folder.ts";
import type { ComparisonResult } from "./comparison_record.ts";
import { scorePredictions } from "./score_predictions.ts";

export interface MeasureOptions extends Omit<ProgramOptions, "predictions" | "rehearsalSeconds"> {
  contestant: ContestantName;
  budgetMinutes: number;
  /** Says how far it is. */
  progress: (text: string) => void;
}

export type Measured = Pick<
  ComparisonResult,
  | "contestant"
  | "budgetMinutes"
  | "minutes"
  | "updates"
  | "seconds"
  | "network"
  | "organs"
  | "dice"
  | "othersShare"
>;

/**
 * Runs a contestant from the files to label maps of the validation scans, and scores these. All counts but the scores: the
 * program's start, preprocessing, rehearsal, training, prediction.
 */
export async function measure(
  { contestant, budgetMinutes, progress, ...options }: MeasureOptions,
): Promise<Measured> {
  const temporary = await Deno.makeTempDir({ dir: options.temporary });
  const predictions = join(temporary, "predictions");
  for (const name of ["predictions", "preprocessed", "results", "store"]) {
    await Deno.mkdir(join(temporary, name));
  }
  const { validation } = rawCases(options.study);
  const budget = 60 * budgetMinutes;
  let doing = "preparing";
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const clock = setInterval(() => progress(`${doing}, ${(elapsed() / 60).toFixed(1)} minutes`), 1000);
  try {
    const others = await watchOthers();
    const program = startProgram(
      programOf(contestant, {
        ...options,
        temporary,
        predictions,
        rehearsalSeconds: rehearsalSeconds(budget),
      }),
    );
    const network = await program.answer<Measured["network"]>();
    const prepared = elapsed();
    doing = "rehearsing";
    const rehearsal = await program.answer<Rehearsal>();
    const rehearsed = elapsed();
    const updates = updatesWithin(budget, { ...rehearsal, elapsed: rehearsed, scans: validation.length });
    doing = `training, ${updates} updates`;
    await program.write(`${updates}\n`);
    await program.answer();
    const trained = elapsed();
    doing = "predicting";
    await program.answer();
    const ended = elapsed();
    await program.close();
    const othersShare = await others();
    const { organs, dice } = await scorePredictions(options.study, predictions);
    return {
      contestant,
      budgetMinutes,
      minutes: ended / 60,
      updates,
      seconds: {
        preparing: prepared,
        rehearsal: rehearsed - prepared,
        training: trained - rehearsed,
        predicting: ended - trained,
      },
      network,
      organs,
      dice,
      othersShare,
    };
  } finally {
    clearInterval(clock);
    await Deno.remove(temporary, { recursive: true });
  }
}
