/**
 * Methods that know organs alone, each by itself.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";

/** What a study with groups of organs lacks, as a sentence's end that begins with what is wanted; undefined where it has none. */
export function lackOfSingleOrgans(
  { groups }: Pick<PreparedStudy, "groups">,
  wanted: string,
): string | undefined {
  if (!groups) return undefined;
  return `${wanted}, the cohort has groups of them (${groups.map(({ name }) => name).join(", ")})`;
}
