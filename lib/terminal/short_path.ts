/**
 * Paths for people.
 *
 * @module
 */
import { relative } from "@std/path";

/** A path as one would type it here. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}
