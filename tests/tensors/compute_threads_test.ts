import { assert, assertEquals } from "@std/assert";
import { computeThreads } from "../../lib/tensors/compute_threads.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withEnv } from "../support/setup/with_env.ts";

/** The processors of this process, as the kernel writes them: "0-3,8". */
async function allowed(): Promise<number[]> {
  const { stdout } = await new Deno.Command("grep", { args: ["Cpus_allowed_list", "/proc/self/status"] })
    .output();
  return new TextDecoder().decode(stdout).split(":")[1].trim().split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

Deno.test("TensorFlow's threads are the user's number, or else the processors that this process may run on", async () => {
  const variable = "TF_NUM_INTRAOP_THREADS";
  await withEnv({ [variable]: "5" }, () => assertEquals(computeThreads(), 5));
  const all = (await allowed()).length;
  // TensorFlow passes over what is no number, and takes 0 for its own choice.
  for (const value of [undefined, "", "0", "two"]) {
    await withEnv({ [variable]: value, OMP_NUM_THREADS: "77" }, () => assertEquals(computeThreads(), all));
  }
});

Deno.test("a process that is bound to one processor computes with one thread", async () => {
  const script = `import { computeThreads } from "file://${projectRoot}/lib/tensors/compute_threads.ts";
    console.log(computeThreads());`;
  const [first] = await allowed();
  const { success, stdout, stderr } = await new Deno.Command("taskset", {
    args: ["-c", `${first}`, toolPaths().deno, "eval", script],
    env: { TF_NUM_INTRAOP_THREADS: "", NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  assertEquals(new TextDecoder().decode(stdout), "1\n");
});
