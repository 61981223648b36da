/**
 * Scans that tests use where they exist.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

/**
 * A folder of the data root (CONSILIUM_DATA, else ../shared/data beside the project); none, and a line saying so, where
 * it does not exist.
 */
export function sharedData(name: string): string | undefined {
  const root = Deno.env.get("CONSILIUM_DATA") ??
    fromFileUrl(new URL("../../../shared/data", import.meta.url));
  const folder = join(root, name);
  try {
    if (Deno.statSync(folder).isDirectory) return folder;
  } catch { /* Said below. */ }
  console.log(`Skipping tests on scans: there is no ${folder} (CONSILIUM_DATA names the folder of scans)`);
  return undefined;
}
