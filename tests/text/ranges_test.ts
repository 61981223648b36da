import { assertEquals } from "@std/assert";
import { ranges } from "../../lib/text/ranges.ts";

for (
  const [numbers, text] of [[[], ""], [[1], "1"], [[1, 2, 3], "1-3"], [[7, 1, 2], "1-2,7"], [
    [4, 2, 4],
    "2,4",
  ]] as [
    number[],
    string,
  ][]
) {
  Deno.test(`ranges of ${numbers}`, () => assertEquals(ranges(numbers), text));
}
