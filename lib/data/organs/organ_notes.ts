/**
 * What is odd about a vocabulary: organs that may be one another's parts, and sides that are none.
 *
 * @module
 */
import { mirroredId, organId, organKey } from "./organ_name.ts";

/** An organ as far as its names tell. */
export interface NamedOrgan {
  name: string;
  aliases?: readonly string[] | undefined;
  mirror?: string | undefined;
}

/** An organ beside those that it may consist of. @param wholes names whose parts are known: groups, and organs that stand for others */
export function wholeNotes(organs: readonly NamedOrgan[], wholes: readonly string[] = []): string[] {
  const byId = namesById(organs);
  return organs.flatMap(({ name }) => {
    const { stem, side } = organKey(name), left = byId.get(`${stem}:left`), right = byId.get(`${stem}:right`);
    if (side || !left || !right || wholes.includes(name)) return [];
    return [
      `${name} may be ${left} and ${right} together; as it stands the three exclude each other, so that what is ${name} in one dataset is ` +
      `neither of the others. If so, take it from the organs and add to the cohort: "groups": [{ "name": "${name}", "parts": ["${left}", "${right}"], ` +
      `"nsdToleranceMm": 1 }]`,
    ];
  });
}

/** Organs with a side by their names that are not paired. */
export function sideNotes(organs: readonly NamedOrgan[]): string[] {
  const byId = namesById(organs);
  return organs.flatMap(({ name, mirror }) => {
    const { stem, side } = organKey(name);
    if (!side || mirror) return [];
    const other = byId.get(`${stem}:${side === "left" ? "right" : "left"}`);
    if (!other) {
      return [
        `${name} has a side by its name, and there is no organ of the other side, so that patches must not be mirrored`,
      ];
    }
    if (side === "right") return [];
    return [
      mirroredId(name)
        ? `${name} and ${other} have a side by their names, and are no mirror images of each other in the cohort ("mirror"), so that patches must not be mirrored`
        : `${name} and ${other} are taken for chambers of the heart, which are no mirror images of each other, so that patches must not be mirrored`,
    ];
  });
}

function namesById(organs: readonly NamedOrgan[]): Map<string, string> {
  return new Map(
    organs.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((text) => [organId(text), name])),
  );
}
