/**
 * Folders of what is made of scans: their owner's alone, however a machine's other folders are made.
 *
 * @module
 */
import { exists } from "./whole_folder.ts";

/** Makes a folder that nobody else may enter, with those above it; one that is there keeps its permissions. */
export async function makePrivateFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  await Deno.mkdir(path, { recursive: true });
  // Those above may be shared, such as the folder of results.
  await Deno.chmod(path, 0o700);
}
