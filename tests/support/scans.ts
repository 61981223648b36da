/** Scans that tests use where they are: git does not keep them. */
import { fromFileUrl, join } from "@std/path";

/** CONSILIUM_DATA, else shared/data beside the project. */
const root = Deno.env.get("CONSILIUM_DATA") || fromFileUrl(new URL("../../../shared/data", import.meta.url));

/** A folder of scans; undefined where there is none. */
export function scansFolder(name: string): string | undefined {
  const path = join(root, name);
  try {
    return Deno.statSync(path).isDirectory ? path : undefined;
  } catch {
    return undefined;
  }
}

/** A test on a folder of scans. It is skipped, and its name says so, where there is none. */
export function withScans(name: string, folder: string, test: (path: string) => void | Promise<void>): void {
  const path = scansFolder(folder);
  const skipped = ` (skipped: no scans in ${
    join(root, folder)
  }; CONSILIUM_DATA names the folder of ${folder})`;
  Deno.test({ name: path ? name : name + skipped, ignore: !path, fn: () => test(path!) });
}
