import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/terminal/usage.ts";
import { wholeNumber } from "../../lib/terminal/whole_number.ts";

Deno.test("a whole number from the least on; nothing, parts and words are told with the option", () => {
  const read = (text: string, least: number) => wholeNumber(text, { action: "sweep", name: "jobs", least });
  assertEquals([read("1", 1), read("12", 1), read("0", 0)], [1, 12, 0]);
  for (const text of ["0", "", " ", "1.5", "two", "-1"]) {
    const told = `Cannot sweep: --jobs must be a whole number from 1 on, current value is "${text}"`;
    assertThrows(() => read(text, 1), UsageError, told);
  }
  assertThrows(() => read("", 0), UsageError, 'current value is ""');
});
