import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { caseSlices } from "../../lib/workbench/case_slices.ts";
import { readArms } from "../../lib/comparison/arms.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { hashesOfCases } from "../../lib/workbench/hashes/case_hash.ts";
import { findStudy } from "../../lib/workbench/load_study.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";

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

/** A run of a tiny cohort, called `foldy`, whose file is called otherwise; returns its arms. */
async function foldyArms(folder: string) {
  await writeDecathlon(join(folder, "one"), tinyCases(20, 1));
  await writeDecathlon(join(folder, "two"), tinyCases(20, 21));
  await writeDecathlon(join(folder, "full"), tinyCases(2, 41));
  const path = join(folder, "some_file.json"), results = join(folder, "results");
  const json = tinyCohort((json) => {
    json.name = "foldy";
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
  });
  await Deno.writeTextFile(path, JSON.stringify(json));
  const study = await findStudy(path);
  const run = await writeFinishedRun(results, {
    cohort: "foldy",
    experiment: "mutual",
    parameters: { cohort: path },
    testHashes: await hashesOfCases(study),
    rows: fakeScores({ Liver: { case_41: 0.5, case_42: 0.5 } }),
  });
  for (const { id, label } of study.test) {
    await Deno.mkdir(join(run, "predictions"), { recursive: true });
    await Deno.copyFile(label, join(run, "predictions", `${id}.nii.gz`));
  }
  return await readArms("foldy", { results });
}

Deno.test("slices are of the cohort's file that the runs were told, whatever it is called", () =>
  inTempFolder(async (folder) => {
    const arms = await foldyArms(folder);
    const { rows, reason } = await caseSlices("foldy", arms, { cases: [{ case: "case_42" }] });
    assertEquals([rows.map(({ title }) => title), reason], [["case_42"], ""]);
  }));

Deno.test("a prediction is not drawn over a scan that is another one than the run's", () =>
  inTempFolder(async (folder) => {
    const arms = await foldyArms(folder);
    await writeDecathlon(join(folder, "full"), [{ id: "case_42", labels: [2, 2] }, { id: "case_41" }]);
    const cases = [{ case: "case_42" }, { case: "case_41" }];
    const { rows } = await caseSlices("foldy", arms, { cases });
    assertEquals(rows.map(({ title }) => title), ["case_41"]);
    const { reason } = await caseSlices("foldy", arms, { cases: cases.slice(0, 1) });
    assertMatch(reason, /^The cohort's data changed since the runs: .*\(case_42 of mutual\)/);
  }));
