/** Which file imports which, and what must not be: circles between files, arrows upward between rooms. */
import { dirname, join, normalize } from "@std/path";

/** Files by the files that they import, paths from the project's folder. */
export type Imports = Readonly<Record<string, readonly string[]>>;

const statements = [
  /^(?:import|export)\b[^"]*?\bfrom\s+"(\.[^"]+\.ts)"/gm,
  /^import\s+"(\.[^"]+\.ts)"/gm,
  /\bimport\(\s*"(\.[^"]+\.ts)"/g,
  /\bnew Worker\(new URL\("([^"]+\.ts)"/g,
];

/** What a file's text imports of the project, types and what is loaded later included. */
export function importsOf(file: string, text: string): string[] {
  const found = statements.flatMap((statement) => [...text.matchAll(statement)].map(([, path]) => path));
  return [...new Set(found.map((path) => normalize(join(dirname(file), path))))];
}

/** TypeScript files of a folder and of those in it. */
export async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? sourceFiles(path) : path.endsWith(".ts") ? [path] : [];
  }));
  return files.flat().sort();
}

export async function readImports(folders: readonly string[]): Promise<Imports> {
  const files = (await Promise.all(folders.map(sourceFiles))).flat();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, importsOf(file, await Deno.readTextFile(file))])),
  );
}

/** Circles, at least one where there are any, such as `a.ts → b.ts → a.ts`. */
export function circlesIn(imports: Imports): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    for (const next of imports[file] ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of Object.keys(imports)) visit(file, []);
  return circles;
}

/** The room of a file: `lib/data/random.ts` is in data. */
export function roomOf(file: string): string {
  const [first, second] = file.split("/");
  return (first === "lib" ? second : first)!;
}

/** Imports from a room that comes later in the order, or is not in it. */
export function upwardArrows(imports: Imports, order: readonly string[]): string[] {
  return Object.entries(imports).flatMap(([file, targets]) =>
    targets.filter((target) => order.indexOf(roomOf(target)) > order.indexOf(roomOf(file)))
      .map((target) => `${file} → ${target}`)
  );
}
