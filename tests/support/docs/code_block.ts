/** Code that a page shows, tried as a file of the project. */
import { join, resolve, toFileUrl } from "@std/path";
import { toolPaths } from "../../../lib/setup/tool_paths.ts";

/** The page's only block of TypeScript. */
export function codeOf(page: string): string {
  const blocks = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code);
  const [code] = blocks;
  if (code === undefined || blocks.length > 1) {
    throw new Error(`the page must have one block of ts, it has ${blocks.length}`);
  }
  return code;
}

/** Writes the code into the folder, as if it lay in `room`; returns its path. */
export async function writeAsIfIn(room: string, { code, folder }: { code: string; folder: string }) {
  const path = join(folder, "code.ts");
  const absolute = (relative: string) => toFileUrl(resolve(room, relative)).href;
  const moved = code.replaceAll(
    /\b(from |import\()"(\.[^"]+)"/g,
    (_, word, relative) => `${word}"${absolute(relative)}"`,
  );
  await Deno.writeTextFile(path, moved);
  return path;
}

/** What is wrong with a file's types; "" where all is well. */
export async function typeErrors(path: string): Promise<string> {
  const { success, stderr } = await new Deno.Command(toolPaths().deno, {
    args: ["check", "--quiet", "--config", "deno.json", path],
    env: { NO_COLOR: "1" },
  }).output();
  return success ? "" : new TextDecoder().decode(stderr);
}
