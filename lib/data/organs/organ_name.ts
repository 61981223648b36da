/**
 * When two spellings name one organ.
 *
 * Case, spaces, `_`, `-` and `.` between words do not count, nor where the side stands; all else does: `C1-2` and `C12`, `T1`, `T1+` and `T1-` are
 * organs of their own. Names may be in any script.
 *
 * @module
 */

export type Side = "left" | "right";

/** An organ's name without its side, and the side where it has one. */
export interface OrganKey {
  /** Lower case, without what does not count and without the side. */
  stem: string;
  side?: Side;
}

/** Words for the sides, in lower case. Other languages stand here for whoever labels in them. */
const SIDES = new Map<string, Side>([
  ...[
    "left",
    "lt",
    "l",
    "links",
    "linke",
    "linker",
    "gauche",
    "sinistra",
    "sinistro",
    "izquierda",
    "izquierdo",
    "esquerda",
    "esquerdo",
  ].map(
    (word) => [word, "left"] as const,
  ),
  ...[
    "right",
    "rt",
    "r",
    "rechts",
    "rechte",
    "rechter",
    "droite",
    "droit",
    "destra",
    "destro",
    "derecha",
    "derecho",
    "direita",
    "direito",
  ].map(
    (word) => [word, "right"] as const,
  ),
  ...["левый", "левая", "левое"].map((word) => [word, "left"] as const),
  ...["правый", "правая", "правое"].map((word) => [word, "right"] as const),
]);

/** Between two numbers a separator tells them apart, and is kept as this. */
const BETWEEN_NUMBERS = "-";

/** `LKidney` and `kidneyL` are of two words, `Lung` and `LV` of one; brackets are spaces; a sign at the end belongs to the name. */
function wordsOf(name: string): string[] {
  return name.normalize("NFC")
    .replace(/[([{)\]}]/g, " ")
    .replace(/^\s*(\p{Lu})(?=\p{Lu}\p{Ll})/u, "$1 ")
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .replace(/^\s*([左右])/u, (_, side) => side === "左" ? "left " : "right ")
    .toLowerCase()
    .split(/(?:[\s_.]|-(?!$))+/u)
    .filter((word) => word !== "");
}

/** The side that a word is, or begins or ends with. Short ones are words of their own at an end of the name: `rib_l_1` is none. */
function sideOf(word: string, place: "end" | "inside"): { side: Side; rest: string } | undefined {
  const side = SIDES.get(word);
  if (side && (place === "end" || word.length > 2)) return { side, rest: "" };
  const match = /^(?<side>left|right)(?<rest>.{3,})$/u.exec(word) ??
    /^(?<rest>.{3,}?)(?<side>left|right)$/u.exec(word);
  return match ? { side: match.groups!.side as Side, rest: match.groups!.rest! } : undefined;
}

/** Splits the side off a name: `RightParotid`, `parotid_right`, `Parotid R` and `right parotid` are one organ. */
export function organKey(name: string): OrganKey {
  const words = wordsOf(name);
  for (const [index, word] of words.entries()) {
    const found = sideOf(word, index === 0 || index === words.length - 1 ? "end" : "inside");
    if (!found) continue;
    const stem = joined([...words.slice(0, index), found.rest, ...words.slice(index + 1)]);
    if (stem !== "") return { stem, side: found.side };
  }
  return { stem: joined(words) };
}

function joined(words: readonly string[]): string {
  return words.reduce(
    (text, word) => text + (/\p{N}$/u.test(text) && /^\p{N}/u.test(word) ? BETWEEN_NUMBERS : "") + word,
    "",
  );
}

/** One text for every spelling of an organ. */
export function organId(name: string): string {
  const { stem, side } = organKey(name);
  return side ? `${stem}:${side}` : stem;
}

/** Chambers of the heart: their left and right ones are organs of different form, unlike those of the brain. */
const CHAMBER = /^(heart|cardiac|myocardium)?(ventric|atri(um|al)|auricle)/;

/** The id of the mirror image, or undefined for an organ that has none by its name. */
export function mirroredId(name: string): string | undefined {
  const { stem, side } = organKey(name);
  if (!side || CHAMBER.test(stem)) return undefined;
  return `${stem}:${side === "left" ? "right" : "left"}`;
}
