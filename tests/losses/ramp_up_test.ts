import { assertAlmostEquals } from "@std/assert";
import { rampUp } from "../../lib/losses/ramp_up.ts";

Deno.test("rampUp", () => {
  const cases: [step: number, options: Parameters<typeof rampUp>[1], expected: number][] = [
    [0, { length: 100 }, Math.exp(-5)],
    [50, { length: 100 }, Math.exp(-1.25)],
    [100, { length: 100 }, 1],
    [1000, { length: 100 }, 1],
    [50, { length: 100, shape: "linear" }, 0.5],
    [9, { start: 10, length: 100 }, 0],
    [60, { start: 10, length: 100, shape: "linear" }, 0.5],
    [0, { length: 0 }, 1],
  ];
  for (const [step, options, expected] of cases) assertAlmostEquals(rampUp(step, options), expected, 1e-12);
});
