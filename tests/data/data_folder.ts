/** Where the real scans are, if they are. */
import { existsSync } from "node:fs";
import { join, resolve } from "@std/path";

/**
 * A folder of CONSILIUM_DATA, else of ../shared/data; undefined, with a line on the console, where there is none: the
 * test is then ignored.
 */
export function dataFolder(name: string): string | undefined {
  const folder = join(resolve(Deno.env.get("CONSILIUM_DATA") ?? "../shared/data"), name);
  if (existsSync(join(folder, "dataset.json"))) return folder;
  console.log(`No ${name} at ${folder}: its test is skipped (set CONSILIUM_DATA)`);
  return undefined;
}
