/**
 * A cohort: everything a study needs to know of its data, in one JSON file.
 *
 * A cohort names organs, datasets (with the organs the study *shows* of each), the cases of training, validation and
 * test, and how scans are preprocessed, cut and learnt from. Folders are relative to the data root. Unknown keys are
 * errors, so that a misspelt one cannot be silently ignored.
 *
 * @module
 */
import { z } from "zod";
import { cohortProblems } from "./cohort_rules.ts";
import { InvalidFileError, parseWith, readJson } from "../json_file.ts";

const Name = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "must be letters, digits, '_', '-' or '.'");
const Positive = z.number().positive();
const Count = z.int().positive();
const Voxels = z.tuple([Count, Count, Count]);

const Organ = z.strictObject({
  name: Name,
  /** Other names of it in the datasets' label lists; case, spaces, underscores and the side's place do not count. */
  aliases: z.array(z.string()).optional(),
  /** The same organ on the other side: mirroring left/right swaps the two. */
  mirror: z.string().optional(),
  /** Surface tolerance of NSD in mm. */
  nsdToleranceMm: Positive,
});

/** Which cases: every condition given must hold. See case_rule.ts. */
const CaseRule = z.strictObject({
  /** A split of the dataset's `splits`. */
  split: z.string().optional(),
  /** Subjects whose hash lies in [from, to), 0…1. */
  fraction: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]).optional(),
  /** Organs that must be annotated in the case. */
  requires: z.array(z.string()).optional(),
  /** At most so many scans, in the order of their subjects' hashes. */
  count: Count.optional(),
});

/** Case ids, or a rule. */
const Cases = z.union([z.array(z.string()).min(1), CaseRule]);

/** How a case id tells the person. Without it, every id is a person of its own. */
const SubjectRule = z.strictObject({
  /** A regular expression with one group, which is the subject. */
  pattern: z.string(),
  /** The group is a number and so many consecutive ones, counted from 1, belong together. */
  blockOf: Count.optional(),
});

const StudyDataset = z.strictObject({
  name: Name,
  folder: z.string().min(1),
  /** Organs the study shows of this dataset; labels of others stay hidden. */
  organs: z.array(z.string()).min(1),
  subject: SubjectRule.optional(),
  training: Cases,
  validation: Cases,
});

const TestSet = z.strictObject({
  name: Name,
  folder: z.string().min(1),
  /** Default: the rule of the dataset in the same folder. */
  subject: SubjectRule.optional(),
  cases: Cases,
});

const Intensity = z.discriminatedUnion("scheme", [
  /** Clip to `clipHu`, then (HU - mean) / std, the same for all scans. */
  z.strictObject({
    scheme: z.literal("ct"),
    clipHu: z.tuple([z.number(), z.number()]),
    mean: z.number(),
    std: Positive,
  }),
  /** Each scan to zero mean and unit deviation. */
  z.strictObject({ scheme: z.literal("mr") }),
]);

export const CohortFile = z.strictObject({
  name: Name,
  description: z.string(),
  /** The scans' licence allows pictures of them in committed notebooks. */
  publishScans: z.boolean().default(false),
  /** Where the data is made rather than read. */
  generator: z.strictObject({ phantom: z.strictObject({ seed: z.int() }) }).optional(),
  organs: z.array(Organ).min(1).max(200),
  /** Seed of the subjects' hash. */
  splitSeed: z.int().default(1),
  datasets: z.array(StudyDataset).min(1),
  test: z.array(TestSet).min(1),
  preprocessing: z.strictObject({
    /** [z, y, x] in mm. */
    spacingMm: z.tuple([Positive, Positive, Positive]),
    intensity: Intensity,
  }),
  /** [depth, height, width] in voxels. */
  patch: Voxels,
  network: z.strictObject({
    /** Channels of each level, from full resolution down. */
    widths: z.array(Count).min(2),
    /** [z, y, x] stride into each level below the first. */
    strides: z.array(Voxels).min(1),
    /** Channels of a learned projection of the features that models compare. */
    projection: Count.optional(),
    /** Arithmetic of convolutions; bfloat16 wants a processor or a GPU that has it. Default: float32. */
    precision: z.enum(["float32", "bfloat16"]).optional(),
  }),
  training: z.strictObject({
    /** Patches of one dataset in one step. */
    batchSize: Count,
    partialOrganSteps: Count,
    fullOrganSteps: Count,
    learningRate: Positive,
    warmupSteps: z.int().min(0),
    /** Steps between two validations. */
    validateEvery: Count,
  }),
});

export type Cohort = z.infer<typeof CohortFile>;
export type CaseRule = z.infer<typeof CaseRule>;
export type SubjectRule = z.infer<typeof SubjectRule>;
export type IntensityScheme = z.infer<typeof Intensity>;
export type Preprocessing = Cohort["preprocessing"];

/**
 * Checks a cohort's JSON.
 *
 * @param file its path, for the error
 * @throws {InvalidFileError} with every fault, each beginning with its place in the JSON
 */
export function parseCohort(json: unknown, file: string): Cohort {
  const { value, problems } = parseWith(CohortFile, json);
  const all = value ? cohortProblems(value) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(file, all, "cohort");
  return value;
}

/** Reads a cohort's JSON file; throws as {@linkcode parseCohort}. */
export async function readCohort(path: string): Promise<Cohort> {
  return parseCohort(await readJson(path, "cohort"), path);
}
