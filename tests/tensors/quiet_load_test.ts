import { assertEquals } from "@std/assert";
import { projectRoot } from "../../lib/setup/tool_paths.ts";

async function stderrOf(script: string): Promise<string> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--allow-env",
      "--allow-ffi",
      `data:text/typescript,${encodeURIComponent(script)}`,
    ],
    cwd: projectRoot,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stderr);
}

const load = `import { loadQuietly } from "file://${projectRoot}/lib/tensors/quiet_load.ts";`;

Deno.test("loadQuietly() drops only the lines that match", async () => {
  const script = `${load}
    await loadQuietly(async () => { console.error("noise 1"); console.error("news"); console.error("noise 2"); }, /noise/);
    console.error("noise after");`;
  assertEquals(await stderrOf(script), "news\nnoise after\n");
});

Deno.test("loadQuietly() passes a failure on, with what was printed before it", async () => {
  const script = `${load}
    try { await loadQuietly(async () => { console.error("why"); throw new Error("failed"); }, /noise/); }
    catch (error) { console.error(error.message); }`;
  assertEquals(await stderrOf(script), "why\nfailed\n");
});

Deno.test("TensorFlow loads and computes without a word", async () => {
  const { stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--allow-env",
      "--allow-ffi",
      `${projectRoot}/lib/tensors/try_tensorflow.ts`,
    ],
    cwd: projectRoot,
  }).output();
  assertEquals([new TextDecoder().decode(stderr), success], ["", true]);
});
