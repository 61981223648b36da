import { assert, assertEquals, assertThrows } from "@std/assert";
import { computeThreads, shareThreads } from "../../lib/tensors/compute_threads.ts";
import { setTensorflowEnvironment } from "../../lib/tensors/environment.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withEnv } from "../support/setup/with_env.ts";

/** The processors of this process, as the kernel writes them: "0-3,8". */
async function allowed(): Promise<number[]> {
  const { stdout } = await new Deno.Command("grep", { args: ["Cpus_allowed_list", "/proc/self/status"] })
    .output();
  return new TextDecoder().decode(stdout).split(":")[1]!.trim().split(",").flatMap((range) => {
    const bounds = range.split("-").map(Number);
    const first = bounds[0]!, last = bounds.at(-1)!;
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

Deno.test("TensorFlow's threads are the user's number, or else the processors that this process may run on", async () => {
  const variable = "TF_NUM_INTRAOP_THREADS";
  await withEnv({ [variable]: "5" }, () => assertEquals(computeThreads(), 5));
  const all = (await allowed()).length;
  // TensorFlow takes 0 for its own choice.
  for (const value of [undefined, "", "0"]) {
    await withEnv({ [variable]: value, OMP_NUM_THREADS: "77" }, () => assertEquals(computeThreads(), all));
  }
});

Deno.test("programs side by side share the threads, one each at least; the user's number stays", async () => {
  const variable = "TF_NUM_INTRAOP_THREADS";
  const all = (await allowed()).length;
  const shared: [set: string | undefined, programs: number, wanted: number][] = [
    [undefined, 1, all],
    ["0", 2, Math.max(1, Math.floor(all / 2))],
    [undefined, 1000, 1],
    ["3", 2, 3],
  ];
  for (const [set, programs, wanted] of shared) {
    await withEnv({ [variable]: set }, () => {
      shareThreads(programs);
      assertEquals(computeThreads(), wanted, `${set} ${programs}`);
    });
  }
});

Deno.test("a number of threads that is none is refused, as TensorFlow would pass over it", async () => {
  for (const variable of ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"]) {
    for (const value of ["abc", "-1", "1.5"]) {
      await withEnv({ [variable]: value }, () => {
        const said = `${variable} must be a whole number, 0 or more`;
        for (const ask of [computeThreads, setTensorflowEnvironment]) assertThrows(ask, Error, said);
      });
    }
  }
});

Deno.test("a process that is bound to one processor computes with one thread", async () => {
  const script =
    `import { computeThreads, shareThreads } from "file://${projectRoot}/lib/tensors/compute_threads.ts";
    console.log(computeThreads());`;
  const [first] = await allowed();
  const { success, stdout, stderr } = await new Deno.Command("taskset", {
    args: ["-c", `${first}`, toolPaths().deno, "eval", script],
    env: { TF_NUM_INTRAOP_THREADS: "", NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  assertEquals(new TextDecoder().decode(stdout), "1\n");
});
