/** A notebook in small: a training cell, interrupted by SIGINT, is run again in the same process. Prints the run's name. */
import { startRun } from "../../lib/runs/start_run.ts";
import { StoppedError } from "../../lib/runs/stop_signal.ts";
import { fakeOptions, fakeStage, fakeTraining } from "./fake_training.ts";

const run = await startRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(Deno.args[0]));
setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 100);
try {
  await fakeStage("first", run, 1, { milliseconds: 10 });
  throw new Error("It did not stop");
} catch (error) {
  if (!(error instanceof StoppedError)) throw error;
}
await fakeTraining(run);
