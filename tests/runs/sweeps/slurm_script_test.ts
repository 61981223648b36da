import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { slurmScript } from "../../../lib/runs/sweeps/slurm_script.ts";
import { eventually } from "../../support/eventually.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const options = {
  name: "ablation",
  project: "/home/me/consilium",
  deno: "/home/me/consilium/.venv/bin/deno",
  logs: "/home/me/consilium/.slurm/ablation",
  count: 27,
  shares: [3, 1, 2, 9],
  slurm: { options: [] },
};

Deno.test("a line break in a name or a path would be another directive: refused", () => {
  for (const broken of [{ name: "a\n#SBATCH --uid=0" }, { logs: "/tmp/a\rb" }, { project: "/home/a\nb" }]) {
    assertThrows(() => slurmScript("/s.json", { ...options, ...broken }), Error, "no line may be broken");
  }
});

Deno.test("a batch script: what is asked for, nothing else", () => {
  const plain = slurmScript("/s.json", options);
  for (const absent of ["--partition", "--gpus", "--mem", "--time", "--cpus", "%4", "export"]) {
    assert(!plain.includes(absent), absent);
  }
  assertStringIncludes(plain, "#SBATCH --array=1-3,9\n");
  assertStringIncludes(plain, "#SBATCH --requeue\n");
  assertStringIncludes(plain, `'/s.json' --array "$SLURM_ARRAY_TASK_ID/27" &`);
  const full = slurmScript("/s.json", {
    ...options,
    env: { CONSILIUM_RESULTS: "/scratch/results" },
    slurm: {
      partition: "gpu",
      gpus: 1,
      cpus: 4,
      memoryGb: 1.5,
      time: "2:00:00",
      concurrent: 4,
      options: ["--account=lab"],
    },
  });
  const wanted = [
    "array=1-3,9%4",
    "partition=gpu",
    "gpus=1",
    "cpus-per-task=4",
    "mem=1536M",
    "time=2:00:00",
    "account=lab",
  ];
  for (const directive of wanted) assertStringIncludes(full, `\n#SBATCH --${directive}\n`);
  assertStringIncludes(full, "\nexport CONSILIUM_RESULTS='/scratch/results'\n");
  // Slurm reads directives up to the first line that is neither a comment nor empty.
  assert(full.lastIndexOf("#SBATCH") < full.search(/^[^#\n]/m));
});

Deno.test("a single task is no array", () => {
  const script = slurmScript("/s.json", {
    ...options,
    count: 1,
    shares: [1],
    slurm: { options: [], concurrent: 2 },
  });
  assert(!/array=|--array|%a/.test(script), script);
  assertStringIncludes(script, "/task_1.log");
});

interface Played {
  signal: string | undefined;
  folder: string;
  /** What Slurm tells the task. @default task 3 of the array 42, with a number of its own */
  slurm?: Record<string, string>;
}

const third = { SLURM_ARRAY_JOB_ID: "42", SLURM_ARRAY_TASK_ID: "3", SLURM_JOB_ID: "45" };

/** Runs a script with programs of one's own for deno and scontrol; answers what was run. */
async function played(script: string, { signal, folder, slurm = third }: Played): Promise<string> {
  const path = `${folder}/batch.sh`;
  await Deno.writeTextFile(path, script);
  if (signal) await Deno.writeTextFile(`${folder}/wait`, "");
  const child = new Deno.Command("bash", {
    args: [path],
    env: { ...slurm, stopped: "1", PATH: `${folder}:${Deno.env.get("PATH")}` },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (signal) {
    const ended = output.then(({ stderr }) => new TextDecoder().decode(stderr));
    await eventually(() => Deno.stat(`${folder}/started`), { ended });
    child.kill(signal as Deno.Signal);
  }
  const { code, stdout } = await output;
  return `${new TextDecoder().decode(stdout)}exit ${code}`;
}

/** A folder of an odd name with stand-ins for deno and scontrol. */
function withPrograms(test: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (root) => {
    const folder = `${root}/it's a "folder" %a`;
    await Deno.mkdir(folder);
    const programs = {
      // As the sweep: stopped in order by TERM, with exit code 130. It works as long as there is a file `wait`.
      "my deno": `echo "run $*"; [ "$4" = fails ] && exit 1
trap 'sleep 0.3; exit 130' TERM
touch "$(dirname "$0")/started"
[ "$4" = "crashes twice" ] && [ ! -e "$(dirname "$0")/once" ] && touch "$(dirname "$0")/once" && kill -KILL $$
[ "$4" = "crashes twice" ] && [ ! -e "$(dirname "$0")/twice" ] && touch "$(dirname "$0")/twice" && exit 139
while [ -e "$(dirname "$0")/wait" ]; do sleep 0.1; done`,
      scontrol: 'echo "scontrol $*"',
    };
    for (const [name, source] of Object.entries(programs)) {
      await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/bash\n${source}\n`, { mode: 0o755 });
    }
    await test(folder);
  });
}

for (
  const [signal, sweep, end] of [
    [undefined, "s.json", "exit 0"],
    [undefined, "fails", "exit 1"],
    ["SIGTERM", "it's a sweep.json", "exit 130"],
    ["SIGUSR1", "s.json", "scontrol requeue 42_3\nexit 130"],
  ]
) {
  Deno.test(`the script as bash runs it: ${signal ?? "no signal"}, ${sweep}`, () =>
    withPrograms(async (folder) => {
      const script = slurmScript(sweep!, { ...options, deno: `${folder}/my deno` });
      assertEquals(
        await played(script, { signal, folder }),
        `run task --quiet sweep ${sweep} --array 3/27\n${end}`,
      );
    }));
}

for (
  const [title, count, slurm, requeued] of [
    ["the one with the array's own number", 27, { ...third, SLURM_JOB_ID: "42" }, "42_3"],
    ["the one of index 0", 27, { ...third, SLURM_ARRAY_TASK_ID: "0" }, "42_0"],
    ["one that is no array's", 1, { SLURM_JOB_ID: "42" }, "42"],
  ] as const
) {
  Deno.test(`a task requeues itself alone: ${title}`, () =>
    withPrograms(async (folder) => {
      const script = slurmScript("s.json", { ...options, count, deno: `${folder}/my deno` });
      const said = await played(script, { signal: "SIGUSR1", folder, slurm });
      assertEquals(said.split("\n").slice(1), [`scontrol requeue ${requeued}`, "exit 130"]);
    }));
}

for (
  const [retries, runs, end] of [[0, 1, "exit 137"], [1, 2, "exit 139"], [2, 3, "exit 0"], [
    9,
    3,
    "exit 0",
  ]] as const
) {
  Deno.test(`a sweep that crashes twice, begun again ${retries} times at most`, () =>
    withPrograms(async (folder) => {
      const script = slurmScript("crashes twice", { ...options, retries, deno: `${folder}/my deno` });
      const said = await played(script, { signal: undefined, folder });
      assertEquals(said, `${"run task --quiet sweep crashes twice --array 3/27\n".repeat(runs)}${end}`);
    }));
}

Deno.test("a sweep whose members failed is not begun again", () =>
  withPrograms(async (folder) => {
    const script = slurmScript("fails", { ...options, retries: 3, deno: `${folder}/my deno` });
    assertEquals(
      await played(script, { signal: undefined, folder }),
      "run task --quiet sweep fails --array 3/27\nexit 1",
    );
  }));
