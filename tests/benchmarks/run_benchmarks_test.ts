import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readBenchmarkRecords } from "../../benchmarks/harness/benchmark_record.ts";
import { listBenchmarks, runBenchmarks } from "../../benchmarks/harness/run_benchmarks.ts";
import { bench } from "../../lib/commands/bench/bench.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { fakeRatio, fakeRecord, MACHINE } from "../support/benchmarks/fake_record.ts";

/** Folders of benchmarks by name, from the bodies of their `run`. */
async function writeBenchmarks(folder: string, bodies: Record<string, string>): Promise<void> {
  for (const [name, body] of Object.entries(bodies)) {
    await Deno.mkdir(join(folder, name));
    const run = `async run({ temporary, progress }) { ${body} }`;
    const module = `export const benchmark = { name: "${name}", title: "Title of ${name}", ${run} };`;
    await Deno.writeTextFile(join(folder, name, "benchmark.ts"), module);
  }
}

/** Runs benchmarks of a folder, and tells what progress was told. */
async function run(names: string[], { folder, stop = new AbortController() }: {
  folder: string;
  stop?: AbortController;
}) {
  const told: string[] = [];
  const progress = {
    begin: (name: string) => void told.push(`${name} begins`),
    progress(text: string) {
      told.push(text);
      if (text === "stop") stop.abort(new Error("stopped"));
    },
    end: (_: number, error?: Error) => void told.push(error?.message ?? "ends"),
  };
  const failures = await runBenchmarks(names, {
    benchmarks: folder,
    results: `${folder}/results`,
    progress,
    stop: stop.signal,
    deno: toolPaths().deno,
    python: toolPaths().python,
    dataRoot: folder,
    machine: MACHINE,
    versions: {},
  });
  return { failures, told };
}

const { ratios, equality, measurements } = fakeRecord("any", { ratios: [fakeRatio()] });
const good = `
  await Deno.writeTextFile(temporary + "/file", "");
  progress(temporary);
  return ${JSON.stringify({ ratios, equality, measurements })};
`;

Deno.test("benchmarks are folders with a benchmark.ts", () =>
  withFolder(async (folder) => {
    await writeBenchmarks(folder, { b: good, a: good });
    await Deno.mkdir(join(folder, "shared"));
    await Deno.writeTextFile(join(folder, "file.ts"), "");
    assertEquals(await listBenchmarks(folder), ["a", "b"]);
  }));

Deno.test("a failing benchmark has no result and is counted; the others go on", () =>
  withFolder(async (folder) => {
    await writeBenchmarks(folder, { a: `throw new Error("broken")`, b: good });
    const { failures, told } = await run(["a", "b"], { folder });
    const temporary = told[3]!;
    assertEquals(failures, 1);
    assertEquals(told, ["a begins", "broken", "b begins", temporary, "ends"]);
    await assertRejects(() => Deno.stat(temporary), Deno.errors.NotFound);
    const records = await readBenchmarkRecords(`${folder}/results`);
    assertEquals(records.map(({ name, title, machine }) => [name, title, machine.host]), [
      ["b", "Title of b", "here"],
    ]);
    assertEquals(records.map((record) => [record.ratios, record.measurements]), [[ratios, measurements]]);
  }));

Deno.test("a stop ends the benchmark that runs, keeps earlier results, and begins no other", () =>
  withFolder(async (folder) => {
    await writeBenchmarks(folder, { a: good, b: `progress("stop"); await new Promise(() => {});`, c: good });
    await assertRejects(() => run(["a", "b", "c"], { folder }), Error, "stopped");
    assertEquals((await readBenchmarkRecords(`${folder}/results`)).map(({ name }) => name), ["a"]);
  }));

Deno.test("an unknown benchmark is refused with those there are", async () => {
  const known = await listBenchmarks(`${projectRoot}/benchmarks/contests`);
  await assertRejects(
    () => bench(["nonsense"]),
    Error,
    `Cannot bench: a benchmark must be one of ${known.join(", ")}`,
  );
});

Deno.test("the benchmarks pass the type checker", async () => {
  const { success, stderr } = await new Deno.Command(toolPaths().deno, {
    args: ["check", "benchmarks/contests/"],
    cwd: projectRoot,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
});
