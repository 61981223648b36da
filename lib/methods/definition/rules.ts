/**
 * What a parameter may be, for the check and for people.
 *
 * @module
 */
import { z } from "zod";
import { unknownName } from "../../text/unknown_name.ts";

export interface Rule {
  schema: z.ZodType;
  /** Such as `0 … 1`, or `prototype or voxel`. */
  words: string;
  /** The words it must be one of. */
  choices?: readonly string[];
}

export const share: Rule = { schema: z.number().min(0).max(1), words: "0 … 1" };
export const shareBelowOne: Rule = { schema: z.number().min(0).lt(1), words: "0 or more and below 1" };
export const shareOfSome: Rule = { schema: z.number().min(0.01).max(1), words: "0.01 … 1" };
export const nonNegative: Rule = { schema: z.number().min(0), words: "0 or more" };
export const positive: Rule = { schema: z.number().positive(), words: "above 0" };
export const count: Rule = { schema: z.int().min(0), words: "a whole number, 0 or more" };
export const atLeastOne: Rule = { schema: z.int().min(1), words: "a whole number, 1 or more" };
export const integer: Rule = { schema: z.int(), words: "a whole number" };
export const real: Rule = { schema: z.number(), words: "a number" };
export const truth: Rule = { schema: z.boolean(), words: "true or false" };
export const text: Rule = { schema: z.string().min(1), words: "a text" };

export function oneOf(...choices: string[]): Rule {
  const words = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  return { schema: z.enum(choices), words, choices };
}

/** What is wrong with a value, such as `must be 0 … 1, current value is 2`; undefined when it is good. */
export function faultOf(value: unknown, { schema, words, choices }: Rule): string | undefined {
  if (schema.safeParse(value).success) return undefined;
  if (choices && typeof value === "string") return unknownName(value, choices);
  return `must be ${words}, current value is ${JSON.stringify(value) ?? value}`;
}
