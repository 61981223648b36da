import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { caseSlices } from "../../lib/workbench/case_slices.ts";
import { readArms } from "../../lib/comparison/arms.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("no slices without predictions or scans, and a sentence that says why", () =>
  withFolder(async (results) => {
    const folder = await writeFinishedRun(results, {
      experiment: "mutual",
      rows: fakeScores({ Liver: { a: 0.5 } }),
    });
    const arms = await readArms("toy", { results });
    const none = await caseSlices("toy", arms, { cases: [{ case: "a" }] });
    assertEquals([none.rows, none.reason], [
      [],
      "None of these runs has predictions of a: git does not keep them.",
    ]);
    await assertRejects(
      () => caseSlices("toy", arms, { cases: [{ case: "b" }] }),
      Error,
      "the case must be one of a",
    );
    await Deno.mkdir(join(folder, "predictions"));
    await Deno.writeTextFile(join(folder, "predictions", "a.nii.gz"), "");
    const { rows, reason } = await caseSlices("no_such_cohort", arms, {
      cases: [{ case: "a" }, { case: "a" }],
    });
    assertEquals(rows, []);
    assertMatch(reason, /^The scans are not at hand: Cannot find a cohort/);
  }));
