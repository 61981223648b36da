import { assertEquals } from "@std/assert";
import { formatSeconds } from "../../lib/text/format_seconds.ts";

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
