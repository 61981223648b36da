import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createTeachers } from "../../../lib/methods/mutual/teachers.ts";

const dice = (values: Record<number, number>) =>
  new Map(Object.entries(values).map(([o, v]) => [Number(o), v]));

const usual = { decay: 0.99, margin: 0 };

Deno.test("teachers: a moving average, started by the first measurement", () => {
  const teachers = createTeachers({ decay: 0.9, margin: 0 });
  teachers.measure("a", dice({ 1: 0.5 }));
  teachers.measure("a", dice({ 1: 1, 2: 0.3 }));
  assertAlmostEquals(teachers.state().a![1], 0.55, 1e-12);
  assertEquals(teachers.state().a![2], 0.3);
});

Deno.test("teachers: the best model of an organ teaches, by how much it is better than the margin", () => {
  const teachers = createTeachers({ decay: 0.99, margin: 0.1 });
  teachers.measure("a", dice({ 1: 0.8, 2: 0.2 }));
  teachers.measure("b", dice({ 1: 0.5, 2: 0.25 }));
  teachers.measure("c", dice({ 1: 0.6 }));
  const chosen = (student: string, organ: number) => {
    const choice = teachers.choose(student, organ);
    return choice && [choice.teacher, Math.round(choice.weight * 1e6) / 1e6];
  };
  assertEquals(chosen("b", 1), ["a", 0.2]);
  assertEquals(chosen("c", 1), ["a", 0.1]);
  assertEquals(chosen("a", 1), ["a", 0], "the best model learns nothing");
  assertEquals(chosen("a", 2), ["b", 0], "within the margin");
  assertEquals(chosen("c", 2), undefined, "not measured yet");
  assertEquals(chosen("d", 1), undefined);
});

Deno.test("teachers: state goes through JSON and on from there", () => {
  const first = createTeachers(usual);
  first.measure("a", dice({ 1: 0.123456789 }));
  const second = createTeachers(usual, JSON.parse(JSON.stringify(first.state())));
  for (const teachers of [first, second]) teachers.measure("a", dice({ 1: 0.9 }));
  assertEquals(second.state(), first.state());
});
