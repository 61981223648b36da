/** Scripts of Grid Engine and PBS, as bash runs them with programs of one's own. */
import { assert, assertEquals } from "@std/assert";
import { exists } from "../../../lib/files/whole_folder.ts";
import { pbsScript } from "../../../lib/runs/sweeps/pbs_script.ts";
import { sgeScript } from "../../../lib/runs/sweeps/sge_script.ts";
import { clockTime, secondsOfTime } from "../../../lib/runs/sweeps/slurm_section.ts";
import type { SweepScriptOptions } from "../../../lib/runs/sweeps/sweep_script.ts";
import { callLine, oddName, runScript, withFakeConsilium } from "../../support/runs/sweeps/fake_consilium.ts";

const sweep = `/${oddName}.json`;
const plain: SweepScriptOptions = {
  name: oddName,
  consilium: "/consilium",
  count: 27,
  wants: { options: [] },
  retries: 0,
  env: { CONSILIUM_DATA: oddName },
};
const full: SweepScriptOptions = {
  ...plain,
  name: "ablation",
  wants: {
    partition: "long",
    gpus: 1,
    cpus: 4,
    memoryGb: 1.5,
    time: "1-02:00:30",
    concurrent: 3,
    options: ["--account=lab"],
  },
};
const directivesOf = (script: string, prefix: string) =>
  script.split("\n").filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length + 1));

Deno.test("Grid Engine: what is asked for, nothing else", () => {
  const name = "-N consilium_it_s_a_folder_of_touch_evil_x_HOME_a";
  const always = ["-S /bin/bash", "-cwd", "-j y", "-r y"];
  assertEquals(directivesOf(sgeScript(sweep, plain), "#$"), [name, ...always, "-t 1-27"]);
  const script = sgeScript(sweep, full);
  assertEquals(directivesOf(script, "#$"), [
    "-N consilium_ablation",
    ...always,
    "-t 1-27",
    "-tc 3",
    "-q long",
    "-pe smp 4",
    "-l mem_free=1536M",
    "-l gpu=1",
    "-l h_rt=26:00:30",
  ]);
  assert(script.includes("\n# Left out of the sweep's section, since it is Slurm's: options\n"));
});

Deno.test("PBS: what is asked for, nothing else; an array of one would be refused", () => {
  const always = ["-S /bin/bash", "-j oe", "-r y"];
  assertEquals(directivesOf(pbsScript(sweep, plain), "#PBS").slice(1), [...always, "-J 1-27"]);
  assertEquals(directivesOf(pbsScript(sweep, { ...full, count: 1 }), "#PBS").slice(1, 5), [
    ...always,
    "-q long",
  ]);
  assertEquals(directivesOf(pbsScript(sweep, full), "#PBS"), [
    "-N consilium_ablation",
    ...always,
    "-J 1-27%3",
    "-q long",
    "-l select=1:ncpus=4:mem=1536mb:ngpus=1",
    "-l walltime=26:00:30",
  ]);
});

Deno.test("times without days", () => {
  assertEquals([secondsOfTime("12:00:30"), secondsOfTime("2-00:01:00")], [43230, 172860]);
  assertEquals([clockTime("0:10:00"), clockTime("2-00:01:09"), clockTime("120:00:00")], [
    "00:10:00",
    "48:01:09",
    "120:00:00",
  ]);
});

for (
  const [engine, write, variable] of [["sge", sgeScript, "SGE_TASK_ID"], [
    "pbs",
    pbsScript,
    "PBS_ARRAY_INDEX",
  ]] as const
) {
  const env = { [variable]: "3", PBS_JOBID: "42[3].server" };
  /** The time is nearly over after a second. */
  const short = { options: [], time: "0:02:01" };

  Deno.test(`${engine}: a task runs its share with its words as they are; a single one runs all`, () =>
    withFakeConsilium(async ({ folder, consilium, calls }) => {
      for (const [count, share] of [[27, "3/27"], [1, undefined]] as const) {
        const script = write(sweep, { ...plain, consilium, count });
        const check = await new Deno.Command("bash", { args: ["-n", "-c", script] }).output();
        assert(check.success, new TextDecoder().decode(check.stderr));
        assertEquals(await runScript("bash", script, { folder, env }), { code: 0, stderr: "" });
        assertEquals((await calls()).at(-2), callLine(sweep, share, oddName));
      }
      assert(!await exists(`${folder}/evil`));
    }));

  Deno.test(`${engine}: a crash is tried again, a failed member and a wrong call are not`, () =>
    withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
      for (
        const [tries, code, runs] of [
          [["kill", "139"], 0, 3],
          [["kill", "kill", "kill"], 137, 3],
          [["1"], 1, 1],
          [["2"], 2, 1],
          [["kill", "1"], 1, 2],
        ] as const
      ) {
        await plan(3, [...tries]);
        const before = (await calls()).length;
        const script = write(sweep, {
          ...plain,
          wants: { options: [], time: "1:00:00" },
          consilium,
          retries: 2,
        });
        assertEquals((await runScript("bash", script, { folder, env })).code, code, tries.join());
        const begun = (await calls()).slice(before).filter((line) => line.startsWith("begin"));
        assertEquals(begun.length, runs, tries.join());
      }
    }));

  Deno.test(`${engine}: TERM stops it in order, without another try or the queue`, () =>
    withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
      await plan(3, ["hang"]);
      await Deno.writeTextFile(`${folder}/qrerun`, "#!/bin/sh\necho rerun >> calls\n", { mode: 0o755 });
      const script = write(sweep, {
        ...plain,
        wants: { options: [], time: "1:00:00" },
        consilium,
        retries: 2,
      });
      const { code } = await runScript("bash", script, {
        folder,
        env,
        signal: { name: "SIGTERM", hanging: [3] },
      });
      assertEquals([code, (await calls()).slice(1)], [130, ["stopped 3"]]);
    }));

  Deno.test(`${engine}: before its time is over a task stops in order and goes back into the queue, it alone`, () =>
    withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
      await plan(3, ["hang"]);
      const qrerun = '#!/bin/bash\nprintf "qrerun %s\\n" "$@" >> "$(dirname "$0")/calls"\n';
      await Deno.writeTextFile(`${folder}/qrerun`, qrerun, { mode: 0o755 });
      const script = write(sweep, { ...plain, wants: short, consilium, retries: 2 });
      const { code } = await runScript("bash", script, { folder, env });
      const requeued = engine === "sge" ? [99, ["stopped 3"]] : [124, ["stopped 3", "qrerun 42[3].server"]];
      assertEquals([code, (await calls()).slice(1)], requeued);
    }));
}

Deno.test("pbs: where users may not requeue, it says how the task goes on", () =>
  withFakeConsilium(async ({ folder, consilium, plan }) => {
    await plan(3, ["hang"]);
    await Deno.writeTextFile(`${folder}/qrerun`, "#!/bin/sh\nexit 159\n", { mode: 0o755 });
    const script = pbsScript(sweep, { ...plain, wants: { options: [], time: "0:02:01" }, consilium });
    const { code, stderr } = await runScript("bash", script, { folder, env: { PBS_ARRAY_INDEX: "3" } });
    assertEquals([code, stderr], [
      124,
      "The time is over: the same script, submitted again, goes on from here\n",
    ]);
  }));
