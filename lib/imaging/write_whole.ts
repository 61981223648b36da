/**
 * Files that are never seen half written.
 *
 * @module
 */

/**
 * Writes a file under a temporary name beside it and renames it when it is whole; leaves nothing when writing fails.
 *
 * @param content Text or bytes.
 */
export async function writeWhole(
  path: string,
  content: string | ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.partial`;
  try {
    if (typeof content === "string") await Deno.writeTextFile(temporary, content);
    else await Deno.writeFile(temporary, content);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
