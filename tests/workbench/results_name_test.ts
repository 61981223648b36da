/** Results of a cohort that is told by a folder or a file, and is called otherwise than that. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { checkData } from "../../lib/commands/check_data.ts";
import { report } from "../../lib/commands/report.ts";
import { runs } from "../../lib/commands/runs.ts";
import { typed } from "../../lib/setup/typed.ts";
import { findCohort, resultsName } from "../../lib/workbench/cohort_paths.ts";
import { findArms } from "../../lib/workbench/find_arms.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const write = (results: string, cohort: string) =>
  writeFinishedRun(results, {
    cohort,
    experiment: "mutual",
    rows: fakeScores({ Liver: { a: 0.5, b: 0.6 } }),
  });

Deno.test("report and runs take a cohort as run does, and look where its results are", () =>
  withFolder(async (results) => {
    await write(results, "phantom_quick_scans_3");
    await write(results, "tiny");
    await write(results, "gone");
    const file = join(results, "another_name.json");
    await Deno.writeTextFile(file, JSON.stringify(tinyCohort()));
    const names = {
      "axes/scans_3": "phantom_quick_scans_3",
      "phantom_quick_scans_3": "phantom_quick_scans_3",
      [file]: "tiny",
      gone: "gone",
    };
    for (const [asked, name] of Object.entries(names)) {
      assertEquals(await resultsName(asked, results), name, asked);
      const page = await withOutput(() => report([asked], { results }));
      assert(page.text.endsWith(join(results, name, "report", "index.html")), page.text);
      const list = await withOutput(() => runs(["--cohort", asked], { results }));
      assert(list.text.includes(`${name}, mutual: 1 run`), list.text);
    }
    const out = join(results, "elsewhere");
    const page = await withOutput(() => report(["tiny", "--out", out], { results }));
    assert(page.text.endsWith(join(out, "index.html")), page.text);
    await assertRejects(() => report(["tiny@1/3"], { results }), Error, "folds are pooled");
  }));

Deno.test("names in folders are suggested, and commands that begin runs say what is typed for a cohort", () =>
  withFolder(async (results) => {
    await write(results, "toy");
    const meant = "did you mean axes/scans_3?";
    for (
      const call of [
        () => report(["axes/scans_33"], { results }),
        () => runs(["--cohort", "axes/scans_33"], { results }),
        () => findArms("axes/scans_33", "all", { results }),
        () => findCohort("axes/scans_33"),
        () => checkData(["axes/scans_33"]),
      ]
    ) await assertRejects<unknown>(call, Error, meant);
    await assertRejects(
      () => report(["axes/scans_3"], { results }),
      Error,
      typed("run mutual --cohort axes/scans_3"),
    );
    const file = join(results, "another_name.json");
    await Deno.writeTextFile(file, JSON.stringify(tinyCohort()));
    await assertRejects(() => report([file], { results }), Error, typed(`run mutual --cohort ${file}`));
    await assertRejects(() => report([join(results, "none.json")], { results }), Error, "no such file");
  }));
