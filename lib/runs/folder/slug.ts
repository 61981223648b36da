/**
 * A run's short name: what differs from the notebook's own parameters.
 *
 * @module
 */
import { contentHash } from "../../files/content_hash.ts";
import type { DeclaredParameter, Parameters } from "../notebooks/parameters.ts";

/** Longer names are cut, with a hash to keep them apart: file systems allow 255 bytes, terminals far less. */
export const longestSlug = 96;

/**
 * `default`, `seed_2`, `seed_2-learning_rate_0.01`: safe as the name of a folder. The cohort is left out, because it
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
  const slug = parts.join("-") || "default";
  if (slug.length <= longestSlug) return slug;
  return `${slug.slice(0, longestSlug - 9)}-${(await contentHash(slug)).slice(0, 8)}`;
}

function snakeCase(name: string): string {
  return safe(name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
}

function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._+-]/g, "_");
}
