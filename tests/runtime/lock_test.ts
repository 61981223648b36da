import { assertEquals } from "@std/assert";
import { withLock } from "../../lib/runtime/lock.ts";
import { projectRoot } from "../../lib/runtime/tool_paths.ts";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("withLock() lets one in at a time, and tells the other that it waits", async () => {
  const folder = await Deno.makeTempDir();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await pause(100);
    events.push(`${name} ends`);
  };
  await Promise.all([
    withLock(`${folder}/lock`, work("a"), { onWait: () => events.push("a waits") }),
    pause(20).then(() => withLock(`${folder}/lock`, work("b"), { onWait: () => events.push("b waits") })),
  ]);
  assertEquals(events, ["a begins", "b waits", "a ends", "b begins", "b ends"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("withLock() gets the lock of a process that was killed", async () => {
  const folder = await Deno.makeTempDir();
  const script = `import { withLock } from "${projectRoot}/lib/runtime/lock.ts";
    await withLock("${folder}/lock", async () => { console.log("held"); await new Promise((r) => setTimeout(r, 60000)); });`;
  const holder = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", script], stdout: "piped" })
    .spawn();
  const reader = holder.stdout.getReader();
  await reader.read(); // it holds the lock now
  let waited = false;
  const locked = withLock(`${folder}/lock`, () => Promise.resolve("got it"), { onWait: () => waited = true });
  await pause(50);
  assertEquals(waited, true);
  holder.kill("SIGKILL");
  assertEquals(await locked, "got it");
  await reader.cancel();
  await holder.status;
  await Deno.remove(folder, { recursive: true });
});
