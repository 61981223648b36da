import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { IGNORED } from "../../../lib/data/label_set.ts";
import { makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { preprocessCase } from "../../../lib/data/store/preprocess.ts";
import { readStoredLabels } from "../../../lib/data/store/store.ts";
import { resampleLabels } from "../../../lib/imaging/resample_labels.ts";
import type { Affine, Shape } from "../../../lib/imaging/volume.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeNnunet } from "../../support/data/datasets/tiny_dataset.ts";

/** In x, y of the first plane: Liver, not annotated, Spleen. */
const LABELS = [1, 3, 2, 0, 1, 3, 0, 0];

/** The first training case of dataset `one` (Liver is shown), whose files call value 3 what `labels` says. */
async function firstCase(dataRoot: string, labels: Record<string, number>) {
  const cases = tinyCases(20).map((scan) => ({ ...scan, labels: LABELS }));
  await writeNnunet(join(dataRoot, "one"), cases, { labels });
  await writeNnunet(join(dataRoot, "two"), tinyCases(20, 21));
  await writeNnunet(join(dataRoot, "full"), tinyCases(4, 41));
  const study = await resolveStudy(parseCohort(tinyCohort(), "tiny.json"), { dataRoot });
  const first = study.datasets[0]!.training[0]!;
  const stored = await preprocessCase(first, {
    preprocessing: study.preprocessing,
    folder: join(dataRoot, "store"),
  });
  return { first, stored };
}

Deno.test("what a dataset calls ignore is IGNORED in the store, around no organ, and in patches", () =>
  inTempFolder(async (dataRoot) => {
    const organs = { background: 0, Liver: 1, Spleen: 2 };
    const { first, stored } = await firstCase(dataRoot, { ...organs, ignore: 3 });
    assertEquals([first.labelSet, first.values, first.ignored], [[1], { 1: 1 }, 3]);
    assertEquals([...await readStoredLabels(stored)].slice(0, 8), [1, IGNORED, 0, 0, 1, IGNORED, 0, 0]);
    assertEquals(stored.locations, { 1: [0, 4] });
    const options = { seed: 1, stream: "one", patch: [4, 4, 4] as Shape, batchSize: 8, shownOrgans: [1] };
    const { labels } = await makeBatch([stored], 0, { ...options, augmentation: { rotation: 0, scale: 0 } });
    assertEquals(labels.filter((code) => code === IGNORED).length, 8 * 2, "mirrored patches too");
    const plain = await firstCase(dataRoot, { ...organs, Tumour: 3 });
    assert(!("ignored" in plain.first));
    assertEquals([...await readStoredLabels(plain.stored)].slice(0, 8), [1, 0, 0, 0, 1, 0, 0, 0]);
    assertNotEquals(plain.stored.labels, stored.labels, "another truth is another case");
  }));

Deno.test("resampling keeps IGNORED as a label of its own", () => {
  const shape: Shape = [1, 1, 6];
  const affine: Affine = [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  const data = Uint8Array.of(1, 1, IGNORED, IGNORED, IGNORED, 0);
  const fine = resampleLabels({ data, shape, affine }, [1, 1, 1]);
  assertEquals([...fine.data], [1, 1, 1, 1, ...Array(6).fill(IGNORED), 0, 0]);
  for (const method of ["linear", "nearest"] as const) {
    const coarse = resampleLabels({ data, shape, affine }, [1, 1, 4], { method });
    assert(coarse.data.every((code) => [0, 1, IGNORED].includes(code)), `${coarse.data}`);
    assert(coarse.data.includes(IGNORED));
  }
});
