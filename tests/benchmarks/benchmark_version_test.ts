import { assertEquals, assertRejects } from "@std/assert";
import { basename, dirname } from "@std/path";
import { readBenchmarkRecords, writeBenchmarkRecord } from "../../benchmarks/harness/benchmark_record.ts";
import { openBenchmarkVersion } from "../../benchmarks/harness/benchmark_version.ts";
import { machineName } from "../../benchmarks/harness/machine_name.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { fakeRatio, fakeRecord, MACHINE } from "../support/benchmarks/fake_record.ts";

const all = ["a", "b", "c"];

/** Opens a version and writes results of those that are done in it; tells the version and what was open. */
async function open(
  folder: string,
  { named, done = [], machine = MACHINE }: { named?: string[]; done?: string[]; machine?: typeof MACHINE } =
    {},
) {
  const version = await openBenchmarkVersion(folder, { all, named, machine });
  for (const name of done) await writeBenchmarkRecord(version.path, fakeRecord(name, { machine }));
  assertEquals(dirname(version.path), `${folder}/${machineName(machine)}`);
  return [basename(version.path), ...version.open];
}

Deno.test("a version is continued while it lacks benchmarks, and a complete one is left alone", () =>
  withFolder(async (folder) => {
    assertEquals(await open(`${folder}/new`), ["v001", "a", "b", "c"]);
    assertEquals(await open(`${folder}/new`, { done: ["b"] }), ["v001", "a", "b", "c"]);
    assertEquals(await open(`${folder}/new`, { done: ["a", "c"] }), ["v001", "a", "c"]);
    assertEquals(await open(`${folder}/new`), ["v002", "a", "b", "c"]);
  }));

Deno.test("named benchmarks are added to a version that has none of them, else begin a new one", () =>
  withFolder(async (folder) => {
    assertEquals(await open(folder, { named: ["c", "a"], done: ["c", "a"] }), ["v001", "c", "a"]);
    assertEquals(await open(folder, { named: ["b"] }), ["v001", "b"]);
    assertEquals(await open(folder, { named: ["b", "a"] }), ["v002", "b", "a"]);
    assertEquals(await open(folder, { named: ["c"], done: ["c"] }), ["v002", "c"]);
    assertEquals(await open(folder), ["v002", "a", "b"]);
  }));

Deno.test("another kind of machine begins a folder of its own, another host a version, and records stay as they are", () =>
  withFolder(async (folder) => {
    assertEquals(await open(folder, { done: ["a"] }), ["v001", "a", "b", "c"]);
    const path = `${folder}/${machineName(MACHINE)}/v001/a.json`;
    const before = await Deno.readTextFile(path);
    const capped = { ...MACHINE, settings: { ONEDNN_MAX_CPU_ISA: "AVX2" } };
    for (const machine of [capped, { ...MACHINE, threads: 2 }, { ...MACHINE, flags: ["avx2"] }]) {
      assertEquals(await open(folder, { machine, done: ["a"] }), ["v001", "a", "b", "c"]);
      assertEquals(await open(folder, { machine }), ["v001", "b", "c"]);
    }
    assertEquals(await open(folder, { machine: { ...MACHINE, host: "there" } }), ["v002", "a", "b", "c"]);
    assertEquals(await Deno.readTextFile(path), before);
  }));

Deno.test("a record is read as it was written, NaN too", () =>
  withFolder(async (folder) => {
    assertEquals(await readBenchmarkRecords(`${folder}/missing`), []);
    const curve = { title: "t", x: "x", y: "y", points: [{ x: 1, y: 2 }] };
    const record = fakeRecord("a", {
      ratios: [fakeRatio({ ratio: NaN, goal: 1 })],
      curves: [curve],
      notes: ["n"],
    });
    await writeBenchmarkRecord(folder, record);
    assertEquals(await readBenchmarkRecords(folder), [record]);
  }));

Deno.test("a file that is not a record is named", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.json`, JSON.stringify({ ...fakeRecord("a"), ratios: 3 }));
    const error = await assertRejects(() => readBenchmarkRecords(folder), Error, "ratios");
    assertEquals(error.message.endsWith(`(${folder}/a.json)`), true);
  }));
