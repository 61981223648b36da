/**
 * Text of files.
 *
 * @module
 */

/**
 * Reads a file that must be UTF-8 text. Of a pipe the end may never come, so it is not waited for.
 *
 * @throws Error with the reason alone, as {@linkcode utf8Text}; Deno's own where there is no such file
 */
export async function readUtf8(path: string): Promise<string> {
  const { isFile, isDirectory } = await Deno.stat(path);
  if (!isFile) {
    throw new Error(`it must be a file, and is ${isDirectory ? "a folder" : "a pipe, a socket or a device"}`);
  }
  return utf8Text(await Deno.readFile(path));
}

const strict = new TextDecoder("utf-8", { fatal: true });

/**
 * The text that UTF-8 bytes are, without the mark that some editors begin it with. Deno's own reader puts U+FFFD in place of what is
 * none, so that names would be read that nobody wrote.
 *
 * @throws Error with the reason alone: who reads names the file
 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch (cause) {
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      throw new Error("it must be UTF-8 text, and is UTF-16; save it as UTF-8", { cause });
    }
    throw new Error(`it must be UTF-8 text, line ${faultyLine(bytes)} is none; save it as UTF-8`, { cause });
  }
}

/** Counted from 1. No byte of a longer sign is that of a line break, so that lines can be read alone. */
function faultyLine(bytes: Uint8Array): number {
  for (let line = 1, from = 0;; line++) {
    const end = bytes.indexOf(10, from), to = end === -1 ? bytes.length : end;
    try {
      strict.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to + 1;
  }
}
