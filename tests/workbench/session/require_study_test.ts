import { assertEquals, assertThrows } from "@std/assert";
import type { LoadedStudy } from "../../../lib/workbench/load_study.ts";
import { requireStudy } from "../../../lib/workbench/session/require_study.ts";
import type { Run } from "../../../lib/runs/open_run.ts";

// That a study was changed since it was loaded is in load_study_test.ts.
Deno.test("another study than the run's is refused, with the cell to run again", () => {
  const study = { name: "toy", data: { hash: "data" } } as LoadedStudy;
  const run = { name: "toy/mutual/default/v001", record: { dataHash: "other" } } as unknown as Run;
  const error = assertThrows(() => requireStudy("evaluate", { study, run }), Error);
  assertEquals(
    error.message,
    "Cannot evaluate: the study in this cell is not the one that the run toy/mutual/default/v001 was started with " +
      "(toy, other cases, labels or settings). Run the cell with startRun again, then this one",
  );
});
