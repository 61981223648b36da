/**
 * A sweep through a real Slurm, started for it on this machine:
 *
 *     deno run -A tests/slurm/slurm_sweep.ts
 *
 * Three members run as a job array. One is requeued by the cluster, as after the failure of a node; one hears that its time
 * is nearly over. All must finish, those two in a second attempt that goes on from a checkpoint. It needs what cluster.ts
 * says, takes some minutes, and is no part of `deno task test`.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readRunRecord, type RunRecord } from "../../lib/runs/folder/run_record.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { eventsOf } from "../support/experiments/tiny_task.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { type Cluster, startCluster } from "./cluster.ts";

const sweep = "tests/slurm/sweep.json";
const seeds = [1, 2, 3];

await withFolder(async (folder) => {
  const cluster = await startCluster({ folder });
  try {
    await interrupted(cluster, join(folder, "results"));
  } finally {
    await cluster.stop();
  }
});

async function interrupted(cluster: Cluster, results: string): Promise<void> {
  const submitted = await task(["--slurm"], { ...cluster.env, CONSILIUM_RESULTS: results });
  console.log(submitted);
  const job = submitted.match(/as job (\d+)/)![1]!;
  const logs = submitted.match(/logs: (\S+)\/task/)![1];
  const firstSteps: Record<number, Promise<number[]>> = {};
  for (const seed of [1, 2]) firstSteps[seed] = stepsOfAttempts(runFolder(results, seed), 2);
  await reaches(runFolder(results, 1), 5);
  console.log(`member 1 is training; scontrol requeue ${job}_1`);
  await cluster.slurm("scontrol", "requeue", `${job}_1`);
  await reaches(runFolder(results, 2), 5);
  console.log(
    `member 2 is training; scancel --batch --signal=USR1 ${job}_2, as Slurm does before the time is over`,
  );
  await cluster.slurm("scancel", "--batch", "--signal=USR1", `${job}_2`);
  await queueEmpties(cluster, job);
  for (const seed of seeds) {
    const log = await Deno.readTextFile(join(projectRoot, logs, `task_${seed}.log`));
    console.log(`--- log of member ${seed}\n${log.trim()}`);
  }
  console.log(await task(["--list"], { CONSILIUM_RESULTS: results }));
  for (const seed of seeds) {
    const record = await recordOf(runFolder(results, seed), "finished");
    const attempts = record.attempts.map(({ status }) => status);
    console.log(`member ${seed}: attempts ${attempts.join(", ")}`);
    assertEquals(attempts.length, seed === 3 ? 1 : 2);
    assertEquals(attempts.at(-1), "finished");
    if (seed === 3) continue;
    const [first, second] = (await firstSteps[seed])!;
    console.log(`member ${seed}: first seen at step ${first}, after the interruption at step ${second}`);
    assert(second! > 5, `it went on from its checkpoint, not from step ${second}`);
  }
  console.log("All members finished; the interrupted ones went on from their checkpoints.");
}

function runFolder(results: string, seed: number): string {
  const slug = [...seed === 1 ? [] : [`seed_${seed}`], "full_organ_steps_150"].join("-");
  return join(results, "phantom_tiny/single_marginal", slug, "v001");
}

async function recordOf(folder: string, status: RunRecord["status"]): Promise<RunRecord> {
  const record = await readRunRecord(folder);
  assertEquals(record?.status, status, folder);
  return record!;
}

/** Training steps that an unfinished run tells of. */
async function trainingSteps(folder: string): Promise<number[]> {
  const events = await eventsOf(`${folder}.partial`);
  return events.flatMap((event) =>
    event.kind === "progress" && event.progress.steps === 150 ? [event.progress.step] : []
  );
}

async function reaches(folder: string, step: number): Promise<void> {
  while (Math.max(0, ...await trainingSteps(folder)) < step) await pause();
}

/** The first training step that is seen of each of so many attempts: each kernel is a process of its own. */
async function stepsOfAttempts(folder: string, count: number): Promise<number[]> {
  const first = new Map<number, number>();
  while (first.size < count) {
    const [kernel] = await eventsOf(`${folder}.partial`);
    const [step] = await trainingSteps(folder);
    if (kernel?.kind === "kernel" && step !== undefined && !first.has(kernel.process)) {
      first.set(kernel.process, step);
    }
    if (await readRunRecord(folder)) break;
    await pause();
  }
  return [...first.values()];
}

async function queueEmpties(cluster: Cluster, job: string): Promise<void> {
  let shown = "";
  for (;;) {
    const queue = await cluster.slurm("squeue", "--noheader", "--array", "--format=%i %T %r", `--job=${job}`)
      .catch(() => ""); // a job that was forgotten is none
    if (queue !== shown) console.log(`queue: ${queue.replaceAll("\n", " | ") || "empty"}`);
    shown = queue;
    if (queue === "") return;
    await pause(1000);
  }
}

function pause(milliseconds = 100): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function task(args: string[], env: Record<string, string>): Promise<string> {
  const child = new Deno.Command(toolPaths().deno, {
    args: ["task", "sweep", sweep, ...args],
    cwd: projectRoot,
    env: { ...env, NO_COLOR: "1" },
  });
  const { success, stdout, stderr } = await child.output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  assert(success, text);
  return text;
}
