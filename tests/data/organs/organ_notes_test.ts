import { assertEquals, assertStringIncludes } from "@std/assert";
import { sideNotes, wholeNotes } from "../../../lib/data/organs/organ_notes.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));

Deno.test("a kidney beside its sides is pointed at with what to write, unless the cohort says what it is", () => {
  const [note, ...rest] = wholeNotes(named("Liver", "kidney_left", "Right_Kidney", "Kidney"));
  assertEquals(rest, []);
  assertStringIncludes(note!, "Kidney may be kidney_left and Right_Kidney together");
  assertStringIncludes(
    note!,
    `"groups": [{ "name": "Kidney", "parts": ["kidney_left", "Right_Kidney"], "nsdToleranceMm": 1 }]`,
  );
  assertEquals(wholeNotes(named("kidney_left", "kidney_right", "Kidney"), ["Kidney"]), []);
  assertEquals(wholeNotes(named("kidney_left", "Kidney")), []);
});

Deno.test("sides that are not paired are pointed at", () => {
  assertEquals(
    sideNotes([{ name: "LKidney", mirror: "RKidney" }, { name: "RKidney", mirror: "LKidney" }]),
    [],
  );
  const notes = sideNotes(
    named("LKidney", "RKidney", "RightVentricle", "LeftVentricle", "RightParotid", "Liver"),
  );
  assertEquals(notes.map((note) => note.split(" ").slice(0, 4).join(" ")), [
    "LKidney and RKidney have",
    "LeftVentricle and RightVentricle are",
    "RightParotid has a side",
  ]);
});
