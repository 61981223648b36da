/**
 * What a folder holds, and how much.
 *
 * @module
 */
import { join } from "@std/path";

/** Names of the folders in a folder, links to folders too, sorted; none where it is missing. */
export async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
      // Results are moved to larger disks, and linked.
      if (isDirectory || (isSymlink && await isFolder(join(folder, name)))) names.push(name);
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return names.sort();
}

/** A folder, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}

/** Paths of all files in a folder and below; links are files. None where there is no folder. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) yield* filesBelow(path);
      else yield path;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Bytes of all files in a folder and below. What vanishes meanwhile is not counted. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const path of filesBelow(folder)) {
    bytes += (await Deno.lstat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

/** `12 MB`, `3.4 GB`. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
