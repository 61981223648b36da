/**
 * Keys that stand twice in an object of JSON: parsers take the last one, without a word.
 *
 * @module
 */
import { visit } from "jsonc-parser";

/** A line for each key that its object has had before, with its place. */
export function repeatedKeys(text: string): string[] {
  const found: string[] = [], open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, _offset, _length, line) {
      const keys = open.at(-1);
      if (keys?.has(key)) {
        found.push(`the key ${JSON.stringify(key)} stands twice in its object (line ${line + 1})`);
      }
      keys?.add(key);
    },
  });
  return found;
}
