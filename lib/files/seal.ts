/**
 * Checksums of what Consilium writes and reads again: a bit that a disk turns over must not become a result.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join, relative } from "@std/path";
import { canonicalJson } from "./content_hash.ts";
import { filesBelow } from "./folder_contents.ts";
import { writeJson } from "./whole_file.ts";

/** The key of a JSON object that holds the SHA-256 of all its others. */
const KEY = "sha256";

/** SHA-256 of parts one after the other, in hexadecimal. */
export function bytesHash(...parts: (Uint8Array | string)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
}

/** SHA-256 of a file's bytes. @throws Deno.errors.NotFound where there is none */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** The object with its checksum. What JSON leaves out or turns into null is so before the sum is taken. */
export function sealed(value: object): Record<string, unknown> {
  const plain = JSON.parse(JSON.stringify(value));
  return { ...plain, [KEY]: bytesHash(canonicalJson(plain)) };
}

/** Writes an object as indented JSON with its checksum, whole or not at all. */
export async function writeSealed(path: string, value: object): Promise<void> {
  await writeJson(path, sealed(value));
}

/**
 * The value without its checksum. One that has none is taken as it is: it is of before there were any, or of somebody else.
 *
 * @throws Error when the checksum is that of something else
 */
export function unsealed(json: unknown): unknown {
  if (typeof json !== "object" || json === null || !(KEY in json)) return json;
  const { [KEY]: hash, ...rest } = json as Record<string, unknown>;
  if (hash === bytesHash(canonicalJson(rest))) return rest;
  throw new Error("its checksum is that of something else, so it was changed after it had been written");
}

/** SHA-256 of every file in a folder and below, by its path from there, in order. */
export async function hashesBelow(folder: string): Promise<Record<string, string>> {
  const paths = await Array.fromAsync(filesBelow(folder));
  const hashes: Record<string, string> = {};
  for (const path of paths.sort()) hashes[relative(folder, path)] = await fileHash(path);
  return hashes;
}

/**
 * Makes sure that files are those that were written.
 *
 * @param hashes SHA-256 by path from the folder
 * @throws Error naming the first one that is missing or another
 */
export async function requireFiles(folder: string, hashes: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, hash] of Object.entries(hashes)) {
    const file = join(folder, path);
    const found = await fileHash(file).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    if (found === hash) continue;
    throw new Error(
      `Cannot read what was stored: a file ${found ? "is not what was written" : "is missing"} (${file})`,
    );
  }
}
