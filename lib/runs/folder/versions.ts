/**
 * Versions of a run's folder: v001, v002, … never overwritten, `.partial` until whole.
 *
 * @module
 */
import { join } from "@std/path";
import { foldersIn } from "../../files/folder_contents.ts";
import { exists } from "../../files/whole_folder.ts";
import { reasonOf } from "../../text/error_text.ts";

/** A version's folder, with or without `.partial`. */
export interface VersionFolder {
  version: number;
  path: string;
  partial: boolean;
}

/** The versions of a folder, oldest first; none when the folder is missing. */
export async function listVersions(folder: string): Promise<VersionFolder[]> {
  const found: VersionFolder[] = [];
  for (const name of await foldersIn(folder)) {
    const match = name.match(/^v(\d{3,})(\.partial)?$/);
    if (!match) continue;
    found.push({ version: Number(match[1]), path: join(folder, name), partial: match[2] !== undefined });
  }
  return found.sort((a, b) => a.version - b.version);
}

/**
 * Makes the folder of the next version, `.partial`.
 *
 * `mkdir` fails when the folder exists, so two processes never get the same one, even on file systems without locks.
 */
export async function allotVersion(folder: string): Promise<VersionFolder> {
  await Deno.mkdir(folder, { recursive: true });
  for (;;) {
    const version = Math.max(0, ...(await listVersions(folder)).map(({ version }) => version)) + 1;
    const whole = join(folder, `v${String(version).padStart(3, "0")}`);
    const path = `${whole}.partial`;
    try {
      await Deno.mkdir(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.AlreadyExists) continue;
      throw new Error(`Cannot make run folder: ${reasonOf(cause)} (${path})`, { cause });
    }
    // The same version may have begun and ended between the listing and mkdir.
    if (!await exists(whole)) return { version, path, partial: true };
    await Deno.remove(path);
  }
}
