import { assertEquals } from "@std/assert";
import { mirroredId, organId } from "../../../lib/data/cohorts/organ_name.ts";

Deno.test("spellings of one organ have one id, others do not", () => {
  const groups = [
    ["RightParotid", "parotid_right", "Parotid R", "right parotid", "RIGHT-PAROTID", "parotid_r"],
    ["LeftParotid", "parotid.l", "parotidLeft"],
    ["SpinalCord", "spinal_cord", "spinalcord"],
    ["Liver", "LIVER"],
    ["kidney"],
    ["Kidney L", "left_kidney"],
  ];
  const ids = groups.map((names) => new Set(names.map(organId)));
  ids.forEach((found) => assertEquals(found.size, 1, [...found].join(" ")));
  assertEquals(new Set(ids.flatMap((found) => [...found])).size, groups.length);
});

Deno.test("the mirrored id is the other side's; organs without a side have none", () => {
  assertEquals(mirroredId("RightParotid"), organId("parotid_left"));
  assertEquals(mirroredId("parotid_l"), organId("RightParotid"));
  assertEquals(mirroredId("Liver"), undefined);
});
