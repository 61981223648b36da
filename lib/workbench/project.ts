/**
 * Where the project's things are. Commands and notebooks start in the project's folder.
 *
 * @module
 */
import { splitFold, withFold } from "../data/cohorts/fold.ts";
import { basename, fromFileUrl, join, relative, resolve } from "@std/path";

/** The project's folder. */
export const projectFolder = fromFileUrl(new URL("../../", import.meta.url));

/** Folder of the datasets: the variable CONSILIUM_DATA, else `data/`. */
export function dataRoot(): string {
  return Deno.env.get("CONSILIUM_DATA") || join(projectFolder, "data");
}

/** Folder of the preprocessed store; never in the data root, which may be read-only and shared. */
export const storeFolder = join(projectFolder, "data", "preprocessed");

/** Folder of all results: the variable CONSILIUM_RESULTS, from the project's folder on; else `results/`. */
export const resultsFolder = resolve(projectFolder, Deno.env.get("CONSILIUM_RESULTS") || "results");

/** Path of a file of experiments/, by its name, or of the file itself when a path is given. */
function shippedPath(folder: string, name: string): string {
  return name.endsWith(".json") ? name : join(projectFolder, "experiments", folder, `${name}.json`);
}

/** Path of a shipped cohort's file, or of the file itself when a path is given. */
export function cohortPath(cohort: string): string {
  return shippedPath("cohorts", cohort);
}

/** A cohort as a run's parameters have it, whose path is of the project's folder, as findCohort takes it anywhere. */
export function recordedCohort(cohort: string): string {
  const { cohort: file, fold } = splitFold(cohort);
  return file.endsWith(".json") ? withFold(resolve(projectFolder, file), fold) : cohort;
}

/**
 * What a run's parameters call the cohort of a file: a shipped one by its name, however its file was told; else the path, as it
 * is seen from the project's folder, in which kernels start.
 *
 * @param path whole
 */
export function cohortOfFile(path: string): string {
  const name = basename(path, ".json");
  if (path === cohortPath(name)) return name;
  return shortOfProject(path);
}

/** A file of the project as it is seen from the project's folder; another one by its whole path. */
export function shortOfProject(path: string): string {
  const short = relative(projectFolder, path);
  return short.startsWith("..") ? path : short;
}

/** The same of a sweep. */
export function sweepPath(sweep: string): string {
  return shippedPath("sweeps", sweep);
}

/** The same of a claim card. */
export function claimPath(claim: string): string {
  return shippedPath("claims", claim);
}

/** The same of a paper. */
export function paperPath(paper: string): string {
  return shippedPath("papers", paper);
}

/** The same of vectors of organs' names. */
export function vectorsPath(vectors: string): string {
  return shippedPath("embeddings", vectors);
}

/** The JSON schemas beside the shipped cohorts, sweeps, claims and papers. */
export const cohortSchemaPath = join(projectFolder, "experiments", "cohorts", "cohort.schema.json");
export const sweepSchemaPath = join(projectFolder, "experiments", "sweeps", "sweep.schema.json");
export const claimSchemaPath = join(projectFolder, "experiments", "claims", "claim.schema.json");
export const paperSchemaPath = join(projectFolder, "experiments", "papers", "paper.schema.json");

/** Folder in which JupyterLab works: the variable CONSILIUM_LAB, below data/, which git ignores; else `data/lab`. */
export const labFolder = resolve(projectFolder, Deno.env.get("CONSILIUM_LAB") || "data/lab");

/** Folder of what sweeps submit to Slurm, and of the tasks' logs; git ignores it. */
export const slurmFolder = join(projectFolder, ".slurm");

/** Path of an experiment's notebook. */
export function experimentPath(experiment: string): string {
  return join(projectFolder, "experiments", `${experiment}.ipynb`);
}

/** Names of the files in a folder, without their ending, sorted; schemas beside them are none of them. */
export async function filesNamed(folder: string, ending: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(ending) && !name.endsWith(".schema.json")) names.push(name.slice(0, -ending.length));
  }
  return names.sort();
}
