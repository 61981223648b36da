import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createRandom, integer } from "../../lib/data/random.ts";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { eventually } from "../support/eventually.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { eventsOf, lively, startArm, type Task, tinyName } from "../support/experiments/tiny_task.ts";

const steps = 16;

interface Moment {
  stage: string;
  /** It comes at a step between these two. */
  between: [number, number];
  /**
   * `stop`: SIGINT to the task, so that there is a checkpoint in the midst of the stage; `kill`: SIGKILL to the task;
   * `kernel`: SIGKILL to the kernel, as by a machine out of memory.
   */
  how: "stop" | "kill" | "kernel";
}

const moments: Moment[] = [
  { stage: "partial_organ", between: [2, 4], how: "stop" },
  { stage: "partial_organ", between: [8, 12], how: "kill" },
  { stage: "pseudo_labels", between: [1, 4], how: "kernel" },
  { stage: "full_organ", between: [2, 4], how: "stop" },
  { stage: "full_organ", between: [8, 12], how: "kill" },
  { stage: "postprocessing", between: [1, 1], how: "kill" },
  { stage: "test", between: [1, 1], how: "kill" },
];

const ends = {
  stop: { code: 130, status: "stopped" },
  kill: { code: 137, status: "running" },
  kernel: { code: 1, status: "failed" },
} as const;

function start(results: string): Task {
  const set = [...lively, `partialOrganSteps=${steps}`, `fullOrganSteps=${steps}`];
  return startArm("mutual", { results, set });
}

/** The only version of the only run. */
async function runFolder(results: string): Promise<string> {
  const firstIn = async (folder: string) =>
    join(folder, (await Array.fromAsync(Deno.readDir(folder)))[0]!.name);
  return await firstIn(await firstIn(join(results, tinyName, "mutual")));
}

/** Starts the run, ends it at the moment, and answers how many steps of its first stage in progress were done before. */
async function endAt({ stage, between, how }: Moment, results: string, step: number): Promise<number> {
  const earlier = await runFolder(results).catch(() => undefined);
  if (earlier) await Deno.remove(join(earlier, "progress.jsonl")).catch(() => {});
  const task = start(results);
  const folder = await eventually(async () => {
    const folder = await runFolder(results);
    const events = await eventsOf(folder);
    assert(
      events.some((event) =>
        event.kind === "progress" && event.progress.stage === stage && event.progress.step >= step
      ),
      `${stage} at step ${step} of [${between}]`,
    );
    return folder;
  }, { ended: task.ended.then(({ code, stderr }) => `code ${code}, ${stderr}`) });
  const kernel = (await eventsOf(folder))[0]!;
  if (how === "stop") task.kill("SIGINT");
  else if (how === "kill") task.kill("SIGKILL");
  else if (kernel.kind === "kernel") Deno.kill(kernel.process, "SIGKILL");
  const { code, stderr } = await task.ended;
  assertEquals(code, ends[how].code, stderr);
  assertEquals((await readRunRecord(folder))!.status, ends[how].status);
  const progress = (await eventsOf(folder)).flatMap((event) =>
    event.kind === "progress" ? [event.progress] : []
  );
  assertEquals(progress.at(-1)!.stage, stage, "it was ended in this stage");
  return progress.find((told) => told.stage === stage)!.step;
}

/** Without the column of seconds, which no two runs share. */
function withoutSeconds(history: string): string[][] {
  const rows = history.trimEnd().split("\n").map((line) => line.split(","));
  const seconds = rows[0]!.indexOf("seconds");
  return rows.map((row) => row.filter((_, column) => column !== seconds));
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(join(folder, name)));
    found[name] = new Uint8Array(digest).toHex();
  }
  return found;
}

Deno.test("killed or stopped in every stage, a run ends with the bytes of one that was not", () =>
  withFolder(async (root) => {
    const [killed, whole] = [join(root, "killed"), join(root, "whole")];
    const uninterrupted = start(whole);
    const random = createRandom("moments", 1);
    const firstSteps: number[] = [];
    for (const moment of moments) {
      firstSteps.push(await endAt(moment, killed, integer(random, moment.between)));
    }
    // What follows a stop in the midst of a stage goes on from there.
    moments.forEach((_, index) => {
      if (moments[index - 1]?.how === "stop") {
        assert(firstSteps[index]! > 0, `start ${index} began anew`);
      }
    });
    for (const task of [start(killed), uninterrupted]) {
      const { code, stderr } = await task.ended;
      assertEquals(code, 0, stderr);
    }
    const [a, b] = [await runFolder(killed), await runFolder(whole)];
    const attempts = [...moments.map(({ how }) => ends[how].status), "finished"];
    assertEquals((await readRunRecord(a))!.attempts.map(({ status }) => status), attempts);
    for (const name of ["metrics.csv", "pseudo_labels.csv"]) {
      assertEquals(await Deno.readTextFile(join(a, name)), await Deno.readTextFile(join(b, name)));
    }
    const history = async (run: string) => withoutSeconds(await Deno.readTextFile(join(run, "history.csv")));
    assertEquals(await history(a), await history(b));
    for (const name of ["weights", "predictions"]) {
      assertEquals(await hashes(join(a, name)), await hashes(join(b, name)));
    }
  }));
