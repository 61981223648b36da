/**
 * Whether arms were scored on the same scans: equal ids do not say so, since a cohort's file or its data may have changed between two runs.
 *
 * @module
 */
import type { RunRecord } from "../runs/folder/run_record.ts";

/** An arm as far as it says what its scores are of. */
export interface TestedArm {
  name: string;
  runs: readonly { record: Pick<RunRecord, "testHashes"> }[];
}

/** Ids of cases that two runs have in common and that were other scans, or had other truth. Of older runs nothing is known. */
export function otherTests(
  { testHashes: a = {} }: Pick<RunRecord, "testHashes">,
  { testHashes: b = {} }: Pick<RunRecord, "testHashes">,
): string[] {
  return Object.keys(a).filter((id) => Object.hasOwn(b, id) && a[id] !== b[id]);
}

/**
 * Scores of one id are taken for pairs wherever arms stand side by side.
 *
 * @throws {Error} A case of two arms is another scan in the one than in the other, or has other truth there.
 */
export function requireSameTests(arms: readonly TestedArm[]): void {
  const kinds: { names: string[]; tested: Pick<RunRecord, "testHashes"> }[] = [];
  const others = new Set<string>();
  for (const { name, runs } of arms) {
    const testHashes = Object.assign({}, ...runs.map(({ record }) => record.testHashes)) as Record<
      string,
      string
    >;
    if (Object.keys(testHashes).length === 0) continue;
    const kind = kinds.find(({ tested }) => {
      const differing = otherTests(tested, { testHashes });
      for (const id of differing) others.add(id);
      return differing.length === 0;
    });
    if (kind) {
      kind.names.push(name);
      Object.assign(kind.tested.testHashes!, testHashes);
    } else kinds.push({ names: [name], tested: { testHashes } });
  }
  if (kinds.length < 2) return;
  const cases = [...others].sort(), shown = cases.slice(0, 3).join(", ");
  const together = kinds.map(({ names }) => names.join(", "));
  const more = cases.length > 3 ? ` and ${cases.length - 3} more` : "";
  throw new Error(
    `Cannot compare arms: all must be scored on the same scans and truth; ${shown}${more} of ${
      together.join(" and of ")
    } are ` +
      "different ones: the cohort changed between their runs. " +
      `Compare those that belong together alone (--arms ${
        kinds[0]!.names.join(",")
      }), or run the others again`,
  );
}
