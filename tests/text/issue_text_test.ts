import { assertEquals } from "@std/assert";
import { z } from "zod";
import { parseWith } from "../../lib/data/json_file.ts";

const cases: [schema: z.ZodType, value: unknown, said: string][] = [
  [z.object({ a: z.number() }), [], "must be an object, is an empty list"],
  [z.object({ a: z.number() }), null, "must be an object, is null"],
  [z.object({ a: z.number() }), {}, "a: is missing"],
  [z.object({ a: z.number() }), { a: "x" }, 'a: must be a number, is "x"'],
  [z.int(), 1.5, "must be a whole number, is 1.5"],
  [z.array(z.string()).min(1), [], "must have at least 1 part, is an empty list"],
  [z.number().positive(), 0, "must be more than 0, is 0"],
  [z.number().max(1), 2, "must be at most 1, is 2"],
  [z.enum(["a", "b"]), "c", 'must be "a" or "b", is "c"'],
  [z.union([z.array(z.string()), z.object({})]), 3, "must be a list or an object, is 3"],
  [z.string().regex(/x/, "must be x"), "y", "must be x"],
  [z.record(z.string(), z.number()), 7, "must be an object, is 7"],
  [z.tuple([z.number(), z.number()]), [1], "must have at least 2 parts, is a list"],
];

for (const [schema, value, said] of cases) {
  Deno.test(`in our words: ${said}`, () => assertEquals(parseWith(schema, value).problems, [said]));
}
