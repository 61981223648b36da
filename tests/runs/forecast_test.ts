import { assertEquals } from "@std/assert";
import { createTimeLeft, formatSeconds } from "../../lib/runs/time_left.ts";

Deno.test("seconds as one says them", () => {
  const cases: [number, string][] = [
    [0, "0 s"],
    [41.4, "41 s"],
    [99, "99 s"],
    [99.6, "1 min 40 s"],
    [5999, "99 min 59 s"],
    [6000, "1 h 40 min"],
    [3725, "62 min 5 s"],
    [12030, "3 h 20 min"],
    [NaN, "…"],
    [Infinity, "…"],
  ];
  for (const [seconds, text] of cases) assertEquals(formatSeconds(seconds), text);
});

Deno.test("the time left is unknown at first, known after a step, and zero at the end; each work has its own", () => {
  let now = 0;
  const left = createTimeLeft(() => now);
  const at = (seconds: number, name: string, step: number) => {
    now = seconds;
    return left({ name, step, steps: 100 });
  };
  assertEquals(at(0, "first", 40), NaN, "resumed there");
  assertEquals(at(10, "first", 60), 20);
  assertEquals(at(30, "first", 100), 0);
  assertEquals(at(30, "second", 1), NaN);
  assertEquals(at(31, "second", 2), 98);
  assertEquals(at(32, "second", 1), NaN, "begun again");
  assertEquals(left({ name: "short", step: 1, steps: 1 }), 0);
});
