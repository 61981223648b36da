import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { prepareStudy } from "../../../lib/data/store/prepared_study.ts";
import { readStoredImage, readStoredLabels } from "../../../lib/data/store/store.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { allowedTable } from "../../../lib/losses/allowed.ts";
import { streamOfEachDataset, streamOfEachUnlabelled } from "../../../lib/methods/shared/streams.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";

const LABELS = { "0": "background", "1": "Liver", "2": "Spleen" };

/** Cases 3 and 4 of folder one have the label map, but no organ annotated. */
async function prepare(root: string, { unlabelled = "use", hidden = [1, 2] } = {}) {
  const cases = tinyCases(20).map((scan) =>
    ["case_3", "case_4"].includes(scan.id) ? { ...scan, labels: hidden } : scan
  );
  await writeDecathlon(join(root, "one"), cases, { annotated: { case_3: [], case_4: [] }, labels: LABELS });
  await writeDecathlon(join(root, "two"), tinyCases(20, 21));
  await writeDecathlon(join(root, "full"), tinyCases(4, 41));
  const json = tinyCohort((json) => {
    json.datasets[0] = { ...json.datasets[0], training: {}, validation: ["case_20"], unlabelled };
    json.datasets[0].training = ["case_1", ...(unlabelled === "use" ? ["case_3", "case_4"] : [])];
  });
  const study = await resolveStudy(parseCohort(json, "tiny.json"), { dataRoot: root });
  return { study, prepared: await prepareStudy(study, { folder: join(root, "store") }) };
}

Deno.test("unlabelled cases are stored like others, with an empty label set", () =>
  inTempFolder(async (root) => {
    const { datasets } = (await prepare(root)).prepared;
    const one = datasets[0]!, two = datasets[1]!;
    assert(!("unlabelled" in two));
    assertEquals(one.unlabelled!.map(({ id }) => id), ["case_3", "case_4"]);
    for (const stored of one.unlabelled!) {
      assertEquals([stored.labelSet, stored.pseudoSet, stored.locations], [[], [], {}]);
      assertEquals(stored.shape, one.training[0]!.shape);
      assert((await readStoredLabels(stored)).every((code) => code === 0));
      // Tiny cases differ in their last voxel alone, and by that a little in their scale.
      const [own, other] = [await readStoredImage(stored), await readStoredImage(one.training[0]!)];
      own.forEach((value, v) => assertAlmostEquals(value, other[v]!, v < own.length - 1 ? 0.01 : 0.5));
    }
  }));

Deno.test("without them a study is what it was", () =>
  inTempFolder(async (root) => {
    const { prepared: { datasets: [dropped] } } = await prepare(root, { unlabelled: "drop" });
    const { prepared: { datasets: [used] } } = await prepare(root);
    const { unlabelled: _, ...same } = used!;
    assertEquals(same, dropped);
  }));

Deno.test("hidden labels of unlabelled cases are not read: poisoned, they change nothing", () =>
  inTempFolder(async (root) => {
    const { prepared: { datasets: [clean] } } = await prepare(root);
    const { prepared: { datasets: [poisoned] } } = await prepare(root, { hidden: [2, 2, 1, 9] });
    assertEquals(poisoned, clean);
    await Deno.remove(join(root, "one", "labelsTr", "case_3.nii.gz"));
    await Deno.remove(join(root, "store"), { recursive: true });
    const again = await resolveStudy(
      parseCohort(
        tinyCohort((json) => {
          json.datasets[0].training = ["case_1", "case_3", "case_4"];
          json.datasets[0].validation = ["case_20"];
          json.datasets[0].unlabelled = "use";
        }),
        "tiny.json",
      ),
      { dataRoot: root },
    );
    assertEquals((await prepareStudy(again, { folder: join(root, "store") })).datasets[0], clean);
  }));

Deno.test("a plan has streams of them, whose patches lie anywhere and say nothing", () =>
  inTempFolder(async (root) => {
    const { prepared } = await prepare(root);
    const streams = { ...streamOfEachDataset(prepared), ...streamOfEachUnlabelled(prepared) };
    assertEquals(Object.keys(streams), ["one", "two", "one unlabelled"]);
    const { cases, shown } = streams["one unlabelled"]!;
    const options = { seed: 1, stream: "u", patch: [2, 2, 2] as Shape, batchSize: 8, shownOrgans: shown };
    const batch = await makeBatch(cases, 0, options);
    assertEquals([new Set(batch.cases).size, batch.labelSets.flat(), batch.pseudoSets.flat()], [2, [], []]);
    const table = allowedTable([], { channels: [1, 2] });
    assertEquals([...table.allowed.slice(0, 3), table.weight[0]], [1, 1, 1, 0]);
    // Side by side with labelled cases, too.
    const mixed = await makeBatch([...prepared.datasets[0]!.training, ...cases], 0, options);
    assertEquals(new Set(mixed.labelSets.map(String)), new Set(["1", ""]));
  }));
