/**
 * Words of a shell.
 *
 * @module
 */

/** A word in quotes: whatever is in it, spaces, quotes and line breaks too, a shell takes it as it is. */
export function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
