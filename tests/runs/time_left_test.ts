import { assert, assertEquals } from "@std/assert";
import { createTimeLeft, formatSeconds } from "../../lib/runs/time_left.ts";

Deno.test("seconds as one says them", () => {
  const cases: [number, string][] = [
    [0, "0 s"],
    [41.4, "41 s"],
    [99.6, "1 min 40 s"],
    [3725, "62 min 5 s"],
    [12030, "3 h 20 min"],
    [NaN, "…"],
    [Infinity, "…"],
  ];
  for (const [seconds, text] of cases) assertEquals(formatSeconds(seconds), text);
});

Deno.test("the time left is unknown at first, known after a step, and zero at the end; each work has its own", async () => {
  const left = createTimeLeft();
  const at = (name: string, step: number) => left({ name, step, steps: 10 });
  assertEquals(at("first", 4), NaN);
  await new Promise((done) => setTimeout(done, 5));
  const [six, eight] = [at("first", 6), at("first", 8)];
  assert(six > 0 && eight < six, `${six}, then ${eight}`);
  assertEquals(at("first", 10), 0);
  assertEquals(at("second", 1), NaN);
  assertEquals(at("first", 1), NaN, "begun again");
  assertEquals(left({ name: "short", step: 1, steps: 1 }), 0);
});
