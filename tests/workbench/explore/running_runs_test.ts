import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openRun } from "../../../lib/runs/open_run.ts";
import { runningRuns } from "../../../lib/workbench/explore/running_runs.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { fakeOptions } from "../../support/runs/fake_training.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

Deno.test("a run that is held and says where it is, one that failed, and none that is finished", () =>
  withFolder(async (results) => {
    await withOutput(async () => {
      const failed = await openRun("independent", { cohort: "toy" }, fakeOptions(results));
      await failed.fail(new Error("Cannot train: the loss is not finite"));
      const run = await openRun("mutual", { cohort: "toy" }, fakeOptions(results));
      const events = join(run.folder, "progress.jsonl");
      const progress = (step: number) =>
        JSON.stringify({
          kind: "progress",
          progress: { stage: "first", step, steps: 40, loss: { name: "own", value: 0.5 } },
        });
      await Deno.writeTextFile(
        events,
        `${progress(3)}\n${progress(4)}\n{"kind":"note","text":"x"}\n{"kind":"pro`,
      );
      const [first, second] = await runningRuns("toy", { results });
      assertEquals([first!.name, first!.state, first!.line], [
        "toy/mutual/default/v001",
        "running",
        "first  4/40  own 0.500",
      ]);
      assertEquals([second!.state, second!.error], ["failed", "Cannot train: the loss is not finite"]);
      await Deno.writeTextFile(events, "");
      assertEquals((await runningRuns("toy", { results }))[0]!.line, "");
      await Deno.remove(events);
      assertEquals((await runningRuns("toy", { results }))[0]!.line, "");
      await run.fail(new Error("ended"));
    });
  }));
