/** Finished runs as files, for tests of what reads them. */
import { join } from "@std/path";
import { writeJson, writeWholeFile } from "../../../lib/files/whole_file.ts";
import { identityHash } from "../../../lib/runs/folder/identity.ts";
import type { RunRecord } from "../../../lib/runs/folder/run_record.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { scoresToCsv } from "../../../lib/runs/tables/scores.ts";

/** Dice of each case and organ; the other scores follow from it, and a Dice of 0 is a miss. */
export function fakeScores(dice: Record<string, Record<string, number>>): ScoreRow[] {
  return Object.entries(dice).flatMap(([organ, cases]) =>
    Object.entries(cases).map(([name, value]): ScoreRow => {
      const distance = value === 0 ? Infinity : 10 * (1 - value);
      return {
        case: name,
        dataset: "full",
        organ,
        dice: value,
        hd95: distance,
        assd: distance / 3,
        nsd: value,
      };
    })
  );
}

/** Writes `<results>/<cohort>/<experiment>/<slug>/v001`, or another version; returns its folder. */
export async function writeFinishedRun(
  results: string,
  { rows, ...known }: Partial<RunRecord> & { experiment: string; rows: readonly ScoreRow[] },
): Promise<string> {
  const record: RunRecord = {
    cohort: "toy",
    slug: "default",
    version: 1,
    status: "finished",
    identity: "",
    parameters: {},
    methodVersion: 1,
    engineVersion: 1,
    notebookHash: "",
    dataHash: "data",
    inputs: {},
    stages: [],
    notes: [],
    cases: { test: [...new Set(rows.map((row) => row.case))] },
    attempts: [],
    machine: { host: "host", system: "linux", threads: 2 },
    versions: {},
    ...known,
  };
  const { cohort, experiment, slug, version } = record;
  const folder = join(results, cohort, experiment, slug, `v${String(version).padStart(3, "0")}`);
  await writeJson(join(folder, "run.json"), { ...record, identity: await identityHash(record) });
  await writeWholeFile(join(folder, "metrics.csv"), scoresToCsv(rows));
  return folder;
}
