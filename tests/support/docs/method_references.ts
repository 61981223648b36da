/** References to docs/METHOD.md in the code, and what they refer to. */

export interface Place {
  section: number;
  /** Of those that are numbered in section 0. */
  rule?: number;
}

/** What a text says of METHOD: places, and what names none. */
export interface References {
  places: Place[];
  /** The words around a METHOD without a section. */
  vague: string[];
}

/** Finds every mention, also where a comment's line ends within one. The path of the page is none. */
export function referencesIn(text: string): References {
  const flowing = text.replaceAll(/\s*\n\s*(?:\*\s|\/\/\s)?\s*/g, " ");
  const found: References = { places: [], vague: [] };
  for (const { 0: word, index } of flowing.matchAll(/\bMETHOD\b(?!\.md)/g)) {
    const after = flowing.slice(index + word.length);
    const place = after.match(/^ sections? (\d+)(?:'s)?(?:, rule (\d+))?/);
    if (!place) found.vague.push(flowing.slice(index, index + 40));
    else found.places.push({ section: Number(place[1]), ...place[2] ? { rule: Number(place[2]) } : {} });
  }
  return found;
}

export interface Section {
  title: string;
  /** Numbers of its rules. */
  rules: number[];
  /** What stands behind **In the code:**. */
  inCode: string;
}

/** The numbered sections of the page. */
export function sectionsOf(page: string): Map<number, Section> {
  const parts = page.split(/^## /m).slice(1);
  return new Map(parts.flatMap((part): [number, Section][] => {
    const heading = part.match(/^(\d+)\. (.+)$/m);
    if (!heading || heading.index !== 0) return [];
    const rules = [...part.matchAll(/^(\d+)\. /gm)].slice(1).map(([, rule]) => Number(rule));
    const inCode = part.match(/^\*\*In the code:\*\* ([^]*)/m)?.[1]?.trim() ?? "";
    return [[Number(heading[1]), { title: heading[2]!, rules, inCode }]];
  }));
}
