import { assertEquals } from "@std/assert";
import { errorMap, ERRORS } from "../../lib/imaging/error_map.ts";

Deno.test("missed, extra, another organ, and right", () => {
  const truth = Uint8Array.of(0, 1, 1, 1, 0, 2), prediction = Uint8Array.of(0, 1, 0, 2, 2, 1);
  assertEquals([...errorMap(truth, prediction)], [0, 0, 1, 3, 2, 3]);
  assertEquals(ERRORS.length, 3);
});
