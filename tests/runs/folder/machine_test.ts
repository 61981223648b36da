import { assertEquals, assertMatch } from "@std/assert";
import { computeThreads } from "../../../lib/tensors/compute_threads.ts";
import { runScript } from "../../support/setup/run_script.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const cases: [name: string, env: Record<string, string>, oneDNN: boolean, maxIsa?: string][] = [
  ["the threads TensorFlow was told to take", { TF_NUM_INTRAOP_THREADS: "3" }, true],
  ["oneDNN is on", {}, true],
  ["an explicit 0 wins", { TF_ENABLE_ONEDNN_OPTS: "0" }, false],
  ["a cap is kept", { ONEDNN_MAX_CPU_ISA: "AVX2" }, true, "AVX2"],
];

for (const [name, env, oneDNN, maxIsa] of cases) {
  Deno.test(`run.json says what decides how TensorFlow computes: ${name}`, () =>
    withFolder(async (results) => {
      const unset = { TF_NUM_INTRAOP_THREADS: "", TF_ENABLE_ONEDNN_OPTS: "", ONEDNN_MAX_CPU_ISA: "" };
      const { stdout, stderr } = await runScript(
        `import { openRun } from "lib/runs/open_run.ts";
        import { readRunRecord } from "lib/runs/folder/run_record.ts";
        import { fakeOptions } from "tests/support/runs/fake_training.ts";
        const run = await openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions("${results}"));
        console.log(JSON.stringify((await readRunRecord(run.folder)).machine));
        await run.fail(new Error("enough"));`,
        { env: { ...unset, ...env } },
      );
      assertEquals(stderr, "");
      const machine = JSON.parse(stdout.trimEnd().split("\n").at(-1)!); // before it stands the run's name
      assertEquals([machine.oneDNN, machine.oneDNNMaxIsa], [oneDNN, maxIsa]);
      assertEquals(machine.threads, Number(env.TF_NUM_INTRAOP_THREADS) || computeThreads());
      assertMatch(machine.processor, /\w/);
    }));
}
