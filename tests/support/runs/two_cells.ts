/** A notebook in small: a training cell, interrupted by SIGINT, is run again in the same process. Prints the run's name. */
import { openRun } from "../../../lib/runs/open_run.ts";
import { StoppedError } from "../../../lib/runs/progress/stop_signal.ts";
import { fakeOptions, fakeStage, fakeTraining, holdAt } from "./fake_training.ts";

const results = Deno.args[0]!;
const run = await openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(results));
await holdAt("first 10", results);
try {
  await fakeStage("first", run, 1, { heldBy: results, onHeld: () => Deno.kill(Deno.pid, "SIGINT") });
  throw new Error("It did not stop");
} catch (error) {
  if (!(error instanceof StoppedError)) throw error;
}
await fakeTraining(run);
