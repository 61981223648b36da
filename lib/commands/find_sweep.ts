/**
 * Where a sweep's file lies.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { exists } from "../files/whole_folder.ts";
import { unknownName } from "../text/unknown_name.ts";
import { sweepPath } from "./project.ts";

/**
 * The path of a sweep.
 *
 * @param sweep a name in experiments/sweeps, or the path of a JSON file
 * @throws {Error} There is no sweep of that name; a path is not looked at.
 */
export async function findSweep(sweep: string): Promise<string> {
  const path = sweepPath(sweep);
  if (sweep.endsWith(".json") || await exists(path)) return path;
  const names: string[] = [];
  for await (const { name } of Deno.readDir(dirname(path))) {
    if (name.endsWith(".json")) names.push(basename(name, ".json"));
  }
  throw new Error(`Cannot sweep: the sweep ${unknownName(sweep, names.sort())}, or the path of a JSON file`);
}
