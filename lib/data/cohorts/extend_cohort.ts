/**
 * A cohort's file that changes another one: `extends` names that one, and what else it holds is what differs.
 *
 *     { "extends": "../abdomen.json", "name": "abdomen_few", "datasets": { "A": { "training": { "count": 10 } } } }
 *
 * Objects change key by key, `null` takes a key away, and a list whose entries have names is changed by an object of the entries
 * that differ; all else replaces what was there: JSON Merge Patch (RFC 7396), but for lists of names, and but for other lists, which
 * only lists replace (a rule in the place of ids would quietly choose other cases), and for an object of another `scheme`, which
 * replaces the one that was there.
 *
 * @module
 */
import { dirname, resolve } from "@std/path";
import { unknownName } from "../../text/unknown_name.ts";
import { InvalidFileError, readJson } from "../json_file.ts";

type JsonObject = Record<string, unknown>;

/** A cohort's file, on top of those that it extends. */
export interface CohortLayer {
  path: string;
  /** Its JSON, with what it takes from the ones below; not checked otherwise. */
  json: unknown;
  /** What it changes in the one below. @default it extends none */
  changes?: JsonObject;
  /** The one that it extends. @default it extends none */
  base?: CohortLayer;
}

/**
 * Reads a cohort's file and the ones that it extends.
 *
 * @throws {InvalidFileError} A file is missing or no JSON, it extends itself, has no name of its own, changes an entry that
 *   is not there, or changes a list as if it were an object.
 */
export async function readExtended(path: string): Promise<CohortLayer> {
  return await read(resolve(path), []);
}

async function read(path: string, extending: readonly string[]): Promise<CohortLayer> {
  const above = extending.at(-1);
  const what = above === undefined ? "cohort" : `the cohort that ${above} extends`;
  const fail = (...problems: string[]) => new InvalidFileError(path, problems, what);
  if (extending.includes(path)) throw fail("extends: must be another cohort's file, leads back to this one");
  const json = await readJson(path, what);
  if (above !== undefined && !isObject(json)) {
    throw fail(`must be an object, is ${Array.isArray(json) ? "a list" : JSON.stringify(json)}`);
  }
  if (!isObject(json) || json.extends === undefined) return { path, json };
  const { extends: below, ...changes } = json;
  if (typeof below !== "string") throw fail(`extends: must be a path, is ${JSON.stringify(below)}`);
  // Under another one's name its results would lie among those of other data.
  if (changes.name === undefined) throw fail("name: is missing: what extends a cohort has a name of its own");
  const base = await read(resolve(dirname(path), below), [...extending, path]);
  const twin = layersOf(base).find(({ json }) => isObject(json) && json.name === changes.name);
  if (twin) {
    throw fail(`name: must be its own, is ${JSON.stringify(changes.name)}, as that of ${twin.path}`);
  }
  const problems: string[] = [];
  const extended = changed(base.json, changes, { place: "", problems });
  if (problems.length > 0) throw fail(...problems);
  return { path, json: extended, changes, base };
}

/** The layer and those below it. */
function layersOf(layer: CohortLayer): CohortLayer[] {
  return [layer, ...layer.base ? layersOf(layer.base) : []];
}

interface Where {
  /** In the JSON, such as `datasets.A`; "" at the top. */
  place: string;
  problems: string[];
}

function changed(value: unknown, change: unknown, { place, problems }: Where): unknown {
  if (!isObject(change)) return change;
  const below = (key: string): Where => ({ place: place ? `${place}.${key}` : key, problems });
  if (isNamedList(value)) {
    const names = value.map(({ name }) => name);
    for (const name of Object.keys(change).filter((name) => !names.includes(name))) {
      problems.push(`${below(name).place}: ${unknownName(name, names)}`);
    }
    return value.flatMap((entry) => {
      if (!Object.hasOwn(change, entry.name)) return [entry];
      const own = change[entry.name];
      return own === null ? [] : [changed(entry, own, below(entry.name))];
    });
  }
  if (Array.isArray(value)) {
    problems.push(
      `${place}: must be a list, since a list is replaced as a whole, is ${JSON.stringify(change)}`,
    );
    return value;
  }
  const entries = new Map(isObject(value) && !isOfAnotherKind(value, change) ? Object.entries(value) : []);
  for (const [key, own] of Object.entries(change)) {
    if (own === null) entries.delete(key);
    else entries.set(key, changed(entries.get(key), own, below(key)));
  }
  return Object.fromEntries(entries);
}

/** Another scheme of intensities has other keys. */
function isOfAnotherKind({ scheme }: JsonObject, { scheme: changed = scheme }: JsonObject): boolean {
  return scheme !== undefined && changed !== null && changed !== scheme;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isNamedList(value: unknown): value is (JsonObject & { name: string })[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((entry) => isObject(entry) && typeof entry.name === "string");
}
