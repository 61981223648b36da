/**
 * What a cohort gave the methods of some arms and not those of others, such as another arithmetic.
 *
 * @module
 */
import { canonicalJson } from "../files/content_hash.ts";
import type { RunRecord } from "../runs/folder/run_record.ts";

/** An arm as far as it says what its cohort gave it. */
export interface SetArm {
  name: string;
  runs: readonly { record: Pick<RunRecord, "settings"> }[];
}

/**
 * A sentence for every setting of the cohort that differs between arms, whose difference is then none of their methods alone.
 * Older runs, and those of other programs, do not say what theirs were.
 */
export function settingWarnings(arms: readonly SetArm[]): string[] {
  const known = arms.flatMap(({ name, runs }) => {
    // All runs of an arm have the same data, and so the same settings.
    const settings = runs.find(({ record }) => record.settings)?.record.settings;
    return settings ? [{ name, values: new Map(leaves(settings)) }] : [];
  });
  const paths = new Set(known.flatMap(({ values }) => [...values.keys()]));
  return [...paths].flatMap((path) => {
    const byValue = Map.groupBy(known, ({ values }) => values.get(path) ?? "left out");
    if (byValue.size < 2) return [];
    const said = [...byValue].map(([value, own]) => `${value} in ${own.map(({ name }) => name).join(", ")}`);
    return [`Arms of different settings of the cohort stand side by side: ${path} is ${said.join("; ")}.`];
  });
}

/** Values by their path, such as `training.batchSize`. A list is one value. */
function leaves(settings: Readonly<Record<string, unknown>>, before = ""): [path: string, value: string][] {
  return Object.entries(settings).flatMap(([key, value]): [string, string][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? leaves(value as Record<string, unknown>, `${before}${key}.`)
      : value === undefined
      ? []
      : [[`${before}${key}`, typeof value === "string" ? value : canonicalJson(value)]]
  );
}
