/**
 * run.json: what a run is, what it did and where.
 *
 * @module
 */
import { z } from "zod";
import { basename, join, resolve } from "@std/path";
import { parseOwnJson } from "../../data/own_json.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import { exists } from "../../files/whole_folder.ts";
import { identityHash } from "./identity.ts";

const attempt = z.object({
  started: z.string(),
  ended: z.string().optional(),
  /** `running` without a live process: it was killed. */
  status: z.enum(["running", "finished", "failed", "stopped"]),
  /** While it is at work, for whoever finds it so; a finished run does not say it. */
  host: z.string().optional(),
  process: z.number(),
  error: z.string().optional(),
});

const stage = z.object({
  name: z.string(),
  hash: z.string(),
  /** Cost of the stage over all its resumptions, whoever computed it: budgets of arms stay comparable. */
  seconds: z.number(),
  /** Of training: forward and backward passes over one patch, whoever made them; 0 where nothing was trained. Older records have none. */
  passes: z.number().optional(),
  /** Another run computed it. */
  reused: z.boolean(),
  /** Name of the run that did. Older records have none. */
  computedBy: z.string().optional(),
});

const fold = z.object({
  part: z.number(),
  of: z.number(),
  /** Of what all folds share: runs of one arm may be pooled where it is equal. */
  dataHash: z.string(),
});

const schema = z.object({
  experiment: z.string(),
  cohort: z.string(),
  slug: z.string(),
  version: z.number().int().positive(),
  status: attempt.shape.status,
  /** Equal for runs that must have equal results; see identity.ts. */
  identity: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  seed: z.number().optional(),
  /** Of the method; where it rose, the same parameters give other numbers. */
  methodVersion: z.number(),
  /** Of what all methods share. Older records have none. */
  engineVersion: z.number().default(1),
  notebookHash: z.string(),
  dataHash: z.string(),
  /** Which part of the subjects it was tested on, where the cohort's own test sets were not. */
  fold: fold.optional(),
  /** Resolved case lists by their role, such as `training a`. */
  cases: z.record(z.string(), z.array(z.string())),
  /**
   * Of each test case what its scores are of: scan, truth, and what is scored. Of two runs it must be equal for their scores to be
   * pairs, whatever their methods were shown. Older records have none.
   */
  testHashes: z.record(z.string(), z.string()).optional(),
  /**
   * What the cohort gives every method besides cases and labels: preprocessing, patch, network and training. Scores of other
   * programs' predictions and older records have none.
   */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** Hashes of other inputs by name, such as a folder of predictions. */
  inputs: z.record(z.string(), z.string()),
  /** Everything was computed anew, though an equal run or equal stages were there. Older records have none. */
  fresh: z.boolean().optional(),
  stages: z.array(stage),
  notes: z.array(z.string()),
  /** Rows and SHA-256 of metrics.csv as the run has left it. Older records have none. */
  scores: z.object({ rows: z.number(), hash: z.string() }).optional(),
  /** SHA-256 of its other tables by their names, as the run has left them. Older records have none. */
  tables: z.record(z.string(), z.string()).optional(),
  attempts: z.array(attempt),
  machine: z.object({
    /** As of attempts. */
    host: z.string().optional(),
    system: z.string(),
    threads: z.number(),
    // Of what decides how TensorFlow computes, older records have nothing.
    processor: z.string().optional(),
    oneDNN: z.boolean().optional(),
    oneDNNMaxIsa: z.string().optional(),
    /** Where TensorFlow computed on one: its name, as CUDA numbers it, and how exactly. */
    gpu: z.object({ device: z.string(), name: z.string(), tf32: z.boolean(), deterministic: z.boolean() })
      .optional(),
    /** Forms of arithmetic that were chosen by measuring this machine, by the choice's name; see quickest.ts. */
    kernels: z.record(z.string(), z.string()).optional(),
  }),
  /** Of Deno, TensorFlow, …: by name. */
  versions: z.record(z.string(), z.string()),
  git: z.object({ commit: z.string(), modified: z.boolean() }).optional(),
});

export type RunStatus = z.infer<typeof attempt.shape.status>;
export type RunAttempt = z.infer<typeof attempt>;
export type RunStage = z.infer<typeof stage>;

/** The stages that a run took over from others, and from whom; earlier records don't say from whom. */
export function takenOver(
  { stages }: Pick<RunRecord, "stages">,
): Required<Omit<RunStage, "reused" | "hash" | "passes">>[] {
  return stages.filter(({ reused }) => reused)
    .map(({ name, seconds, computedBy = "another run" }) => ({ name, seconds, computedBy }));
}
export type RunFold = z.infer<typeof fold>;
export type RunRecord = z.infer<typeof schema>;

/** Only a run that has ended gets the name of a version without an ending. */
async function isWhole(folder: string): Promise<boolean> {
  return /^v\d{3,}$/.test(basename(resolve(folder))) && await exists(folder);
}

/**
 * Reads the run.json of a run's folder, or answers undefined when there is none: the run was killed before it wrote one.
 *
 * @throws Error when a finished run has none, when it is not a run's record, or of a finished run other fields than those that it was identified by
 */
export async function readRunRecord(folder: string): Promise<RunRecord | undefined> {
  const path = join(folder, "run.json");
  const text = await readTextIfThere(path);
  if (text === undefined) {
    if (!await isWhole(folder)) return undefined;
    throw new Error(
      `Cannot read run: run.json is missing, and the folder is that of a finished run (${folder}). ` +
        "Put the file back, or move the folder away and run it again",
    );
  }
  const record = parseOwnJson(text, { schema, path, action: "read run" });
  // Whoever looks for a run takes its identity for what the fields say. Records without the engine's version had other fields in it.
  const sealed = record.status === "finished" && "engineVersion" in JSON.parse(text);
  if (!sealed || await identityHash(record) === record.identity) return record;
  throw new Error(
    `Cannot read run: parameters, hashes or versions in run.json were changed after the run had ended (${path}). ` +
      "Put the file back, or move the run's folder away and run it again",
  );
}
