/**
 * Pseudonyms of cases, for cohorts whose ids must not appear in results.
 *
 * A pseudonym is a keyed hash (HMAC-SHA256) of the scan's path below the data root: the same in all runs and cohorts of this project, so
 * that arms can be compared case by case, and nobody's without the key. The key, and a list of who is who, stay in `data/`.
 *
 * @module
 */
import { createHmac, randomBytes } from "node:crypto";
import { join } from "@std/path";
import { z } from "zod";
import type { Cohort } from "../data/cohorts/cohort.ts";
import type { ResolveOptions } from "../data/cohorts/resolve_study.ts";
import { parseOwnJson } from "../data/own_json.ts";
import { makePrivateFolder } from "../files/private_folder.ts";
import { writeSealed } from "../files/seal.ts";
import { readTextIfThere } from "../files/whole_file.ts";
import { projectFolder } from "./project.ts";

/** Letters of a pseudonym: of a thousand cases two are called alike once in a million studies. */
const LETTERS = 12;

/** The scan's path below the data root, by its pseudonym. */
const schema = z.record(z.string(), z.string());

export interface PseudonymOptions {
  /** Of the key and the lists. @default data/pseudonyms of the project */
  folder?: string;
}

/**
 * Does something with the pseudonyms of a cohort's cases, and keeps whose they are; with none where the cohort wants none.
 *
 * @param work is given what resolveStudy wants
 */
export async function withPseudonyms<T>(
  { name, pseudonyms = false }: Pick<Cohort, "name" | "pseudonyms">,
  work: (options: Pick<ResolveOptions, "pseudonym">) => Promise<T>,
  { folder = join(projectFolder, "data", "pseudonyms") }: PseudonymOptions = {},
): Promise<T> {
  if (!pseudonyms) return await work({});
  await makePrivateFolder(folder);
  const key = await keyIn(folder), whose = new Map<string, string>();
  const result = await work({
    pseudonym(scan) {
      const pseudonym = "case_" + createHmac("sha256", key).update(scan).digest("hex").slice(0, LETTERS);
      whose.set(pseudonym, scan);
      return pseudonym;
    },
  });
  const list = join(folder, `${name}.json`);
  const text = await readTextIfThere(list);
  const known = text === undefined
    ? {}
    : parseOwnJson(text, { schema, path: list, action: "read a list of pseudonyms" });
  await writeSealed(list, { ...known, ...Object.fromEntries([...whose].sort()) });
  return result;
}

/** The project's key, made where there is none; of two processes at once both take the first one's. */
async function keyIn(folder: string): Promise<string> {
  const path = join(folder, "key");
  const made = { createNew: true, mode: 0o600 };
  await Deno.writeTextFile(path, randomBytes(32).toString("hex"), made).catch((error) => {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  });
  const key = await Deno.readTextFile(path);
  if (/^[0-9a-f]{64}$/.test(key)) return key;
  throw new Error(`Cannot read the key of pseudonyms: it must be 64 hexadecimal digits (${path})`);
}
