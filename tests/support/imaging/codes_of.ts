/** Label maps as one reads them. */

/** The codes of digits, in their order; what stands between them is for the eye. */
export function codesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.replace(/\s/g, ""), Number);
}
