/** A fold of a cohort as cells load it. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { describeRun } from "../../lib/runs/folder/describe_run.ts";
import { hiddenTruth } from "../../lib/workbench/hidden_truth.ts";
import { loadStudy } from "../../lib/workbench/load_study.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";

// deno-lint-ignore no-explicit-any -- tests change it in every way
type Change = (json: any) => unknown;

/** Two datasets of one folder, tested there; returns the cohort's file. */
async function writeCohort(folder: string, change: Change = () => {}): Promise<string> {
  await writeDecathlon(join(folder, "a"), tinyCases(30));
  const json = tinyCohort((json) => {
    for (const [i, dataset] of json.datasets.entries()) {
      dataset.folder = join(folder, "a");
      dataset.training = { fraction: [0.4 * i, 0.4 * i + 0.3] };
      dataset.validation = { fraction: [0.4 * i + 0.3, 0.4 * i + 0.4] };
    }
    json.test[0] = { name: "full", folder: join(folder, "a"), cases: { fraction: [0.8, 1] } };
    change(json);
  });
  const path = join(folder, "cohort.json");
  await Deno.writeTextFile(path, JSON.stringify(json));
  return path;
}

Deno.test("folds are other data of one whole; hidden labels stay hidden and are known to reports", () =>
  inTempFolder(async (folder) => {
    const cohort = await writeCohort(folder);
    const plain = await loadStudy(cohort);
    assertEquals([plain.fold, plain.data.fold], [undefined, undefined]);
    const [one, two] = [await loadStudy(`${cohort}@1/3`), await loadStudy(`${cohort}@2/3`)];
    assertEquals([one.name, one.fold, two.fold], ["tiny", { part: 1, of: 3 }, { part: 2, of: 3 }]);
    assertEquals(one.data.fold!.dataHash, two.data.fold!.dataHash);
    assertEquals(new Set([plain, one, two].map(({ data }) => data.hash)).size, 3);
    const tested = new Set(one.data.cases.test);
    assertEquals([tested.size, tested.intersection(new Set(two.data.cases.test)).size], [10, 0]);
    const [first] = one.datasets[0]!.training;
    assertEquals(first!.labelSet, [1]);
    assertEquals((await (await hiddenTruth(one))(first!))!.organs, [1, 2]);
    const source = { results: folder, cohort: one.name, methodVersion: 1, data: one.data };
    const run = await describeRun("mutual", { cohort: one.cohort }, source);
    assertEquals([run.cohort, run.slug, run.fold], ["tiny", "fold_1_of_3", one.data.fold]);
    assert(!("fold" in await describeRun("mutual", { cohort }, { ...source, data: plain.data })));
  }));

Deno.test("a label that is corrected in any role makes the folds another whole", () =>
  inTempFolder(async (folder) => {
    const cohort = await writeCohort(folder);
    const before = await loadStudy(`${cohort}@1/3`);
    await writeDecathlon(join(folder, "a"), [{ id: "case_7", labels: [1, 2, 2] }]);
    await writeDecathlon(join(folder, "a"), tinyCases(30).filter(({ id }) => id !== "case_7"), {
      training: tinyCases(30).map(({ id }) => ({
        image: `./imagesTr/${id}.nii.gz`,
        label: `./labelsTr/${id}.nii.gz`,
      })),
    });
    const after = await loadStudy(`${cohort}@1/3`);
    assertNotEquals(after.data.fold!.dataHash, before.data.fold!.dataHash);
  }));

Deno.test("folds that are dealt by another seed or rule, or show more, are another whole", () =>
  inTempFolder(async (folder) => {
    // Splits say who is dealt: the seed and what a test set requires decide how, and nothing else.
    const ids = tinyCases(30).map(({ id }) => id);
    const change: Change = (json) => {
      json.organs.push({ name: "Kidney", nsdToleranceMm: 2 });
      json.datasets[1].organs.push("Kidney");
      for (const dataset of json.datasets) {
        Object.assign(dataset, { training: { split: "train" }, validation: { split: "validate" } });
      }
      json.test[0].cases = { split: "test" };
    };
    const wholeOf = async (further: Change) => {
      const cohort = await writeCohort(folder, (json) => (change(json), further(json)));
      await writeDecathlon(join(folder, "a"), tinyCases(30), {
        labels: { "0": "background", "1": "Liver", "2": "Spleen", "3": "Kidney" },
        annotated: Object.fromEntries(ids.map((id, i) => [id, i < 15 ? ["Liver"] : ["Liver", "Spleen"]])),
        splits: { train: ids.slice(0, 20), validate: ids.slice(20, 25), test: ids.slice(25) },
      });
      return (await loadStudy(`${cohort}@1/3`)).data.fold!.dataHash;
    };
    const usual = await wholeOf(() => {});
    assertEquals(await wholeOf((json) => json.description = "Described anew."), usual);
    const changes: Record<string, Change> = {
      "another seed": (json) => json.splitSeed = 2,
      "a test set that requires more": (json) => json.test[0].cases.requires = ["Liver", "Spleen"],
      "a shown organ that is annotated nowhere": (json) => json.datasets[0].organs.push("Kidney"),
    };
    for (const [what, change] of Object.entries(changes)) assertNotEquals(await wholeOf(change), usual, what);
  }));

Deno.test("a fold that cannot be is refused by its name, and one of a cohort with a test folder of its own", async () => {
  await assertRejects(() => loadStudy("phantom@6/5"), Error, "a fold must be 1/n to n/n");
  await assertRejects(
    () => loadStudy("phantom@1/5"),
    Error,
    "the folder of no dataset has the test set full",
  );
});
