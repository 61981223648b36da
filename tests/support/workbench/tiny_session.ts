/** A study of a few voxels as cells have it, and a run that keeps its stages in memory. */
import { join } from "@std/path";
import { prepareStudy } from "../../../lib/data/store/prepared_study.ts";
import type { Run } from "../../../lib/runs/open_run.ts";
import { hashOfData } from "../../../lib/workbench/hashes/data_hash.ts";
import { findStudy, type LoadedStudy } from "../../../lib/workbench/load_study.ts";
import { tinyCohort } from "../data/cohorts/tiny_cohort.ts";
import type { MemoryRecorder } from "../training/memory_recorder.ts";

/**
 * Loads the tiny cohort from folders `one`, `two` and `full` of a folder, with a store there.
 *
 * @param change changes the cohort's JSON
 */
export async function loadTiny(
  folder: string,
  // deno-lint-ignore no-explicit-any -- tests change it in every way
  change: (json: any) => void = () => {},
): Promise<LoadedStudy> {
  const cohort = join(folder, "cohort.json");
  const json = tinyCohort((json) => {
    change(json);
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
  });
  await Deno.writeTextFile(cohort, JSON.stringify(json));
  const { publishScans, ...study } = await findStudy(cohort);
  const prepared = await prepareStudy(study, { folder: join(folder, "store") });
  return { ...prepared, cohort, publishScans, data: { hash: await hashOfData(prepared), cases: {} } };
}

/** @param folder of the run; its stages' files are where the recorder says */
export function runInMemory(
  experiment: string,
  { study, recorder, folder }: { study: LoadedStudy; recorder: MemoryRecorder; folder: string },
): Run {
  return {
    name: `tiny/${experiment}/default/v001`,
    folder,
    parameters: {},
    record: { experiment, dataHash: study.data.hash, identity: experiment, notes: [] },
    finished: false,
    note: () => {},
    during: <T>(work: () => Promise<T>) => work(),
    stage: recorder.stage,
    writePseudoLabels: () => Promise.resolve(),
  } as unknown as Run;
}
