import { assertEquals, assertRejects } from "@std/assert";
import { averagePredictor, type OrganModel } from "../../lib/inference/predictor.ts";
import { maskOf, validationScores } from "../../lib/training/validation.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { blockCase } from "../support/training/block_case.ts";
import { fakeModel } from "../support/training/fake_model.ts";

Deno.test("Dice of an organ in the cases where it is labelled", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = [
      await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 3, 2: 3 } }),
      await blockCase(folder, "b-1", { shown: [1, 2], sizes: { 1: 2, 2: 3 } }),
    ];
    const all = fakeModel("all", [1, 2, 3]);
    const dice = await validationScores(all, { cases, window: [8, 8, 8] });
    assertEquals(dice.get(1), [1, 1]);
    assertEquals(dice.get(2), [1], "where it is not labelled, its voxels are no false positives");
    assertEquals(dice.get(3), [], "an organ labelled nowhere has no score");
    assertEquals(all.calls(), 2, "one window a case");
  });
});

Deno.test("absent from truth and prediction is NaN; a false positive in a case where it is annotated is 0", async () => {
  await inTemporaryFolder(async (folder) => {
    const seen = await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 3 } });
    const unseen = await blockCase(folder, "a-2", { shown: [1], sizes: { 2: 3 } });
    const score = async (model: OrganModel) =>
      (await validationScores(model, { cases: [seen, unseen], window: [8, 8, 8] })).get(1);
    assertEquals(await score(fakeModel("m", [1])), [1, NaN]);
    assertEquals(await score(fakeModel("m", [1], { brightest: 1 })), [1, 0]);
  });
});

Deno.test("channels are matched to organs by number, and other datasets' organs are no business of a model", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = [await blockCase(folder, "a-1", { shown: [1, 2], sizes: { 1: 2, 2: 3 } })];
    assertEquals([...await validationScores(fakeModel("m", [2]), { cases, window: [8, 8, 8] })], [[2, [1]]]);
    assertEquals([...await validationScores(fakeModel("m", [2, 1]), { cases, window: [8, 8, 8] })], [
      [2, [1]],
      [1, [1]],
    ]);
    assertEquals(averagePredictor([fakeModel("m", [2])]).classes, 2);
  });
});

Deno.test("a stop ends validation", async () => {
  await inTemporaryFolder(async (folder) => {
    const cases = [await blockCase(folder, "a-1", { shown: [1], sizes: { 1: 2 } })];
    const signal = AbortSignal.abort(new DOMException("Stopped", "AbortError"));
    const stopped = () => validationScores(fakeModel("m", [1]), { cases, window: [8, 8, 8], signal });
    await assertRejects(stopped, DOMException, "Stopped");
  });
});

Deno.test("mask of a code", () => {
  assertEquals([...maskOf(Uint8Array.of(0, 2, 255, 2), 2)], [0, 1, 0, 1]);
});
