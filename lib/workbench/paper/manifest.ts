/**
 * manifest.json of a paper: what each of its tables and figures is of.
 *
 * @module
 */
import { basename, join, relative } from "@std/path";
import { writeJson } from "../../files/whole_file.ts";
import { fileHash } from "../../files/seal.ts";
import type { MadePart } from "./make_paper.ts";

export interface ManifestOptions {
  folder: string;
  /** The paper's own file. */
  paper: string;
  /** As it is typed. */
  command: string;
}

/** Says of every part its files, runs, their commits, versions and data; it holds no time, so that the same runs give the same file. */
export async function writeManifest(
  parts: readonly MadePart[],
  { folder, paper, command }: ManifestOptions,
): Promise<string> {
  const path = join(folder, "manifest.json");
  await writeJson(path, {
    command,
    paper: { file: basename(paper), sha256: await fileHash(paper) },
    parts: await Promise.all(parts.map(async ({ name, files, arms, warnings }) => ({
      name,
      files: files.map((file) => relative(folder, file)),
      warnings,
      arms: await Promise.all(arms.map(async ({ name, runs }) => ({
        arm: name,
        runs: await Promise.all(runs.map(async ({ name, folder, record }) => ({
          run: name,
          seed: record.seed,
          commit: record.git?.commit,
          modified: record.git?.modified,
          methodVersion: record.methodVersion,
          engineVersion: record.engineVersion,
          dataHash: record.dataHash,
          metrics: await fileHash(join(folder, "metrics.csv")),
          versions: record.versions,
        }))),
      }))),
    }))),
  });
  return path;
}
