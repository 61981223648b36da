/**
 * Why a text is no JSON, in our words.
 *
 * @module
 */

/** Such as "it is empty", "it ends too early" and "in line 3, at the 14th character". */
export function jsonFault(text: string, error: unknown): string {
  if (text.trim() === "") return "it is empty";
  const { message } = error as Error;
  const [, place] = message.match(/ at position (\d+)/) ?? [];
  // Of a wrong letter in a short text, V8 tells the letter and the text, and no place.
  const [, letter] = message.match(/^Unexpected token '(.)'/su) ?? [];
  const at = place !== undefined ? Number(place) : letter !== undefined ? text.indexOf(letter) : text.length;
  if (at >= text.trimEnd().length) return "it ends too early";
  const before = text.slice(0, at).split("\n");
  return `something is wrong in line ${before.length}, character ${before.at(-1)!.length + 1}`;
}
