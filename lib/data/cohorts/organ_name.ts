/**
 * When two spellings name one organ.
 *
 * @module
 */

/** An organ's name without its side, and the side where it has one. */
export interface OrganKey {
  /** Lower case, letters and digits only, without the side. */
  stem: string;
  side?: "left" | "right";
}

/**
 * Splits the side off a name: `RightParotid`, `parotid_right`, `Parotid R` and `right parotid` are one organ.
 * Case, spaces and punctuation do not count.
 */
export function organKey(name: string): OrganKey {
  const lettered = name.replace(
    /[\s_.\-]+([lr])$/i,
    (_, side) => side.toLowerCase() === "l" ? "left" : "right",
  );
  const plain = lettered.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const match = /^(left|right)(.+)$/.exec(plain);
  if (match) return { stem: match[2]!, side: match[1] as "left" | "right" };
  const end = /^(.+?)(left|right)$/.exec(plain);
  if (end) return { stem: end[1]!, side: end[2] as "left" | "right" };
  return { stem: plain };
}

/** One text for every spelling of an organ. */
export function organId(name: string): string {
  const { stem, side } = organKey(name);
  return side ? `${stem}:${side}` : stem;
}

/** The id of the same organ on the other side, or undefined for an organ without a side. */
export function mirroredId(name: string): string | undefined {
  const { stem, side } = organKey(name);
  return side && `${stem}:${side === "left" ? "right" : "left"}`;
}
