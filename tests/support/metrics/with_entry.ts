import { assert } from "@std/assert";
import { dirname, fromFileUrl, join, relative, toFileUrl } from "@std/path";
import { withFolder } from "../runs/with_folder.ts";

const lib = fromFileUrl(new URL("../../../lib/", import.meta.url));
const end = "} as const satisfies Record<string, MetricDescription>;";

/** Imports a module of a copy of the library by its path in lib/, such as "metrics/metric.ts". */
// deno-lint-ignore no-explicit-any
export type Import = (path: string) => Promise<any>;

/** A copy of the library in which the table of metrics has one entry more and nothing else differs. */
export async function withEntry(entry: string, test: (load: Import) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    for await (const file of sources(lib)) {
      const copy = join(folder, relative(lib, file));
      await Deno.mkdir(dirname(copy), { recursive: true });
      await Deno.copyFile(file, copy);
    }
    const table = join(folder, "metrics", "metric.ts");
    const text = await Deno.readTextFile(table);
    assert(text.includes(end), `The table of metrics ends with ${end}`);
    await Deno.writeTextFile(table, text.replace(end, () => `${entry}${end}`));
    await test((path) => import(toFileUrl(join(folder, path)).href));
  });
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(join(folder, name));
    else if (name.endsWith(".ts")) yield join(folder, name);
  }
}
