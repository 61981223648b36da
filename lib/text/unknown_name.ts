/**
 * What is said of a name that nothing has: what there is, and the nearest of it.
 *
 * @module
 */
import { closestString, levenshteinDistance } from "@std/text";

/**
 * The known name that was probably meant: one that differs in case and punctuation only, or in at most a third of its
 * letters.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const nearest = closestString(plain(name), known, {
    compareFn: (a: string, b: string) => levenshteinDistance(a, plain(b)),
  });
  const distance = levenshteinDistance(plain(name), plain(nearest));
  return distance <= Math.max(name.length, nearest.length) / 3 ? nearest : undefined;
}

/** The end of a sentence about a wrong name: `: did you mean Liver?`, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `: did you mean ${nearest}?`;
}

/**
 * The end of an error about a name, such as
 * `must be one of mutual, pooled, current value is "mutal": did you mean mutual?`.
 *
 * @param known in the order in which they are listed
 * @param meant names that may have been meant. @default those that are listed
 */
export function unknownName(name: string, known: readonly string[], meant = known): string {
  const choice = known.length === 0 ? "there is none" : `must be one of ${known.join(", ")}`;
  return `${choice}, current value is "${name}"${didYouMean(name, meant)}`;
}
