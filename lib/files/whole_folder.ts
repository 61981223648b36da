/**
 * Folders that are there whole or not at all.
 *
 * @module
 */

/**
 * Makes a folder that is never seen half written: it is filled under a temporary name beside it and renamed. When another
 * process makes the same folder meanwhile, the first one stays; both wrote the same, since such a folder is named by its
 * content.
 */
export async function writeWholeFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${folder}.${crypto.randomUUID()}.partial`;
  try {
    await Deno.mkdir(temporary, { recursive: true });
    await fill(temporary);
    await Deno.rename(temporary, folder);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    if (!await exists(folder)) throw error;
  }
}

/** Keeps what is damaged as `<path>.damaged`, in place of what was set aside before; nothing where there is nothing. */
export async function setAside(path: string): Promise<void> {
  if (!await exists(path)) return;
  await Deno.remove(`${path}.damaged`, { recursive: true }).catch(() => {});
  await Deno.rename(path, `${path}.damaged`);
}

/** True when there is something under the path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    // No file can be called so.
    if ((error as { code?: string }).code === "ENAMETOOLONG") return false;
    throw error;
  }
}
