import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import { readStoredLabels } from "../../lib/data/store/store.ts";
import { growStudy } from "../../lib/labels/scribbles/grow_study.ts";
import { scribbleStudy } from "../../lib/labels/scribbles/scribble_study.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { scribblesForAll } from "../../lib/methods/scribbles_for_all.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { inTinyWorld, trainAll } from "../support/methods/conformance.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

/** Terms by name, of the first and the last step. */
async function termsOf(world: Parameters<Parameters<typeof inTinyWorld>[0]>[0], values = {}) {
  const recorder = memoryRecorder();
  await trainAll(scribblesForAll, world, { recorder, steps: 3, values });
  const logged = recorder.history.filter(({ terms }) => "own" in terms).map(({ terms }) => terms);
  recorder.dispose();
  return logged.map((terms) =>
    Object.fromEntries(Object.entries(terms).filter(([name]) => !name.includes("/")))
  );
}

Deno.test("one decoder has its own term alone; two have theirs and what they learn from their mixture", () =>
  inTinyWorld(async (world) => {
    const before = tf.memory().numTensors;
    const names = (terms: Record<string, number>[]) => Object.keys(terms[0]!).sort();
    assertEquals(names(await termsOf(world)), ["own"]);
    const both = ["agreement_1", "agreement_2", "own", "own_second"];
    for (const agreement of ["hard", "soft"]) {
      const terms = await termsOf(world, { agreement });
      assertEquals(names(terms), both);
      for (const value of terms.flatMap((one) => Object.values(one))) {
        assert(Number.isFinite(value) && value >= 0);
      }
    }
    assertEquals(tf.memory().numTensors, before);
  }));

Deno.test("hard and soft, and another weight, teach something else", () =>
  inTinyWorld(async (world) => {
    const last = async (values: Record<string, string | number>) =>
      (await termsOf(world, values)).at(-1)!.own;
    const [hard, soft, lighter] = [
      await last({ agreement: "hard" }),
      await last({ agreement: "soft" }),
      await last({ agreement: "soft", agreementWeight: 0.1 }),
    ];
    assertNotEquals(hard, soft);
    assertNotEquals(soft, lighter);
    assertEquals(await last({ agreement: "soft", agreementWeight: 8 }), soft);
  }));

Deno.test("scribbles of a study are a few of its labels, each where it was, and the same once more", () =>
  inTinyWorld(async ({ study }) => {
    const options = { seed: 1, length: 1, thickness: 1 };
    const first = memoryRecorder(), second = memoryRecorder();
    const { scribbled, validation, shares } = await scribbleStudy(study, first, options);
    assertEquals(
      validation.map((cases) => cases.length),
      study.datasets.map(({ validation }) => validation.length),
    );
    const chosen = await readStoredLabels(validation[0]![0]!);
    assert(chosen.filter((code) => code === IGNORED).length > chosen.length / 2);
    const twice = {
      ...study,
      datasets: study.datasets.map((one, i) => ({ ...one, training: scribbled[i]! })),
    };
    await assertRejects(() => scribbleStudy(twice, memoryRecorder(), options), Error, "set scribbles=given");
    const again = await scribbleStudy(study, second, options);
    const other = await scribbleStudy(study, memoryRecorder(), { ...options, seed: 2 });
    let moved = 0;
    for (const [dataset, cases] of scribbled.entries()) {
      for (const [index, one] of cases.entries()) {
        const dense = await readStoredLabels(study.datasets[dataset]!.training[index]!);
        const drawn = await readStoredLabels(one);
        assertEquals(await readStoredLabels(again.scribbled[dataset]![index]!), drawn);
        if (String(await readStoredLabels(other.scribbled[dataset]![index]!)) !== String(drawn)) moved++;
        drawn.forEach((code, voxel) => assert(code === IGNORED || code === dense[voxel]));
        assertEquals(one.labelSet, study.datasets[dataset]!.training[index]!.labelSet);
      }
    }
    assert(moved > 0);
    assertEquals(shares.map(([code]) => code), [0, 1, 2, 3, 4]);
    for (const [, { voxels, scribbled }] of shares) assert(scribbled > 0 && scribbled < voxels / 2);
  }));

Deno.test("a second round trains twice, and what the first network is sure of joins the scribbles", () =>
  inTinyWorld(async (world) => {
    const before = tf.memory().numTensors, recorder = memoryRecorder();
    const values = { agreement: "soft", secondRound: true };
    const trained = await trainAll(scribblesForAll, world, { recorder, steps: 2, values });
    const names = trained.map((line) => line.split(" ")[0]);
    assertEquals([...new Set(names)], ["scribbles_first", "scribbles_second"]);
    const { study: { datasets, patch } } = world;
    const scribbled =
      (await scribbleStudy(world.study, recorder, { seed: 1, length: 1, thickness: 1 })).scribbled;
    const stage = { ...scribblesForAll.stages.first, values: { seed: 3, ...values, partialOrganSteps: 2 } };
    const validation = datasets.map(({ validation }) => validation);
    const { models } = await trainMethodStage(world.study, recorder, {
      ...stage,
      inputs: { scribbled, validation },
    });
    const grow = (entropyThreshold: number, into = memoryRecorder()) =>
      growStudy(scribbled, into, { model: models[0]!, window: patch, entropyThreshold });
    const { grown, rows } = await grow(1);
    for (const [d, cases] of grown.entries()) {
      for (const [index, one] of cases.entries()) {
        const drawn = await readStoredLabels(scribbled[d]![index]!), now = await readStoredLabels(one);
        drawn.forEach((code, voxel) => assert(code === IGNORED || now[voxel] === code));
        now.forEach((code) => assert(code === IGNORED || code === 0 || one.labelSet.includes(code)));
      }
    }
    assert(rows.some(({ grown }) => grown > 0), "a threshold of 1 adds what is not undecided");
    const none = await grow(0);
    assert(none.rows.every(({ grown, scribbled }) => grown === 0 && scribbled > 0));
    models.forEach(({ model }) => model.dispose());
    recorder.dispose();
    assertEquals(tf.memory().numTensors, before);
  }));
