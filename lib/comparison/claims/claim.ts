/**
 * A claim card: what somebody says of a method, and the smallest honest experiment that could show it, written down before it is run.
 *
 *     {
 *       "claim": "Networks that learn from each other segment better than those that learn alone.",
 *       "source": "arXiv 2407.12611, abstract",
 *       "cohort": "hippocampus",
 *       "arms": { "mutual": { "experiment": "mutual" }, "alone": { "experiment": "independent" } },
 *       "outcome": { "arm": "mutual", "reference": "alone", "direction": "more", "smallestDifference": 0.01 },
 *       …
 *     }
 *
 * @module
 */
import { z } from "zod";
import { InvalidFileError, parseWith, readJson } from "../../data/json_file.ts";
import { everyMetric } from "../../metrics/metric.ts";
import { unknownName } from "../../text/unknown_name.ts";

const Name = z.string().min(1);
const Value = z.union([z.number(), z.string(), z.boolean()], "must be a number, a word, true or false");

/** What of the arms' scores counts. */
const measured = {
  metric: z.enum(everyMetric).default("dice").describe(
    "The column of metrics.csv: Dice and NSD as means, HD95 and ASSD as medians, over cases; then the mean over organs.",
  ),
  organs: z.array(Name).min(1).optional().describe("Left out: all of the cohort's."),
  testSets: z.array(Name).min(1).optional().describe(
    "Names of the cohort's test sets, such as a domain. Left out: all.",
  ),
  cells: z.array(z.tuple([Name, Name])).min(1).optional().describe(
    "Pairs of an organ and a test set, in place of both: such as the organs that no scan of that domain shows to training.",
  ),
};

const Outcome = z.strictObject({
  arm: Name.describe("The arm that the claim is about."),
  reference: Name.describe("The arm that it is compared with."),
  ...measured,
  direction: z.enum(["more", "less", "equal"]).describe(
    "Whether the claim says that the arm's value is above the reference's, below it, or no other.",
  ),
  smallestDifference: z.number().positive().describe(
    "The smallest difference that counts, in the metric's unit.",
  ),
});

const Gate = z.strictObject({
  arm: Name.describe("A control."),
  reference: Name.optional().describe(
    "With it, the difference from this arm counts; left out: the arm's own value.",
  ),
  ...measured,
  atLeast: z.number().optional().describe("The value must not be below it."),
  atMost: z.number().optional().describe("The value must not be above it; a gate has one of the two."),
  why: z.string().min(1).describe("What the experiment could not show if this did not hold."),
});

export const ClaimFile = z.strictObject({
  $schema: z.string().optional().describe(
    "Path of `claim.schema.json`, by which editors complete and check the file.",
  ),
  title: z.string().min(1).describe("What the claim is about, in a word or two."),
  claim: z.string().min(1).describe("What is claimed, in one sentence."),
  source: z.string().min(1).describe("Who claims it, and where."),
  cohort: Name.describe("A name of experiments/cohorts, or the path of a file."),
  seeds: z.array(z.int().min(0)).min(1).default([1, 2, 3]).describe("Of every arm."),
  arms: z.record(Name, z.record(Name, Value)).describe(
    "By a name of its own: `experiment` and those of its parameters that are not its defaults; `cohort`, where it is not the card's.",
  ),
  outcome: Outcome.describe("The one comparison that decides."),
  expected: z.strictObject({
    halfWidth: z.number().positive().describe("Half of the 95 % interval's width, in the metric's unit."),
    from: z.string().min(1).describe("How it was found, before test cases were scored."),
  }).describe("How exactly the experiment will tell the difference."),
  gates: z.array(Gate).default([]).describe("What must hold of controls; else the claim was not tested."),
});

export type Claim = z.infer<typeof ClaimFile>;
export type Outcome = Claim["outcome"];
export type Gate = Claim["gates"][number];

/**
 * Checks a card's JSON.
 *
 * @param file its path, for the error
 * @throws {InvalidFileError} with every fault, each beginning with its place in the JSON
 */
export function parseClaim(json: unknown, file: string): Claim {
  const { value, problems } = parseWith(ClaimFile, json);
  const all = value ? problemsOf(value) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(file, all, "claim");
  return value;
}

/** Reads a card's JSON file; throws as {@linkcode parseClaim}. */
export async function readClaim(path: string): Promise<Claim> {
  return parseClaim(await readJson(path, "claim"), path);
}

function problemsOf({ arms, outcome, gates, seeds }: Claim): string[] {
  const names = Object.keys(arms);
  const unknown = (place: string, name: string | undefined) =>
    name === undefined || names.includes(name) ? [] : [`${place}: ${unknownName(name, names)}`];
  const twice = seeds.find((seed, index) => seeds.indexOf(seed) < index);
  return [
    ...twice === undefined ? [] : [`seeds: ${twice} is there twice`],
    ...Object.entries(arms).flatMap(([name, { experiment, seed, fold }]) => [
      ...typeof experiment === "string" ? [] : [`arms.${name}.experiment: must be an experiment's name`],
      ...seed === undefined ? [] : [`arms.${name}.seed: the card's seeds are those of every arm`],
      ...fold === undefined ? [] : [`arms.${name}.fold: a card has no folds`],
    ]),
    ...unknown("outcome.arm", outcome.arm),
    ...unknown("outcome.reference", outcome.reference),
    ...outcome.arm === outcome.reference ? ["outcome.reference: must be another arm than outcome.arm"] : [],
    ...[outcome, ...gates].flatMap(({ cells, organs, testSets }, index) =>
      cells && (organs || testSets)
        ? [`${index === 0 ? "outcome" : `gates[${index - 1}]`}.cells: stands in place of organs and testSets`]
        : []
    ),
    ...gates.flatMap(({ arm, reference, atLeast, atMost }, index) => [
      ...unknown(`gates[${index}].arm`, arm),
      ...unknown(`gates[${index}].reference`, reference),
      ...arm === reference ? [`gates[${index}].reference: must be another arm than its arm`] : [],
      ...(atLeast === undefined) === (atMost === undefined)
        ? [`gates[${index}]: must have one of atLeast and atMost`]
        : [],
    ]),
  ];
}
