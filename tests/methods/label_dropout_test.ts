import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { PatchBatch } from "../../lib/data/patches/patch_batch.ts";
import { createRandom } from "../../lib/data/random.ts";
import { hideLabels, labelDropout } from "../../lib/methods/label_dropout.ts";
import { planStage, requireTrainable } from "../../lib/methods/definition/plan_stage.ts";
import { inTinyWorld } from "../support/methods/conformance.ts";

/** Two samples of six voxels: the first has organs 1 and 2 annotated, the second 2 and 3. */
function batch(): PatchBatch {
  return {
    images: Float32Array.from({ length: 12 }, (_, i) => i),
    labels: Uint8Array.of(...[0, 1, 1, 2, 2, 255], ...[0, 2, 3, 3, 2, 0]),
    batch: 2,
    patch: [1, 1, 6],
    labelSets: [[1, 2], [2, 3]],
    pseudoSets: [[3], []],
    cases: ["one", "two"],
  };
}

const hidden = (probability: number, organs: number[], seed = 1) =>
  hideLabels(probability, organs).apply(batch(), createRandom("hide", seed));

Deno.test("probability 0 hides nothing", () => assertEquals(hidden(0, [1, 2, 3]), batch()));

Deno.test("probability 1 hides the organs that are named, in each sample that has them", () => {
  assertEquals(hidden(1, [1, 3]), {
    ...batch(),
    labels: Uint8Array.of(...[0, 0, 0, 2, 2, 255], ...[0, 2, 0, 0, 2, 0]),
    labelSets: [[2], [2]],
  });
});

Deno.test("only annotated organs are hidden: a pseudo label stays", () => {
  const made = { ...batch(), labels: Uint8Array.of(...[0, 1, 3, 3, 2, 255], ...[0, 2, 3, 3, 2, 0]) };
  const { labels, labelSets, pseudoSets } = hideLabels(1, [3]).apply(made, createRandom("hide"));
  assertEquals([...labels], [...[0, 1, 3, 3, 2, 255], ...[0, 2, 0, 0, 2, 0]]);
  assertEquals([labelSets, pseudoSets], [[[1, 2], [2]], [[3], []]]);
});

Deno.test("the given batch stays as it is", () => {
  const given = batch();
  const { labels } = hideLabels(1, [1, 2, 3]).apply(given, createRandom("hide"));
  assertEquals(given, batch());
  assert(labels.buffer !== given.labels.buffer);
});

Deno.test("labels and label sets agree, samples are drawn one by one, and the seed decides", () => {
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  const kept = { first: 0, second: 0, alike: 0 };
  for (const seed of seeds) {
    const { labels, labelSets } = hidden(0.25, [2], seed);
    const [first, second] = labelSets.map((labelSet) => labelSet.includes(2));
    assertEquals([first, second], [labels.subarray(0, 6).includes(2), labels.subarray(6).includes(2)]);
    kept.first += Number(first);
    kept.second += Number(second);
    kept.alike += Number(first === second);
  }
  // Four standard deviations of 400 draws are 35.
  assert(Math.abs(kept.first - 300) < 35 && Math.abs(kept.second - 300) < 35, JSON.stringify(kept));
  assert(Math.abs(kept.alike - 400 * (0.75 ** 2 + 0.25 ** 2)) < 39, JSON.stringify(kept));
  assertEquals(hidden(0.5, [1, 2, 3], 7), hidden(0.5, [1, 2, 3], 7));
  assertNotEquals(seeds.map((seed) => hidden(0.5, [1, 2, 3], seed)), seeds.map(() => hidden(0.5, [1, 2, 3])));
});

Deno.test("its options tell one change from another", () => {
  const { name, options } = hideLabels(0.3, [1, 2]);
  assertEquals([name, options], ["hide labels", { probability: 0.3, organs: [1, 2] }]);
});

Deno.test("a coarser label is hidden like an organ, where one of its organs is lacking somewhere", () =>
  inTinyWorld(({ study }) => {
    const groups = [{ number: 201, name: "pair", parts: [1, 2], nsdToleranceMm: 1 }];
    const everything = study.organs.map(({ number }) => number);
    const hiddenOf = (datasets: typeof study.datasets) => {
      const { plan } = planStage({ ...study, groups, datasets }, labelDropout.stages.label_dropout, {
        values: {},
      });
      return (plan.streams.a!.change!.options as { organs: number[] }).organs;
    };
    assertEquals(hiddenOf(study.datasets), [1, 2, 3, 4, 201]);
    const whole = study.datasets.map((dataset) => ({ ...dataset, organs: everything }));
    assertEquals(hiddenOf(whole), []);
    assertEquals(hiddenOf(whole.with(0, { ...whole[0]!, organs: [1, 2, 4] })), [3]);
    // A dataset that labels the pair alone shows both, and labels neither.
    const pair = whole[0]!.training.map((stored) => ({ ...stored, labelSet: [201] }));
    assertEquals(hiddenOf(whole.with(0, { ...whole[0]!, training: pair })), [1, 2, 201]);
    return Promise.resolve();
  }));

Deno.test("binary losses and coarser labels are refused before anything starts; other losses take both", () =>
  inTinyWorld(({ study }) => {
    const groups = [{ number: 201, name: "Pair", parts: [1, 2], nsdToleranceMm: 1 }];
    const check = (partialLoss: string) =>
      requireTrainable({ ...study, groups }, [labelDropout.stages.label_dropout], {
        values: { partialLoss },
        action: "run it",
      });
    assertThrows(
      () => check("binary"),
      Error,
      "Cannot run it: partialLoss = binary wants labels of organs, the cohort has groups of them (Pair)",
    );
    for (const kind of ["marginal", "restricted"]) check(kind);
    requireTrainable(study, [labelDropout.stages.label_dropout], {
      values: { partialLoss: "binary" },
      action: "run it",
    });
    return Promise.resolve();
  }));
