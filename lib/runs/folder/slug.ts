/**
 * A run's short name: what differs from the notebook's own parameters.
 *
 * @module
 */
import { type Fold, splitFold } from "../../data/cohorts/fold.ts";
import { contentHash } from "../../files/content_hash.ts";
import type { DeclaredParameter, Parameters } from "../notebooks/parameters.ts";

/** Longer names are cut, with a hash to keep them apart: file systems allow 255 bytes, terminals far less. */
export const longestSlug = 96;

/**
 * `default`, `seed_2`, `fold_2_of_5-seed_2`: safe as the name of a folder. The cohort is left out but for its fold, because it
 * is a folder of its own. Two values may share a slug ("a/b" and "a b"); their runs are then two versions.
 */
export async function runSlug(
  parameters: Parameters,
  declared: readonly Pick<DeclaredParameter, "name" | "value">[],
): Promise<string> {
  const defaults = new Map(declared.map(({ name, value }) => [name, value]));
  const parts = Object.entries(parameters)
    .filter(([name, value]) => name !== "cohort" && defaults.get(name) !== value)
    .map(([name, value]) => `${snakeCase(name)}_${safe(String(value))}`);
  const { fold } = splitFold(String(parameters.cohort ?? ""));
  if (fold) parts.unshift(foldSlug(fold));
  const slug = parts.join("-") || "default";
  if (slug.length <= longestSlug) return slug;
  return `${slug.slice(0, longestSlug - 9)}-${(await contentHash(slug)).slice(0, 8)}`;
}

/** `fold_2_of_5`. */
export function foldSlug({ part, of }: Fold): string {
  return `fold_${part}_of_${of}`;
}

function snakeCase(name: string): string {
  return safe(name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
}

function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._+-]/g, "_");
}
