import { assertEquals } from "@std/assert";
import { createTeachers } from "../../../lib/methods/mutual/teachers.ts";

const scores = (values: Record<number, number[]>) =>
  new Map(Object.entries(values).map(([organ, all]) => [Number(organ), all]));
const among = ["a", "b", "c"];

Deno.test("teachers: the model of the highest mean validation Dice, at its latest validation", () => {
  const teachers = createTeachers({ margin: 0 });
  assertEquals(teachers.choose("b", 1, { among }), undefined, "nobody is measured yet");
  teachers.measure("a", scores({ 1: [0, 0.1] }));
  teachers.measure("b", scores({ 1: [0.5, 0.6] }));
  assertEquals(teachers.choose("a", 1, { among }), "b");
  teachers.measure("a", scores({ 1: [0.8, 0.9] }));
  assertEquals(teachers.choose("b", 1, { among }), "a", "what was measured before, untrained, is forgotten");
  assertEquals(teachers.choose("a", 1, { among }), undefined, "the best model learns from nobody");
  assertEquals(teachers.choose("b", 1, { among: ["b", "c"] }), undefined, "only models at hand teach");
  assertEquals(
    teachers.choose("c", 1, { among }),
    undefined,
    "a student that is not measured cannot be compared",
  );
  assertEquals(teachers.choose("b", 2, { among }), undefined);
});

/** Differences of the pairs, their mean and standard error sd/√n, by hand. */
const gates: [name: string, teacher: number[], student: number[], margin: number, open: boolean][] = [
  // 0.3, 0.1: mean 0.2, sd √0.02, s 0.1
  ["two standard errors apart: 1.9 of them", [0.8, 0.4], [0.5, 0.3], 1.9, true],
  ["two standard errors apart: 2.1 of them", [0.8, 0.4], [0.5, 0.3], 2.1, false],
  ["cases that differ much, models that differ always: no spread at all", [0.9, 0.2], [0.8, 0.1], 50, true],
  ["equal models", [0.7, 0.2], [0.7, 0.2], 0, false],
  ["one case says nothing", [0.9], [0.1], 0, false],
  ["pairs alone count: one is left", [0.9, NaN], [0.1, 0.3], 0, false],
  ["pairs alone count: two are left", [0.9, NaN, 0.5], [0.1, 0.3, 0.4], 0, true],
];
for (const [name, teacher, student, margin, open] of gates) {
  Deno.test(`teachers: the gate in standard errors of the difference; ${name}`, () => {
    const teachers = createTeachers({ margin });
    teachers.measure("a", scores({ 1: student }));
    teachers.measure("b", scores({ 1: teacher }));
    assertEquals(teachers.choose("a", 1, { among }), open ? "b" : undefined);
  });
}

Deno.test("teachers: of equally good ones the first; organs are told apart", () => {
  const teachers = createTeachers({ margin: 0 });
  teachers.measure("a", scores({ 1: [0.5, 0.5], 2: [0, 0] }));
  teachers.measure("b", scores({ 1: [0.5, 0.5], 2: [1, 1] }));
  teachers.measure("c", scores({ 1: [0, 0], 2: [1, 1] }));
  assertEquals(["a", "b", "c"].map((student) => teachers.choose(student, 1, { among })), [
    undefined,
    undefined,
    "a",
  ]);
  assertEquals(["a", "b", "c"].map((student) => teachers.choose(student, 2, { among })), [
    "b",
    undefined,
    undefined,
  ]);
});

Deno.test("teachers: state goes through JSON and on from there", () => {
  const first = createTeachers({ margin: 0 });
  first.measure("a", scores({ 1: [0.123456789, NaN, 0.1] }));
  const second = createTeachers({ margin: 0 }, JSON.parse(JSON.stringify(first.state())));
  for (const teachers of [first, second]) teachers.measure("b", scores({ 1: [0.9, 0.8, 0.8] }));
  assertEquals(second.state(), first.state());
  assertEquals([first, second].map((teachers) => teachers.choose("a", 1, { among })), ["b", "b"]);
});
