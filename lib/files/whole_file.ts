/**
 * Files that are either the old ones or the new ones, wherever a process is killed.
 *
 * @module
 */
import { dirname } from "@std/path";
import { reasonOf } from "../text/error_text.ts";
import { readUtf8 } from "./utf8_text.ts";

/**
 * Writes beside the file, then renames over it: a reader never sees half a file, and nothing is left when writing
 * fails. Makes the folder where there is none.
 *
 * @param content text, bytes, or a stream of bytes
 * @param options `mode`: permissions of a new file; by default what the process gives
 * @throws Error naming the file and the reason
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array | ReadableStream<Uint8Array<ArrayBuffer>>,
  options: { mode?: number } = {},
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.partial`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(temporary, content, options);
    else await Deno.writeFile(temporary, content, options);
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw new Error(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a value as indented JSON, whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWholeFile(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * The text of a file, or undefined when there is none.
 *
 * @throws Error with the file when it cannot be read, or is no UTF-8
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readUtf8(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return undefined;
    throw new Error(`Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}
