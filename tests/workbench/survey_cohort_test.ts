import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readCase, surveyCohort } from "../../lib/workbench/survey_cohort.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";

async function inCohort(use: (path: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const json = tinyCohort();
    for (const [name, start] of [["one", 1], ["two", 21], ["full", 41]] as const) {
      await writeDecathlon(join(folder, name), tinyCases(20, start));
    }
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
    const path = join(folder, "tiny.json");
    await Deno.writeTextFile(path, JSON.stringify(json));
    await use(path);
  });
}

Deno.test("a survey has every case with its grid, and volumes of the shown organs only", () =>
  inCohort(async (path) => {
    const { organs, cases, findings } = await surveyCohort(path);
    assertEquals(organs, ["Liver", "Spleen"]);
    const counts = Map.groupBy(cases, ({ dataset, role }) => `${dataset} ${role}`);
    assertEquals([...counts.keys()], [
      ...["one training", "one validation", "two training", "two validation", "full test"],
    ]);
    assertEquals(cases.length, 60);
    const shape = [4, 4, 4], spacing = [2, 2, 2];
    for (const { dataset, organs, intensity, ...rest } of cases) {
      assertEquals([rest.shape, rest.spacing], [shape, spacing]);
      // One voxel of 8 mm³ each; the files label both organs everywhere.
      const shown = { one: ["Liver"], two: ["Spleen"], full: ["Liver", "Spleen"] }[dataset]!;
      assertEquals(organs, shown.map((organ) => ({ organ, volume: 0.008 })));
      assertEquals([intensity.low, intensity.median], [0, 0]);
      assert(intensity.high > 2 && intensity.high < 3);
    }
    assertEquals(findings.map(({ name, findings }) => [name, findings.length]), [
      ...[["Tiny", 0], ["Tiny", 0], ["Tiny", 0]],
      ["cohort tiny", 0],
    ]);
  }));

Deno.test("a case is read with its shown organs; an unknown one is named", () =>
  inCohort(async (path) => {
    const { title, image, labels } = await readCase(path);
    assertEquals([title, [...image.slice(0, 4)]], ["full, case_41", [1, 2, 3, 0]]);
    assertEquals([...labels.slice(0, 3)], [1, 2, 0]);
    await assertRejects(() => readCase(path, "nobody"), Error, "must be a case of cohort");
  }));

Deno.test("the entries that read only load no TensorFlow, which would want a permission", async () => {
  const loads = async (entry: string) => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", "--allow-read", "--allow-env", `lib/notebook/${entry}.ts`],
      cwd: projectRoot,
    }).output();
    return success ? "loaded" : new TextDecoder().decode(stderr).match(/--allow-\w+/)?.[0];
  };
  for (const entry of ["data", "plots", "results"]) assertEquals(await loads(entry), "loaded", entry);
  assert((await loads("train"))?.startsWith("--allow-"));
});
