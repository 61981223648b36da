/**
 * Cells that go on with a run must go on with the study that it was started with: its record says what it did, and tables and
 * names of arms believe it.
 *
 * @module
 */
import type { Run } from "../../runs/open_run.ts";
import { isAsLoaded, type LoadedStudy } from "../load_study.ts";

/**
 * @param action what the cell does, in words
 * @throws Error naming what differs and the cell to run again
 */
export function requireStudy(action: string, { study, run }: { study: LoadedStudy; run: Run }): void {
  const { record, name: runName } = run;
  if (study.data.hash !== record.dataHash) {
    throw new Error(
      `Cannot ${action}: the study in this cell is not the one that the run ${runName} was started with ` +
        `(${study.name}, other cases, labels or settings). Run the cell with startRun again, then this one`,
    );
  }
  if (!isAsLoaded(study)) {
    throw new Error(
      `Cannot ${action}: the study in this cell was changed since it was loaded, and the run ${runName} was started with ` +
        `what ${study.cohort} holds. Change the cohort's file, and run the cell with startRun again`,
    );
  }
}
