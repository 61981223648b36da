import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { listRuns } from "../../../lib/runs/folder/list_runs.ts";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { openRun } from "../../../lib/runs/open_run.ts";
import { fakeOptions, fakeTraining } from "../../support/runs/fake_training.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const start = (results: string, seed = 1) =>
  openRun("mutual", { cohort: "toy", seed, rate: 0.5 }, fakeOptions(results));

/** Edits a run.json by hand, and takes its checksum away: who leaves it there has a damaged file. */
// deno-lint-ignore no-explicit-any -- whatever a hand does
async function edit(path: string, change: (json: any) => void): Promise<void> {
  const { sha256: _, ...json } = JSON.parse(await Deno.readTextFile(path));
  change(json);
  await Deno.writeTextFile(path, JSON.stringify(json));
}

Deno.test("a finished run whose parameters were edited is no answer, to a start or to a table", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await fakeTraining(run);
    const path = join(run.folder, "run.json");
    assertEquals((await start(results)).finished, true);
    await edit(path, (json) => json.parameters.rate = 0.25);
    const said =
      `Cannot read run: parameters, hashes or versions in run.json were changed after the run had ended (${path}). ` +
      "Put the file back, or move the run's folder away and run it again";
    for (const read of [() => start(results), () => listRuns("toy", { results })]) {
      assertEquals((await assertRejects(read, Error)).message, said);
    }
    await edit(path, (json) => json.parameters.rate = 0.5);
    assertEquals((await start(results)).finished, true, "put back, it is the run again");
    await edit(path, (json) => json.dataHash = "other");
    await assertRejects(() => readRunRecord(run.folder), Error, "were changed after the run had ended");
  }));

Deno.test("what identifies no run may be changed, and unfinished runs begin with what they are given", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await fakeTraining(run);
    await edit(join(run.folder, "run.json"), (json) => json.notes.push("said by hand"));
    assertEquals((await readRunRecord(run.folder))!.notes, ["said by hand"]);
    const path = join(run.folder, "run.json"),
      sealed = JSON.stringify({ ...run.record, sha256: "0".repeat(64) });
    await Deno.writeTextFile(path, sealed);
    await assertRejects(() => readRunRecord(run.folder), Error, "run.json is damaged: its checksum");
    const other = await start(results, 2);
    await edit(join(other.folder, "run.json"), (json) => json.parameters.rate = 1);
    await other.fail(new Error("enough"));
    const again = await start(results, 2);
    assertEquals([again.finished, again.name, again.record.parameters.rate], [false, other.name, 0.5]);
    await again.fail(new Error("enough"));
  }));

Deno.test("records of before the engine had a version are read", () =>
  withFolder(async (results) => {
    const run = await start(results);
    await fakeTraining(run);
    await edit(join(run.folder, "run.json"), (json) => {
      delete json.engineVersion;
      json.identity = "of fewer fields";
    });
    assertEquals((await readRunRecord(run.folder))!.identity, "of fewer fields");
  }));

Deno.test("all results of the project are read", async () => {
  for await (const { name, isDirectory } of Deno.readDir("results")) {
    if (isDirectory) await listRuns(name, { status: "all" });
  }
});
