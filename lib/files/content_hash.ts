/**
 * Identity by content: equal JSON values have equal hashes, whatever the order of their keys.
 *
 * @module
 */

/** JSON with sorted keys and without undefined fields. NaN and infinities, which JSON lacks, keep their names. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => {
    if (typeof item === "number" && !Number.isFinite(item)) return `number ${item}`;
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.keys(item).sort().map((key) => [key, item[key]]));
  });
}

/** SHA-256 of a JSON value in hexadecimal. */
export function contentHash(value: unknown): Promise<string> {
  return textHash(canonicalJson(value));
}

/** SHA-256 of a text in hexadecimal, as `sha256sum` says it of its file. */
export async function textHash(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
