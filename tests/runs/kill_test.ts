import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readHistory } from "../../lib/notebook/results.ts";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { listVersions } from "../../lib/runs/folder/versions.ts";
import { eventually } from "../support/eventually.ts";
import { holdAt } from "../support/runs/fake_training.ts";
import { withFolder } from "../support/runs/with_folder.ts";

function program(file: string, ...args: string[]): Deno.ChildProcess {
  const path = new URL(file, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", path, ...args],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

const training = (...args: string[]) => program("../support/runs/fake_training.ts", ...args);

/** Starts the run of seed 1, which waits at a place, and answers once it has so many rows of history on disk. */
async function heldTraining(results: string, { place, rows }: { place: string; rows: number }) {
  await holdAt(place, results);
  const child = training(results, "1", "0");
  const ended = child.status.then(({ code }) => `exit code ${code}`);
  await eventually(async () => {
    const history = await readHistory({ folder: join(folder(results), "v001.partial") }).catch(() => []);
    assert(history.length >= rows, `${history.length} rows`);
  }, { ended });
  return child;
}

async function output(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

const folder = (results: string) => join(results, "toy/mutual/seed_1");

async function finalFiles(results: string): Promise<string[]> {
  const read = (name: string) => Deno.readTextFile(join(folder(results), "v001", name));
  return [await read("metrics.csv"), await read("history.csv")];
}

Deno.test("killed with -9 in either stage, a run ends with the bytes of one that was not", () =>
  withFolder(async (results) => {
    const [killed, whole] = [join(results, "killed"), join(results, "whole")];
    // Steps after the last checkpoint are lost.
    for (const [place, rows] of [["first 10", 7], ["second 17", 54]] as const) {
      const child = await heldTraining(killed, { place, rows });
      child.kill("SIGKILL");
      await output(child);
      assertEquals((await readRunRecord(join(folder(killed), "v001.partial")))?.status, "running");
    }
    await holdAt("", killed);
    assertEquals((await output(training(killed, "1", "0"))).code, 0);
    assertEquals((await output(training(whole, "1", "0"))).code, 0);
    assertEquals(await finalFiles(killed), await finalFiles(whole));
    const record = (await readRunRecord(join(folder(killed), "v001")))!;
    assertEquals(record.attempts.map(({ status }) => status), ["running", "running", "finished"]);
  }));

Deno.test("SIGINT stops after the step, saved; the same start goes on", () =>
  withFolder(async (results) => {
    const child = await heldTraining(results, { place: "first 10", rows: 7 });
    child.kill("SIGINT");
    const { code, text } = await output(child);
    assertEquals(code, 1);
    assertMatch(text, /StoppedError: Stopped/);
    assertEquals((await readRunRecord(join(folder(results), "v001.partial")))?.status, "stopped");
    await holdAt("", results); // the signal may have come before the place
    assertMatch((await output(training(results, "1", "0"))).text, /goes on from its last checkpoint/);
    assertEquals((await readRunRecord(join(folder(results), "v001")))?.status, "finished");
  }));

Deno.test("an interrupted cell that is run again in the same kernel goes on from where it stopped", () =>
  withFolder(async (results) => {
    const { code, text } = await output(program("../support/runs/two_cells.ts", results));
    assertEquals([code, text], [0, "toy/mutual/seed_1/v001 begins\n"]);
    assertEquals((await readHistory({ folder: join(folder(results), "v001") })).length, 80);
  }));

Deno.test("a second start of the very same run says who has it", () =>
  withFolder(async (results) => {
    const child = await heldTraining(results, { place: "first 10", rows: 7 });
    const { code, text } = await output(training(results, "1", "0"));
    assertEquals(code, 1);
    assert(
      text.includes(`the very same run is in progress by process ${child.pid} on ${Deno.hostname()}`),
      text,
    );
    child.kill("SIGKILL");
    await output(child);
  }));

Deno.test("six different runs at once get six versions and compute their shared stages once", () =>
  withFolder(async (results) => {
    const arms = ["mutual", "mutual", "no_similarity", "no_similarity", "independent", "independent"];
    const children = arms.map((arm, index) => training(results, String(1 + index % 2), "2", arm));
    const ended = await Promise.all(children.map(output));
    assertEquals(ended.map(({ code }) => code), arms.map(() => 0), ended.map(({ text }) => text).join("\n"));
    const computed = [];
    for (const [index, arm] of arms.entries()) {
      const record = await readRunRecord(join(results, "toy", arm, `seed_${1 + index % 2}`, "v001"));
      computed.push(...record!.stages.filter(({ reused }) => !reused));
    }
    assertEquals(computed.length, 4); // two stages of two seeds
  }));

Deno.test("starts of one slug at once, with other data each, get different versions", () =>
  withFolder(async (results) => {
    const data = ["a", "b", "c", "d"];
    const ended = await Promise.all(data.map((hash) => output(training(results, "1", "0", "mutual", hash))));
    assertEquals(ended.map(({ code }) => code), [0, 0, 0, 0], ended.map(({ text }) => text).join("\n"));
    const versions = await listVersions(folder(results));
    assertEquals(
      versions.map(({ version, partial }) => [version, partial]),
      [1, 2, 3, 4].map((n) => [n, false]),
    );
  }));
