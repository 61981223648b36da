/**
 * Names of arms: the experiment, and what differs from its defaults.
 *
 * @module
 */
import { experimentParameters } from "../methods/experiments.ts";
import { defaultsBefore, retiredParameters } from "../methods/retired_parameters.ts";
import { byAge, type Origin, originOf, origins, settingsOf } from "./arm_groups.ts";
import { canonicalJson, contentHash } from "../files/content_hash.ts";
import type { RunSummary } from "../runs/folder/list_runs.ts";
import type { Parameters } from "../runs/notebooks/parameters.ts";
import type { RunRecord } from "../runs/folder/run_record.ts";
import { foldSlug, longestSlug, runSlug } from "../runs/folder/slug.ts";

/** An arm's name, and in what it differs from the arm that it would share it with. */
export interface NamedArm<R extends RunSummary> {
  name: string;
  /** Its runs, of all seeds. */
  members: R[];
  /** The arm whose name it would have, if that one were not newer. */
  like?: string;
  /** In what it differs from that one, in words. */
  differs: string[];
}

/** How an origin is called in a name, and in a sentence. */
const words: Record<Origin, [short: string, long: string]> = {
  methodVersion: ["method", "the version of the method"],
  engineVersion: ["engine", "the version of the engine"],
  dataHash: ["data", "the data"],
  notebookHash: ["code", "the notebook's code"],
  inputs: ["inputs", "the inputs"],
};

/**
 * Names arms such that no two have one name. Where arms have equal experiments and parameters, the newest has the plain
 * name; the others say what they were made from, such as `mutual/code_acc405`.
 *
 * @param groups runs of one cohort, by arm; none is empty
 */
export async function nameArms<R extends RunSummary>(groups: readonly R[][]): Promise<NamedArm<R>[]> {
  const arms = await Promise.all(groups.map(async (members) => {
    const { record } = members[0]!;
    return { name: await plainName(record), record, members };
  }));
  return await Promise.all(arms.map(async ({ name, record, members }): Promise<NamedArm<R>> => {
    const alike = arms.filter((other) => other.name === name);
    const newest = alike.map(({ members }) => newestOf(members)).sort(byAge).at(-1)!;
    if (members.includes(newest as R)) return { name, members, differs: [] };
    const suffix = await suffixOf(record, newest.record);
    return {
      name: `${name}${name.includes("/") ? "-" : "/"}${suffix.name}`,
      members,
      like: name,
      differs: suffix.differs,
    };
  }));
}

function newestOf(runs: readonly RunSummary[]): RunSummary {
  return [...runs].sort(byAge).at(-1)!;
}

/** What tells a run from the one that has the plain name: all of it, so that no two of them are called alike. */
async function suffixOf(run: RunRecord, newest: RunRecord): Promise<{ name: string; differs: string[] }> {
  const differing = origins.filter((origin) =>
    canonicalJson(originOf(run, origin)) !== canonicalJson(originOf(newest, origin))
  );
  const parts = await Promise.all(differing.map(async (origin) => {
    const value = originOf(run, origin);
    if (typeof value === "number") return `${words[origin][0]}_${value}`;
    return `${words[origin][0]}_${
      (typeof value === "string" ? value : await contentHash(value)).slice(0, 6)
    }`;
  }));
  const differs = differing.map((origin) => words[origin][1]);
  if (settingsOf(run) !== settingsOf(newest)) {
    parts.push(`parameters_${(await contentHash(settingsOf(run))).slice(0, 6)}`);
    differs.push("parameters that its name does not show");
  }
  return { name: parts.join("-"), differs };
}

/**
 * The name of the newest arm of an experiment with these parameters.
 *
 * @param experiment one of the library's
 * @param given those that may differ from its defaults; cohort and seed tell no arms apart
 */
export async function armCalled(experiment: string, given: Parameters): Promise<string> {
  const { cohort: _, seed: __, ...parameters } = given, defaults = experimentParameters(experiment)!;
  const slug = await runSlug(inOrder(parameters, defaults), [...retiredParameters, ...defaults]);
  return slug === "default" ? experiment : `${experiment}/${slug}`;
}

/** The experiment, in how many folds it was tested, and the parameters that are not its defaults. */
async function plainName(record: RunRecord): Promise<string> {
  const { experiment, fold, parameters: { seed: _, cohort: __, ...parameters } } = record;
  const defaults = experimentParameters(experiment);
  const slug = defaults
    ? await runSlug(inOrder(parameters, defaults), [
      ...retiredParameters,
      ...defaults,
      ...defaultsBefore(record.methodVersion),
    ])
    : await slugWithoutSeed(record);
  const parts = [...fold ? [`${fold.of}_folds`] : [], ...slug === "default" ? [] : [slug]];
  return parts.length === 0 ? experiment : `${experiment}/${parts.join("-")}`;
}

/** As the table has them, so that a name does not depend on the order in which a run was given its parameters. */
function inOrder(parameters: Parameters, defaults: readonly { name: string }[]): Parameters {
  const known = defaults.flatMap(({ name }) =>
    name in parameters ? [[name, parameters[name]!] as const] : []
  );
  return { ...Object.fromEntries(known), ...parameters };
}

/**
 * Of an experiment that the library does not know, the slug says what was not its notebook's default. One that was cut
 * ends in a hash of all parameters, the seed too, and needs another.
 */
async function slugWithoutSeed({ slug, seed, fold, parameters }: RunRecord): Promise<string> {
  const cut = slug.length === longestSlug;
  const apart = [`seed_${seed}`, ...fold ? [foldSlug(fold)] : []];
  const own = (cut ? slug.slice(0, -9) : slug).split("-").filter((part) => !apart.includes(part)).join("-");
  if (!cut) return own || "default";
  const { seed: _, cohort, ...rest } = parameters;
  const others = fold ? rest : { cohort, ...rest };
  return `${own.slice(0, 60)}-${(await contentHash(others)).slice(0, 8)}`;
}
