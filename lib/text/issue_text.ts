/**
 * What zod finds wrong with a value, in our words.
 *
 * @module
 */
import type { z } from "zod";

const types: Record<string, string> = {
  array: "a list",
  object: "an object",
  record: "an object",
  tuple: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** What is counted of a kind; parts of all others. */
const units: Record<string, string> = { number: "", int: "", string: "letter" };

/** Such as `must be a number, is "x"`. A message that a schema has of its own is said as it stands. */
export function issueText(issue: z.core.$ZodIssue, value: unknown): string {
  if (!isZods(issue)) return issue.message;
  const is = `, is ${shown(value)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${types[issue.expected] ?? issue.expected}${is}`;
    case "invalid_value":
      return `must be ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}${is}`;
    case "invalid_union":
      return `must be ${
        [...new Set(issue.errors.flat().flatMap(kindOf))].join(" or ") || "of another kind"
      }${is}`;
    case "too_small":
      return `must ${bound(issue.origin, issue.inclusive ? "at least" : "more than", issue.minimum)}${is}`;
    case "too_big":
      return `must ${bound(issue.origin, issue.inclusive ? "at most" : "less than", issue.maximum)}${is}`;
    default:
      return `${issue.message}${is}`;
  }
}

/** What a value itself would have to be, none of what is in it. */
function kindOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === "invalid_type" && issue.path.length === 0
    ? [types[issue.expected] ?? issue.expected]
    : [];
}

/** Zod's own messages all begin so. */
function isZods({ message }: z.core.$ZodIssue): boolean {
  return /^(Invalid|Too (small|big)|Unrecognized)/.test(message);
}

function bound(origin: string, how: string, limit: number | bigint): string {
  const unit = units[origin] ?? "part";
  return unit === "" ? `be ${how} ${limit}` : `have ${how} ${limit} ${unit}${limit == 1 ? "" : "s"}`;
}

/** Short, in one line. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value !== null && typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}
