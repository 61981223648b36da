/**
 * Which file a fault of a cohort is in, where one extends another.
 *
 * @module
 */
import { type CohortLayer, isNamedList, isObject } from "./extend_cohort.ts";

/**
 * Says of each problem in which file its key stands, where that is not the cohort's own.
 *
 * @param problems each beginning with its place in the cohort's JSON
 */
export function withHolders(problems: readonly string[], layer: CohortLayer): string[] {
  const { base, json } = layer;
  if (!base) return [...problems];
  return problems.map((problem) => {
    const end = problem.indexOf(": ");
    if (end < 0) return problem;
    const holder = holderOf(stepsTo(problem.slice(0, end), json), layer);
    if (holder === layer) return problem;
    return `${problem} (${holder ? "in" : "neither here nor in"} ${(holder ?? base).path}, which it extends)`;
  });
}

/** The uppermost file that says what is there; undefined where none does. */
function holderOf(steps: readonly string[], layer: CohortLayer): CohortLayer | undefined {
  const { json, changes = json, base } = layer;
  if (holds(changes, steps)) return layer;
  return base && holderOf(steps, base);
}

function holds(own: unknown, [step, ...rest]: readonly string[]): boolean {
  // A list, a number or null says all that is below it.
  if (step === undefined || !isObject(own)) return own !== undefined;
  return Object.hasOwn(own, step) && holds(own[step], rest);
}

/**
 * A place such as `datasets[0].training`, by what is the same in all files: keys, and names of entries.
 *
 * @param json which it is a place of; a key may itself have dots in it, and the last one may be missing
 */
function stepsTo(place: string, json: unknown): string[] {
  if (place === "") return [];
  const [brackets, index] = /^\[(\d+)\]/.exec(place) ?? [];
  const key = brackets ??
    Object.keys(isObject(json) ? json : {}).filter((key) =>
      place === key || place.startsWith(`${key}.`) || place.startsWith(`${key}[`)
    )
      .sort((a, b) => b.length - a.length)[0] ??
    place;
  const below = (json as Record<string, unknown> | undefined)?.[index ?? key];
  const name = isNamedList(json) ? json[Number(index)]?.name : undefined;
  return [name ?? key, ...stepsTo(place.slice(key.length).replace(/^\./, ""), below)];
}
