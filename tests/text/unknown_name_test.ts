import { assertEquals } from "@std/assert";
import { nearestName, unknownName } from "../../lib/text/unknown_name.ts";

const known = ["mutual", "no_mutual_difference", "pooled", "RightKidney"];

for (
  const [name, nearest] of [
    ["mutal", "mutual"],
    ["MUTUAL", "mutual"],
    ["no-mutual-difference", "no_mutual_difference"],
    ["right kidney", "RightKidney"],
    ["poled", "pooled"],
    ["xyz", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`nearestName() of "${name}" is ${nearest}`, () =>
    assertEquals(nearestName(name, known), nearest));
}

Deno.test("unknownName() names what there is, what was given and the nearest", () => {
  assertEquals(
    unknownName("poled", ["mutual", "pooled"]),
    'must be one of mutual, pooled, current value is "poled": did you mean pooled?',
  );
  assertEquals(unknownName("xyz", ["mutual"]), 'must be one of mutual, current value is "xyz"');
  assertEquals(unknownName("xyz", []), 'there is none, current value is "xyz"');
});
