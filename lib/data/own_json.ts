/**
 * JSON that Consilium wrote itself: what is wrong with it is damage, and told in one sentence.
 *
 * @module
 */
import { basename } from "@std/path";
import type { z } from "zod";
import { unsealed } from "../files/seal.ts";
import { jsonFault } from "../text/json_fault.ts";
import { parseWith } from "./json_file.ts";

export interface OwnJson<T> {
  schema: z.ZodType<T>;
  /** Where the text is from, for the error. */
  path: string;
  /** What the reader does, such as "read run". */
  action: string;
}

/** @throws Error with the first thing that is wrong */
export function parseOwnJson<T>(text: string, { schema, path, action }: OwnJson<T>): T {
  const damaged = (problem: string, cause?: unknown) =>
    new Error(`Cannot ${action}: ${basename(path)} is damaged: ${problem} (${path})`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(jsonFault(text, cause), cause);
  }
  try {
    json = unsealed(json);
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
  const { value, problems: [problem] } = parseWith(schema, json);
  if (problem !== undefined) throw damaged(problem);
  return value!;
}
