/**
 * The stages that a cohort's runs have left, with the runs that refer to them.
 *
 * @module
 */
import { join } from "@std/path";
import { folderBytes } from "../../files/folder_contents.ts";
import { type ListOptions, listRuns } from "../../runs/folder/list_runs.ts";
import { foldersIn } from "../../files/folder_contents.ts";
import { readStageRecord } from "../../runs/stages/finished_stage.ts";

export interface ListedStage {
  folder: string;
  hash: string;
  /** Such as `partial_organ`; undefined of one that is not finished. */
  name?: string;
  /** Seconds it took; undefined of one that is not finished. */
  seconds?: number;
  /** The run that computed it. */
  computedBy?: string;
  bytes: number;
  /** Names of the runs that refer to it. */
  usedBy: string[];
}

/**
 * Stages of a cohort, largest first.
 *
 * @param onUnreadable called with the error of a run's record that cannot be read: its stages may seem to be nobody's
 */
export async function listStages(
  results: string,
  cohort: string,
  { onUnreadable }: Pick<ListOptions, "onUnreadable"> = {},
): Promise<ListedStage[]> {
  const runs = await listRuns(cohort, { results, status: "all", ...onUnreadable && { onUnreadable } });
  const root = join(results, cohort, "stages");
  const stages = await Promise.all((await foldersIn(root)).map(async (hash): Promise<ListedStage> => {
    const folder = join(root, hash);
    const done = await readStageRecord(folder).catch(() => undefined); // damaged: it is computed anew
    return {
      folder,
      hash,
      ...done ? { name: done.name, seconds: done.seconds, computedBy: done.computedBy } : {},
      bytes: await folderBytes(folder),
      usedBy: runs.filter(({ record }) => record.stages.some((stage) => stage.hash === hash))
        .map(({ name }) => name),
    };
  }));
  return stages.sort((a, b) => b.bytes - a.bytes);
}
