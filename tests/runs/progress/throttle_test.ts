import { assert, assertEquals } from "@std/assert";
import { throttle } from "../../../lib/runs/progress/throttle.ts";

/** Waits until so many values were shown. */
async function until(shown: unknown[], count: number): Promise<void> {
  while (shown.length < count) await new Promise((done) => setTimeout(done, 1));
}

Deno.test("of many values in a moment the first, the last and as many as the time allows are shown", async () => {
  const shown: number[] = [];
  const perSecond = 50;
  const begun = performance.now();
  const { tell } = throttle<number>(perSecond, (value) => shown.push(value));
  for (let value = 1; value <= 1000; value++) tell(value);
  while (shown.at(-1) !== 1000) await until(shown, shown.length + 1);
  assertEquals([shown[0], shown.at(-1)], [1, 1000]);
  const most = 2 + (performance.now() - begun) / 1000 * perSecond;
  assert(shown.length <= most, `${shown.length} were shown where ${most} may be`);
});

Deno.test("what must be shown is shown at once, and nothing older after it", async () => {
  const shown: string[] = [];
  const { tell, tellNow } = throttle<string>(50, (value) => shown.push(value));
  tell("a");
  tell("b"); // waits, unless this machine has slept since the line above
  tellNow("end");
  const count = shown.length;
  await new Promise((done) => setTimeout(done, 100)); // b would come now
  assertEquals([shown.at(-1), shown.length], ["end", count]);
});

Deno.test("a new beginning drops what waits, and shows the next value at once", () => {
  const shown: string[] = [];
  const { tell, restart } = throttle<string>(1 / 3600, (value) => shown.push(value));
  tell("a");
  tell("b");
  assertEquals(shown, ["a"], "one an hour");
  restart();
  tell("c");
  tell("d");
  assertEquals(shown, ["a", "c"]);
  restart();
});
