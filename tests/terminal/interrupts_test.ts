import { assertEquals } from "@std/assert";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";

/** Says that it listens, and then how it ends. */
const command = `import { listenForInterrupts } from "file://${projectRoot}/lib/terminal/interrupts.ts";
const { stop } = listenForInterrupts(() => console.log("stops"));
stop.addEventListener("abort", () => Deno.exit(130));
console.log("listens");
await new Promise((end) => setTimeout(end, 30_000));`;

for (
  const [program, env, said] of [["deno task", { INIT_CWD: "/" }, "stops\n"], ["another", {}, ""]] as const
) {
  Deno.test(`a command whose parent, ${program}, is killed by SIGKILL: ${said.trim() || "it goes on"}`, async () => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, command.replace("30_000", said === "" ? "3_000" : "30_000"));
    const start = `await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-env", ${JSON.stringify(file)}], stderr: "null",
    }).spawn().status;`;
    const { INIT_CWD: _, ...others } = Deno.env.toObject();
    const parent = new Deno.Command(toolPaths().deno, {
      args: ["eval", start],
      clearEnv: true,
      env: { ...others, ...env },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const chunks = parent.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    assertEquals((await chunks.next()).value, "listens\n");
    parent.kill("SIGKILL");
    await parent.status;
    assertEquals((await chunks.next()).value ?? "", said); // the end of the pipe is that of the command
    await Deno.remove(file);
    await chunks.return?.();
  });
}
