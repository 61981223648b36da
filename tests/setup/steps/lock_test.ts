import { assertEquals } from "@std/assert";
import { withLock } from "../../../lib/setup/steps/lock.ts";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";

Deno.test("withLock() lets one in at a time, and tells the other that it waits", async () => {
  const folder = await Deno.makeTempDir();
  const events: string[] = [];
  const [aHolds, bWaits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const a = withLock(`${folder}/lock`, async () => {
    events.push("a begins");
    aHolds.resolve();
    await bWaits.promise;
    await new Promise((done) => setTimeout(done, 50)); // b would come in now if the lock did not hold it
    events.push("a ends");
  }, { onWait: () => events.push("a waits") });
  await aHolds.promise;
  const b = withLock(`${folder}/lock`, () => {
    bWaits.resolve(); // had b been let in at once
    events.push("b begins");
    return Promise.resolve();
  }, {
    onWait() {
      events.push("b waits");
      bWaits.resolve();
    },
  });
  await Promise.all([a, b]);
  assertEquals(events, ["a begins", "b waits", "a ends", "b begins"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("withLock() gets the lock of a process that was killed", async () => {
  const folder = await Deno.makeTempDir();
  const script = `import { withLock } from "${projectRoot}/lib/setup/steps/lock.ts";
    await withLock("${folder}/lock", async () => { console.log("held"); await new Promise((r) => setTimeout(r, 600_000)); });`;
  const holder = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", script], stdout: "piped" })
    .spawn();
  const reader = holder.stdout.getReader();
  await reader.read(); // it holds the lock now
  const waits = Promise.withResolvers<string>();
  const locked = withLock(`${folder}/lock`, () => Promise.resolve("got it"), {
    onWait: () => waits.resolve("waits"),
  });
  assertEquals(await Promise.race([waits.promise, locked]), "waits");
  holder.kill("SIGKILL");
  assertEquals(await locked, "got it");
  await reader.cancel();
  await holder.status;
  await Deno.remove(folder, { recursive: true });
});
