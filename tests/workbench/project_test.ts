import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { findCohort, isCohort } from "../../lib/workbench/cohort_paths.ts";
import { checkArm } from "../../lib/workbench/arms/check_arm.ts";
import { projectFolder, recordedCohort } from "../../lib/workbench/project.ts";
import { typed } from "../../lib/setup/typed.ts";
import { openRun } from "../../lib/runs/open_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const program = `
import { resultsFolder } from "./lib/workbench/project.ts";
import { listRuns } from "consilium/results";
console.log(resultsFolder);
console.log((await listRuns("toy")).map(({ name }) => name).join());
`;

async function seenWith(results: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", program],
    cwd: projectFolder,
    env: { CONSILIUM_RESULTS: results, NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout).split("\n");
}

Deno.test("CONSILIUM_RESULTS says where results are, for runs and for the catalogue", () =>
  withFolder(async (results) => {
    const source = { results, cohort: "toy", methodVersion: 1, data: { hash: "", cases: {} } };
    await (await openRun("mutual", {}, source)).finish([]);
    assertEquals(await seenWith(results), [results, "toy/mutual/default/v001", ""]);
    assertEquals((await seenWith("some/where"))[0], join(projectFolder, "some/where"));
    assertEquals((await seenWith(""))[0], join(projectFolder, "results"));
  }));

Deno.test("a recorded cohort's path is of the project's folder, wherever the command is typed", () => {
  const before = Deno.cwd();
  Deno.chdir("/usr");
  try {
    assertEquals(
      recordedCohort("tests/support/experiments/tiny.json"),
      join(projectFolder, "tests/support/experiments/tiny.json"),
    );
    assertEquals(recordedCohort("/data/mine.json"), "/data/mine.json");
    assertEquals(recordedCohort("tests/tiny.json@2/5"), join(projectFolder, "tests/tiny.json@2/5"));
    assertEquals(recordedCohort("phantom@2/5"), "phantom@2/5");
    assertEquals(recordedCohort("phantom"), "phantom");
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("the file of a shipped cohort is recorded as its name, however it is told; another one as its path", async () => {
  const shipped = join(projectFolder, "experiments/cohorts/phantom.json");
  const own = "tests/support/experiments/tiny.json";
  const recorded = async (cohort: string) =>
    (await checkArm("mutual", [`cohort=${cohort}`])).parameters.cohort;
  const before = Deno.cwd();
  Deno.chdir(join(projectFolder, "experiments"));
  try {
    for (
      const cohort of ["phantom", shipped, "cohorts/phantom.json", "../experiments/./cohorts/phantom.json"]
    ) {
      assertEquals(await recorded(cohort), "phantom", cohort);
    }
    assertEquals(await recorded(`../${own}`), own);
  } finally {
    Deno.chdir(before);
  }
  const member = await checkArm("mutual", { cohort: "experiments/cohorts/phantom.json" });
  assertEquals(member.parameters.cohort, "phantom", "of a sweep");
});

Deno.test("a cohort that is not there says what there is; a folder of scans, how it becomes a cohort", async () => {
  await assertRejects(() => findCohort("phantm"), Error, 'current value is "phantm": did you mean phantom?');
  await assertRejects(() => findCohort("lib/data"), Error, `${typed("plan lib/data … --name <cohort>")}`);
  await assertRejects(() => checkArm("mutual", ["cohort=phantm"]), Error, "did you mean phantom?");
});

Deno.test("a cohort's name may have folders, and a fold", async () => {
  const names = ["hippocampus", "axes/scans_3", "hippocampus@2/5", "experiments/cohorts/phantom.json"];
  for (const name of names) assertEquals(await isCohort(name), true, name);
  for (const name of ["phantm", "axes", "axes/scans_4"]) assertEquals(await isCohort(name), false, name);
});
