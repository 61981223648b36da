/**
 * A sweep: the runs of a study as one file of axes.
 *
 *     {
 *       "description": "Each mutual term alone, three seeds",
 *       "axes": { "experiment": ["mutual"], "cohort": ["phantom"], "seed": [1, 2, 3] },
 *       "variants": { "PD only": { "featureDifference": 0, "predictionSimilarity": 0, "featureSimilarity": 0 }, … }
 *     }
 *
 * @module
 */
import { z } from "zod";
import { InvalidFileError, parseWith, readJson } from "../../data/json_file.ts";
import { parseFold, withFold } from "../../data/cohorts/fold.ts";
import type { Parameters, ParameterValue } from "../notebooks/parameters.ts";
import { SlurmSection } from "./slurm_section.ts";

const Value = z.union([z.number(), z.string(), z.boolean()], "must be a number, a word, true or false");
const Name = z.string().regex(/^[A-Za-z_$][\w$]*$/, "must be experiment, cohort, or a parameter's name");

export const SweepFile = z.strictObject({
  $schema: z.string().optional().describe(
    "Path of `sweep.schema.json`, by which editors complete and check the file.",
  ),
  description: z.string().describe("What the study asks, in a sentence."),
  axes: z.record(Name, z.array(Value).min(1)).default({}).describe(
    "Values of `experiment`, `cohort`, `seed` and any other parameter of the experiments' notebooks; with `cohort`, also " +
      "`fold`, such as `2/5`. The members are their product; the last axis changes fastest.",
  ),
  variants: z.record(z.string().min(1), z.record(Name, Value)).optional().describe(
    "One axis more, whose values are named sets of parameters.",
  ),
  retries: z.int().min(0).default(0).describe(
    "How often a member that crashed (killed, out of memory) is tried again, from its last checkpoint; one that failed by an " +
      "error, such as a loss that is not finite, never is.",
  ),
  slurm: SlurmSection.default({ options: [] }).describe(
    "What a task wants of a cluster: Slurm's, or one that `--print` writes for.",
  ),
});

export type Sweep = z.infer<typeof SweepFile>;

/** More than these nobody runs, and a slip of the pen fills the memory. */
const MOST_MEMBERS = 10_000;

/** One run to be. */
export interface SweepMember {
  /** What tells it from the other members: `mutual, PD only, seed 2`. */
  label: string;
  experiment: string;
  /** Parameters that are not the notebook's own. */
  given: Parameters;
}

/**
 * Checks a sweep's JSON.
 *
 * @param file its path, for the error
 * @throws {InvalidFileError} with every fault, each beginning with its place in the JSON
 */
export function parseSweep(json: unknown, file: string): Sweep {
  const { value, problems } = parseWith(SweepFile, json);
  const all = value ? problemsOf(value) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(file, all, "sweep");
  return value;
}

/** Reads a sweep's JSON file; throws as {@linkcode parseSweep}. */
export async function readSweep(path: string): Promise<Sweep> {
  return parseSweep(await readJson(path, "sweep"), path);
}

function problemsOf({ axes, variants = {} }: Sweep): string[] {
  const problems: string[] = [];
  for (const [name, values] of Object.entries(axes)) {
    const seen = new Set<ParameterValue>(),
      twice = values.find((value) => seen.size === seen.add(value).size);
    if (twice !== undefined) problems.push(`axes.${name}: ${JSON.stringify(twice)} is there twice`);
  }
  const sets = Object.entries(variants);
  const members = Object.values(axes).reduce((all, { length }) => all * length, Math.max(1, sets.length));
  if (members > MOST_MEMBERS) {
    problems.push(`axes: must have at most ${MOST_MEMBERS} members together, they have ${members}`);
  }
  for (const [variant, set] of sets) {
    for (const name of Object.keys(set).filter((name) => name in axes)) {
      problems.push(`variants.${variant}.${name}: ${name} is an axis, too`);
    }
  }
  const named = sets.length > 0 && sets.every(([, set]) => "experiment" in set);
  if (!("experiment" in axes) && !named) problems.push("axes.experiment: must be a list of experiments");
  const experiments = [...axes.experiment ?? [], ...sets.flatMap(([, set]) => set.experiment ?? [])];
  problems.push(...foldProblems(axes, sets.length > 0 ? sets.map(([, set]) => set) : [{}]));
  const odd = experiments.find((experiment) => typeof experiment !== "string");
  if (odd !== undefined) problems.push(`experiment: must be a name, current value is ${odd}`);
  return problems;
}

function foldProblems(axes: Sweep["axes"], sets: readonly Parameters[]): string[] {
  const lost = sets.some((set) => {
    const names = [...Object.keys(axes), ...Object.keys(set)];
    return names.includes("fold") && !names.includes("cohort");
  });
  const folds = [...axes.fold ?? [], ...sets.flatMap(({ fold }) => fold ?? [])];
  return [
    ...lost ? ["fold: must go with cohort, of whose subjects it is a part"] : [],
    ...folds.flatMap((fold) => {
      try {
        parseFold(String(fold));
        return [];
      } catch (error) {
        return [`fold: ${(error as Error).message}`];
      }
    }),
  ];
}

/** The product of variants and axes, in the file's order; the last axis changes fastest. */
export function sweepMembers({ axes, variants = { "": {} } }: Sweep): SweepMember[] {
  const points = product(Object.entries(axes));
  const varying = Object.entries(axes).flatMap(([name, values]) =>
    name !== "experiment" && values.length > 1 ? [name] : []
  );
  return Object.entries(variants).flatMap(([variant, set]) =>
    points.map((point) => {
      const { experiment, fold, ...others } = { ...set, ...point };
      const given = fold === undefined
        ? others
        : { ...others, cohort: withFold(String(others.cohort), parseFold(String(fold))) };
      const values = varying.map((name) => name === "cohort" ? point[name] : `${name} ${point[name]}`);
      const parts = [experiment, variant, ...values].filter((part) => part !== "");
      const label = parts.join(", ").replace(/\p{C}/gu, " "); // it is to stay in one line
      return { label, experiment: experiment as string, given };
    })
  );
}

function product(axes: [string, ParameterValue[]][]): Parameters[] {
  return axes.reduce<Parameters[]>(
    (points, [name, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}
