/** A machine that lacks what a cohort wants says so before anything starts. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { exists } from "../../lib/files/whole_folder.ts";
import { openRun } from "../../lib/runs/open_run.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { gpuVariable } from "../../lib/tensors/gpu.ts";
import { checkArm } from "../../lib/workbench/arms/check_arm.ts";
import { sourceOf, studyLoader } from "../../lib/workbench/arms/prepare_arm.ts";
import { experimentPath } from "../../lib/workbench/project.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { startModule, tinyCohort } from "../support/experiments/tiny_task.ts";
import { withOutput } from "../support/commands/with_output.ts";

/** No machine has bfloat16 then. */
const prefix = ["env", "ONEDNN_MAX_CPU_ISA=AVX2", `${gpuVariable}=none`];

Deno.test("run and sweep refuse bfloat16 where the machine has none, before anything starts; what is finished is shown", () =>
  withFolder(async (folder) => {
    const results = join(folder, "results"),
      cohort = join(folder, "half.json"),
      path = join(folder, "sweep.json");
    const changes = { name: "half", network: { precision: "bfloat16" } };
    await Deno.writeTextFile(cohort, JSON.stringify({ extends: join(projectRoot, tinyCohort), ...changes }));
    const axes = { experiment: ["single_marginal", "oracle"], cohort: [cohort] };
    await Deno.writeTextFile(path, JSON.stringify({ description: "", axes }));
    const task = async (command: string, ...args: string[]) =>
      await startModule(`lib/commands/${command}.ts`, args, { results, prefix }).ended;

    const arm = ["single_marginal", "--cohort", cohort];
    const refused = await task("run", ...arm);
    assertEquals(refused.code, 2, refused.stderr);
    assertStringIncludes(
      refused.stderr,
      "Cannot run single_marginal on half: precision bfloat16 wants a processor with AVX-512 BF16 or AMX, or a GPU",
    );
    const sweep = await task("sweep", path);
    assertEquals(sweep.code, 2, sweep.stderr);
    for (const name of ["single_marginal", "oracle"]) {
      assertStringIncludes(sweep.stderr, `Cannot run ${name} on half: precision bfloat16 wants`);
    }
    assertMatch((await task("sweep", path, "--list")).stdout, /2 members: 2 open/);
    assertMatch((await task("sweep", path, "--slurm", "--print")).stdout, /#SBATCH --array=1-2/);
    assert(!await exists(results), "nothing was begun");

    const checked = await checkArm("single_marginal", [`cohort=${cohort}`]);
    await withOutput(async () => {
      const study = await studyLoader(new AbortController().signal)(checked);
      const run = await openRun(checked.experiment, checked.parameters, {
        ...sourceOf(checked, study),
        notebook: experimentPath("single_marginal"),
        results,
      });
      const score = { dataset: "A", case: "a", organ: "Liver", dice: 1, hd95: 0, assd: 0, nsd: 1 };
      await run.finish([score]);
    });
    const shown = await task("run", ...arm);
    assertEquals(shown.code, 0, shown.stderr);
    assertEquals((await task("run", ...arm, "--fresh")).code, 2);
    const others = await task("sweep", path);
    assert(
      others.stderr.includes("Cannot run oracle") && !others.stderr.includes("single_marginal"),
      others.stderr,
    );
  }));
