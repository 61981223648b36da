import { assertEquals, assertMatch } from "@std/assert";
import { ended, taskPermissions } from "../support/commands/tasks.ts";
import { runScript } from "../support/setup/run_script.ts";

const script = `import { cpuinfo } from "lib/tensors/cpuinfo.ts"; console.log(cpuinfo());`;

Deno.test("cpuinfo() needs no more than predict is permitted", async () => {
  const permissions = taskPermissions("predict");
  const { stdout, stderr } = await runScript(script, { permissions: ["--no-prompt", ...permissions] });
  assertEquals(stderr, "");
  const wanted = (await ended("cat", ["/proc/cpuinfo"], {})).stdout;
  const flags = (text: string) => text.match(/^(flags|Features)\s*:.*$/m)?.[0];
  assertEquals(flags(stdout), flags(wanted));
  assertMatch(flags(stdout)!, /\w/);
});

Deno.test("cpuinfo() is empty where the C library may not be called", async () => {
  const { stdout, stderr } = await runScript(script, { permissions: ["--no-prompt", "--allow-read"] });
  assertEquals([stdout, stderr], ["\n", ""]);
});
