import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseCohort } from "../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../lib/data/cohorts/resolve_study.ts";
import { withPseudonyms } from "../../lib/workbench/pseudonyms.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";

/** The tiny cohort's test cases as a project calls them whose key is in a folder. */
async function testIds(root: string, folder: string, pseudonyms?: boolean): Promise<string[]> {
  const cohort = parseCohort(
    tinyCohort((json) => Object.assign(json, pseudonyms === undefined ? {} : { pseudonyms })),
    "tiny.json",
  );
  const study = await withPseudonyms(
    cohort,
    (names) => resolveStudy(cohort, { dataRoot: root, ...names }),
    { folder },
  );
  return study.test.map(({ id }) => id);
}

async function writeData(root: string): Promise<void> {
  await writeDecathlon(join(root, "one"), tinyCases(10));
  await writeDecathlon(join(root, "two"), tinyCases(10, 21));
  await writeDecathlon(join(root, "full"), tinyCases(2, 41));
}

Deno.test("pseudonyms are the same in all runs, other with another key, and lead back by a list that stays here", () =>
  inTempFolder(async (root) => {
    await writeData(root);
    const here = join(root, "here"), there = join(root, "there");
    assertEquals(await testIds(root, here), ["case_41", "case_42"]);
    assertEquals(
      await Array.fromAsync(Deno.readDir(root)).then((all) => all.some(({ name }) => name === "here")),
      false,
    );
    const ids = await testIds(root, here, true);
    for (const id of ids) assertMatch(id, /^case_[0-9a-f]{12}$/);
    assertEquals(await testIds(root, here, true), ids);
    assertEquals(ids, [...ids].sort(), "in their own order, not in that of the names");
    const others = await testIds(root, there, true);
    assert(others.every((id) => !ids.includes(id)));
    const list = JSON.parse(await Deno.readTextFile(join(here, "tiny.json")));
    assertEquals(ids.map((id) => list[id]).sort(), [
      "full/imagesTr/case_41.nii.gz",
      "full/imagesTr/case_42.nii.gz",
    ]);
    assertEquals(Object.keys(list).length > ids.length, true, "training cases, too");
    assertEquals((await Deno.stat(join(here, "key"))).mode! & 0o777, 0o600);
    assertEquals((await Deno.stat(here)).mode! & 0o777, 0o700);
    await Deno.writeTextFile(join(here, "key"), "short");
    await assertRejects(() => testIds(root, here, true), Error, "must be 64 hexadecimal digits");
  }));
