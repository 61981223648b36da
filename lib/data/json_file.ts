/**
 * JSON from disk, checked against a schema, with every fault told at once.
 *
 * @module
 */
import type { z } from "zod";
import { readUtf8 } from "../files/utf8_text.ts";
import { reasonOf } from "../text/error_text.ts";
import { issueText } from "../text/issue_text.ts";
import { jsonFault } from "../text/json_fault.ts";
import { nearestName } from "../text/unknown_name.ts";
import { repeatedKeys } from "./repeated_keys.ts";
import { jsonSchemaOf, schemaAt } from "./json_schema.ts";

/** A JSON file that is not what it should be: `problems` holds one line each. */
export class InvalidFileError extends Error {
  override name = "InvalidFileError";
  constructor(public readonly file: string, public readonly problems: string[], what: string) {
    super(
      `Cannot read ${what}: ${
        problems.length === 1 ? "1 problem" : `${problems.length} problems`
      } (${file})\n` +
        problems.map((problem) => `  - ${problem}`).join("\n"),
    );
  }
}

/** `["datasets", 0, "organs"]` → `datasets[0].organs`. */
export function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key),
    "",
  );
}

/**
 * Reads a JSON file.
 *
 * @param what the file's kind in a few words, for the errors
 * @throws {InvalidFileError} when it is missing, no JSON, or has a key twice
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  let text: string;
  try {
    text = await readUtf8(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "no such file" : reasonOf(error);
    throw new InvalidFileError(path, [reason], what);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidFileError(path, [`not JSON: ${jsonFault(text, error)}`], what);
  }
  const repeated = repeatedKeys(text);
  if (repeated.length > 0) throw new InvalidFileError(path, repeated, what);
  return value;
}

/**
 * The issues of a union: those of the alternative that the value was meant to be, which is the one it has the type of.
 */
function plainIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((branch) =>
    !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0)
  );
  if (!meant) return [issue];
  return meant.flatMap((inner) => plainIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

/**
 * Checks a value against a schema.
 *
 * @returns the parsed value, or one line a fault, each beginning with its place in the JSON
 */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown): { value?: T; problems: string[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap(plainIssues).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const present = valueAt(value, issue.path) as Record<string, unknown>;
      const known = schemaAt(jsonSchemaOf(schema), issue.path)
        .filter(({ properties = {} }) =>
          // the alternative that is meant
          Object.entries(properties).every(([key, { const: word }]) =>
            word === undefined || word === present[key]
          )
        ).flatMap(({ properties = {} }) => Object.keys(properties));
      return issue.keys.map((key) => `${jsonPath([...issue.path, key])}: ${unknownKey(key, known)}`);
    }
    const place = jsonPath(issue.path);
    const present = valueAt(value, issue.path);
    const message = present === undefined ? "is missing" : issueText(issue, present);
    return [place ? `${place}: ${message}` : message];
  });
  return { problems };
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  const advice = nearest === undefined ? `must be one of ${known.join(", ")}` : `did you mean ${nearest}?`;
  return `unknown key: ${advice}`;
}

/** undefined where there is nothing. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
