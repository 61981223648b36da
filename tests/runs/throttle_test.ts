import { assertEquals } from "@std/assert";
import { throttle } from "../../lib/runs/throttle.ts";

/** Waits until so many values were shown. */
async function until(shown: unknown[], count: number): Promise<void> {
  while (shown.length < count) await new Promise((done) => setTimeout(done, 1));
}

Deno.test("of many values in a moment the first and the last are shown", async () => {
  const shown: number[] = [];
  const { tell } = throttle<number>(50, (value) => shown.push(value));
  for (let value = 1; value <= 1000; value++) tell(value);
  assertEquals(shown, [1]);
  await until(shown, 2);
  assertEquals(shown, [1, 1000]);
});

Deno.test("what must be shown is shown at once, and nothing older after it", async () => {
  const shown: string[] = [];
  const { tell, tellNow, restart } = throttle<string>(50, (value) => shown.push(value));
  tell("a");
  tell("b");
  tellNow("end");
  assertEquals(shown, ["a", "end"]);
  tell("c");
  await until(shown, 3);
  assertEquals(shown, ["a", "end", "c"]);
  tell("d");
  restart();
  tell("e");
  tell("f");
  await until(shown, 5);
  assertEquals(shown, ["a", "end", "c", "e", "f"]);
});
