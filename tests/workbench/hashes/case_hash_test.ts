import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { loadStudy } from "../../../lib/workbench/load_study.ts";
import { identityHash } from "../../../lib/runs/folder/identity.ts";
import { describeRun } from "../../../lib/runs/folder/describe_run.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";

// deno-lint-ignore no-explicit-any -- tests change it in every way
type Change = (json: any) => unknown;

async function load(folder: string, { change = () => {}, showAll = false }: {
  change?: Change;
  showAll?: boolean;
} = {}) {
  const path = join(folder, "cohort.json");
  const json = tinyCohort((json) => {
    for (const one of [...json.datasets, ...json.test]) one.folder = join(folder, one.folder);
    change(json);
  });
  await Deno.writeTextFile(path, JSON.stringify(json));
  return (await loadStudy(path, { showAll })).data;
}

async function writeData(folder: string): Promise<void> {
  await writeDecathlon(join(folder, "one"), tinyCases(20));
  await writeDecathlon(join(folder, "two"), tinyCases(20, 21));
  await writeDecathlon(join(folder, "full"), tinyCases(2, 41));
}

Deno.test("what test cases are does not depend on what methods are shown or trained with", () =>
  inTempFolder(async (folder) => {
    await writeData(folder);
    const usual = await load(folder);
    assertEquals(Object.keys(usual.testHashes!), ["case_41", "case_42"]);
    const oracle = await load(folder, { showAll: true });
    assertNotEquals(oracle.hash, usual.hash);
    assertEquals([oracle.testHashes, oracle.settings], [usual.testHashes, usual.settings]);
    const other = await load(folder, { change: (json) => json.training.foregroundShare = 0.5 });
    assertEquals(other.testHashes, usual.testHashes);
    assertNotEquals(other.settings, usual.settings);
    const said = await load(folder, { change: (json) => json.network.precision = "float32" });
    assertEquals(said.settings, usual.settings);
    const half = await load(folder, { change: (json) => json.network.precision = "bfloat16" });
    assertNotEquals(half.settings, usual.settings);
    const fewer = await load(folder, { change: (json) => json.test[0].cases = ["case_42"] });
    assertEquals(fewer.testHashes, { case_42: usual.testHashes!.case_42! });
  }));

Deno.test("another scan, another truth or another tolerance of a case is another case", () =>
  inTempFolder(async (folder) => {
    await writeData(folder);
    const usual = await load(folder);
    const tolerant = await load(folder, { change: (json) => json.organs[0].nsdToleranceMm = 3 });
    assertNotEquals(tolerant.testHashes!.case_41, usual.testHashes!.case_41);
    for (const kind of ["imagesTr", "labelsTr"]) {
      const path = join(folder, "full", kind, "case_41.nii.gz");
      const bytes = await Deno.readFile(path);
      await Deno.writeFile(path, new Uint8Array([...bytes, 0]));
      const changed = await load(folder);
      assertNotEquals(changed.testHashes!.case_41, usual.testHashes!.case_41, kind);
      assertEquals(changed.testHashes!.case_42, usual.testHashes!.case_42, kind);
      await Deno.writeFile(path, bytes);
    }
  }));

Deno.test("they are recorded, and are no part of a run's identity, which covers them", () =>
  inTempFolder(async (folder) => {
    await writeData(folder);
    const { testHashes, settings, ...data } = await load(folder);
    const source = { results: folder, cohort: "tiny", methodVersion: 1 };
    const run = await describeRun("mutual", {}, { ...source, data: { ...data, testHashes, settings } });
    const older = await describeRun("mutual", {}, { ...source, data });
    assertEquals([run.testHashes, run.settings], [testHashes, settings]);
    assertEquals("testHashes" in older, false);
    assertEquals(await identityHash(run), await identityHash(older));
  }));
