/**
 * Marks of significance, the same in every figure and table.
 *
 * @module
 */

const LEVELS: [limit: number, stars: string][] = [[0.001, "***"], [0.01, "**"], [0.05, "*"]];

/** What the stars mean. */
export const STARS_NOTE = "Adjusted p: * below 0.05, ** below 0.01, *** below 0.001.";

/** One to three stars by how small an adjusted p-value is; none where it is large or NaN. */
export function significance(adjusted: number): string {
  return LEVELS.find(([limit]) => adjusted < limit)?.[1] ?? "";
}

/** "0.012", "< 0.001", or "" where nothing was tested. */
export function pText(p: number): string {
  if (Number.isNaN(p)) return "";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
