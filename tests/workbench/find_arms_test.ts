import { assert, assertEquals, assertRejects } from "@std/assert";
import { findArms } from "../../lib/workbench/find_arms.ts";
import { findSweep } from "../../lib/workbench/sweeps/find_sweep.ts";
import { report } from "../../lib/commands/report.ts";
import { runOnDisk } from "../support/comparison/catalogue/runs.ts";
import { UsageError } from "../../lib/terminal/usage.ts";
import { typed } from "../../lib/setup/typed.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("arms by name: finished ones, known ones with their state and what runs them, misspelt ones an error", () =>
  withFolder(async (results) => {
    await runOnDisk(results, { seed: 1 });
    await runOnDisk(results, { seed: 1, experiment: "independent" }, "stopped");
    const { arms, unfinished } = await findArms("toy", "mutual, independent, oracle", { results });
    assertEquals(arms.map(({ name }) => name), ["mutual"]);
    const [stopped, open] = unfinished.map(({ state }) => state);
    assert(stopped!.startsWith("it is stopped; ") && stopped!.includes("run independent"), stopped);
    assertEquals(open, `it was not started; to run it, type: ${typed("run oracle --cohort toy")}`);
    const wrong: [() => Promise<unknown>, string][] = [
      [() => findArms("toy", "mutul", { results }), "did you mean mutual?"],
      [() => findArms("toy", "all", { results, check: "orcle" }), "did you mean oracle?"],
      [() => findArms("toi", "all", { results }), "did you mean toy?"],
      [() => findArms("hippocampus", "all", { results }), "no run of it is finished; to make one, type: "],
      [() => report(["toy", "--arms", "mutul"], { results }), "did you mean mutual?"],
      [() => report(["toy", "--reference", "mutul"], { results }), "the reference must be one of mutual"],
      [
        () => report(["toy", "--arms", "mutaul"], { results }),
        'an arm must be one of mutual, independent, all, others, current value is "mutaul": did you mean mutual?',
      ],
      [() => report(["tou"], { results }), "did you mean toy?"],
      [() => findSweep("hipocampus"), "did you mean hippocampus?"],
    ];
    for (const [call, message] of wrong) await assertRejects(call, Error, message);
  }));

Deno.test("a reference that --arms leaves out is said to be left out", () =>
  withFolder(async (results) => {
    for (const experiment of ["mutual", "pooled"]) await runOnDisk(results, { seed: 1, experiment });
    await assertRejects(
      () => report(["toy", "--arms", "pooled", "--reference", "mutual"], { results }),
      UsageError,
      "Cannot report: --arms must name the --reference mutual, too; it names pooled",
    );
  }));
