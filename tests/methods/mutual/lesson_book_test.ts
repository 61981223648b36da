import { assertEquals } from "@std/assert";
import { createLessonBook } from "../../../lib/methods/mutual/lesson_book.ts";

const scores = (values: Record<number, number[]>) =>
  new Map(Object.entries(values).map(([organ, all]) => [Number(organ), all]));
const at = { among: ["a", "b"], dataset: "b" };

Deno.test("a lesson is noted, equal lessons are counted", () => {
  const book = createLessonBook({ margin: 0 });
  assertEquals(book.choose("a", 1, at), undefined, "nobody is measured yet");
  book.measure("a", scores({ 1: [0.2, 0.2], 2: [0.5, 0.5] }));
  book.measure("b", scores({ 1: [0.6, 0.7], 2: [0.5, 0.5] }));
  assertEquals(book.choose("a", 2, at), undefined, "not better");
  assertEquals(book.choose("b", 1, at), undefined, "the best learns from nobody");
  assertEquals(book.choose("a", 1, at), "b");
  assertEquals(book.choose("a", 1, at), "b");
  book.choose("a", 1, { ...at, dataset: "a" });
  assertEquals(book.rows(), [
    { teacher: "b", student: "a", organ: 1, dataset: "b", lessons: 2 },
    { teacher: "b", student: "a", organ: 1, dataset: "a", lessons: 1 },
  ]);
});

Deno.test("a book goes on from what was saved, through JSON", () => {
  const whole = createLessonBook({ margin: 0 }), first = createLessonBook({ margin: 0 });
  for (const book of [whole, first]) {
    book.measure("a", scores({ 1: [0.2, 0.3] }));
    book.measure("b", scores({ 1: [0.7, 0.7] }));
    book.choose("a", 1, at);
  }
  const second = createLessonBook({ margin: 0 });
  second.load(JSON.parse(JSON.stringify(first.save())));
  for (const book of [whole, second]) {
    book.measure("a", scores({ 1: [0.3, 0.3] }));
    book.choose("a", 1, at);
  }
  assertEquals(second.rows(), whole.rows());
  assertEquals(second.save(), whole.save());
});
