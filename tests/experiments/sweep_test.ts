import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { exists } from "../../lib/files/whole_folder.ts";
import { eventually } from "../support/eventually.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import {
  eventsOf,
  startModule,
  type TaskEnd,
  tinyCohort,
  tinyName,
} from "../support/experiments/tiny_task.ts";

const start = (args: string[], results: string) => startModule("lib/commands/sweep.ts", args, { results });
const run = async (args: string[], results: string): Promise<TaskEnd> => await (start(args, results)).ended;

/** Writes a sweep of `single_marginal` on the tiny cohort. */
async function writeSweep(path: string, axes: Record<string, unknown[]>): Promise<void> {
  const all = { experiment: ["single_marginal"], cohort: [tinyCohort], ...axes };
  await Deno.writeTextFile(path, JSON.stringify({ description: "", axes: all }));
}

Deno.test("a listing of all members, or of a share, runs nothing; the batch script has the shares", () =>
  withFolder(async (folder) => {
    const results = join(folder, "results");
    const sweep = "tests/support/experiments/tiny_sweep.json";
    const { code, stdout, stderr } = await run([sweep, "--list"], results);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /│ single_marginal, seed 1 │ open +│\n[^]*│ partial_merged, seed 2 +│ open +│/);
    assertStringIncludes(stdout, "4 members: 4 open");
    const share = await run([sweep, "--list", "--array", "2/2"], results);
    assertEquals(share.stdout.match(/seed \d/g), ["seed 2", "seed 2"], share.stderr);
    const script = await run([sweep, "--slurm", "--print"], results);
    assertMatch(
      script.stdout,
      /^#!\/bin\/bash\n[^]*#SBATCH --array=1-4%1\n[^]* --array "\$SLURM_ARRAY_TASK_ID\/4" &/,
    );
    assertStringIncludes(script.stdout, `export CONSILIUM_RESULTS='${results}'`);
    assertEquals((await run([sweep, "--print", "slurm"], results)).stdout, script.stdout);
    for (
      const [engine, share] of [
        ["k8s", /^# [^]*\nkind: Job\n[^]*JOB_COMPLETION_INDEX\+1\)\)\/4/],
        ["sge", /^#!\/bin\/bash\n[^]*#\$ -t 1-4\n[^]* --array "\$SGE_TASK_ID\/4" &/],
        ["pbs", /^#!\/bin\/bash\n[^]*#PBS -J 1-4%1\n[^]* --array "\$PBS_ARRAY_INDEX\/4" &/],
        ["shell", /^#!\/bin\/sh\n[^]*jobs=2 [^]* --array "\$share\/4" &/],
      ] as const
    ) {
      const printed = await run([sweep, "--print", engine, "--jobs", "2"], results);
      assertEquals(printed.code, 0, printed.stderr);
      assertMatch(printed.stdout, share);
      for (const words of [join(projectRoot, sweep), results, "/.venv/bin/consilium"]) {
        assertStringIncludes(printed.stdout, words);
      }
    }
    assert(!await exists(results), "nothing was begun");
  }));

Deno.test("all members are checked before the first one starts, and every fault is said with its members", () =>
  withFolder(async (folder) => {
    const path = join(folder, "ein Versuch <b>.json");
    const json = {
      description: "",
      variants: {
        good: { experiment: "mutual" },
        "no such arm": { experiment: "mutal" },
        "twice 'the same'": { experiment: "mutual", predictionDifference: 1 },
        "out of range": { experiment: "mutual", rampUp: 2 },
        "no cohort": { experiment: "mutual", cohort: "nowhere" },
        "two folds": { experiment: "mutual", cohort: "phantom_quick@1/5", fold: "2/5" },
      },
    };
    await Deno.writeTextFile(path, JSON.stringify(json));
    const { code, stderr } = await run([path], folder);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `Cannot read sweep: 5 problems (${path})`);
    for (
      const problem of [
        "mutal, no such arm: Cannot run: the experiment must be one of ",
        "mutual, twice 'the same': The very same run is a member already: mutual, good",
        "mutual, out of range: Cannot set parameters: rampUp must be 0 … 1, current value is 2",
        "mutual, no cohort: Cannot find a cohort: it must be one of ",
        "mutual, two folds: Cannot deal folds: a fold must be given once, is given twice: phantom_quick@1/5 and 2/5",
      ]
    ) assertStringIncludes(stderr, problem);
    assertEquals((await run([path, "--array", "0/3"], folder)).code, 2);
    for (
      const [args, problem] of [
        [["--print"], "--print wants a value"],
        [
          ["--print", "k9s"],
          'must be one of slurm, k8s, sge, pbs, shell, current value is "k9s": did you mean k8s?',
        ],
        [["--slurm", "--print", "k8s"], "--slurm submits to Slurm; --print k8s goes without it"],
        [["--slurm", "--array", "1/2"], "--slurm makes the shares of --array itself"],
        [["--print", "sge", "--array", "1/2"], "--print makes the shares of --array itself"],
      ] as const
    ) {
      const { code, stderr } = await run([path, ...args], folder);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, problem);
    }
    assertMatch((await run([path, "--jobs", "0"], folder)).stderr, /--jobs must be a whole number from 1 on/);
  }));

Deno.test("a member that fails is named with its notebook; stopped by Ctrl-C, the same command goes on", () =>
  withFolder(async (results) => {
    const path = join(results, "sweep.json");
    await writeSweep(path, { learningRate: [1e30, 0], fullOrganSteps: [60] });
    const task = start([path], results);
    const arm = join(results, tinyName, "single_marginal");
    const slow = join(arm, "full_organ_steps_60/v001");
    await eventually(async () => {
      const steps = (await eventsOf(`${slow}.partial`)).filter(({ kind }) => kind === "progress");
      assert(steps.length > 1, "the second member trains");
    }, { ended: task.ended.then(({ code, stderr }) => `code ${code}, ${stderr}`) });
    task.kill("SIGINT");
    const stopped = await task.ended;
    assertEquals(stopped.code, 130, stopped.stderr);
    const broken = join(arm, "full_organ_steps_60-learning_rate_1e+30/v001.partial");
    assertStringIncludes(
      stopped.stderr,
      "Finished: 0 of 2, 1 failed, 1 stopped; the same command goes on",
    );
    assertMatch(
      (await run([path, "--list"], results)).stdout,
      /learningRate 0 +│ stopped[^]*2 members: 1 failed, 1 stopped/,
    );
    const again = await run([path], results);
    assertEquals(again.code, 1, again.stderr);
    assertStringIncludes(again.stderr, "single_marginal, learningRate 0: goes on from its last checkpoint");
    assertStringIncludes(again.stderr, `single_marginal, learningRate 1e+30: `);
    for (const { stderr } of [stopped, again]) assertStringIncludes(stderr, `${broken}/notebook.ipynb`);
    assertMatch(
      again.stderr,
      /Finished: 1 of 2, 1 failed\.\n[^]*\n\S+ failed in cell \d+: [^\n]+ finite[^\n]+\n$/,
    );
    assert(await exists(slow));
  }));
