import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createLessonBook } from "../../../lib/methods/mutual/lesson_book.ts";

const dice = (values: Record<number, number>) =>
  new Map(Object.entries(values).map(([organ, value]) => [Number(organ), value]));
const at = { among: ["a", "b"], dataset: "b" };

Deno.test("a lesson is noted with its weight, equal lessons are summed", () => {
  const book = createLessonBook({ decay: 0.5, margin: 0.1 });
  assertEquals(book.choose("a", 1, at), undefined, "nobody is measured yet");
  book.measure("a", dice({ 1: 0.2, 2: 0.5 }));
  book.measure("b", dice({ 1: 0.6, 2: 0.55 }));
  assertEquals(book.choose("a", 2, at), undefined, "not better by the margin");
  assertEquals(book.choose("b", 1, at), undefined, "the best learns from nobody");
  assertAlmostEquals(book.choose("a", 1, at)!.weight, 0.3, 1e-12);
  book.measure("a", dice({ 1: 0.4 }));
  assertAlmostEquals(book.choose("a", 1, at)!.weight, 0.2, 1e-12);
  book.choose("a", 1, { ...at, dataset: "a" });
  const rows = book.rows();
  assertEquals(rows.map(({ weight: _, ...row }) => row), [
    { teacher: "b", student: "a", organ: 1, dataset: "b", lessons: 2 },
    { teacher: "b", student: "a", organ: 1, dataset: "a", lessons: 1 },
  ]);
  assertAlmostEquals(rows[0]!.weight, 0.5, 1e-12);
});

Deno.test("only models at hand teach", () => {
  const book = createLessonBook({ decay: 0.99, margin: 0 });
  for (const [name, value] of [["a", 0.1], ["b", 0.9], ["c", 0.5]] as const) {
    book.measure(name, dice({ 1: value }));
  }
  assertEquals(book.choose("a", 1, { among: ["a", "c"], dataset: "c" })!.teacher, "c");
});

Deno.test("a book goes on from what was saved, through JSON", () => {
  const whole = createLessonBook({ decay: 0.9, margin: 0 }),
    first = createLessonBook({ decay: 0.9, margin: 0 });
  for (const book of [whole, first]) {
    book.measure("a", dice({ 1: 0.2 }));
    book.measure("b", dice({ 1: 0.7 }));
    book.choose("a", 1, at);
  }
  const second = createLessonBook({ decay: 0.9, margin: 0 });
  second.load(JSON.parse(JSON.stringify(first.save())));
  for (const book of [whole, second]) {
    book.measure("a", dice({ 1: 0.3 }));
    book.choose("a", 1, at);
  }
  assertEquals(second.rows(), whole.rows());
  assertEquals(second.save(), whole.save());
});
