/** The method that docs/ADDING_A_METHOD.md adds is one: it compiles, plans a stage, and its terms are as it says. */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { toFileUrl } from "@std/path";
import { softmaxReadout } from "../../lib/models/heads/softmax_head.ts";
import { createRandom } from "../../lib/data/random.ts";
import type { PatchBatch } from "../../lib/data/patches/patch_batch.ts";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import type { Method } from "../../lib/methods/definition/method.ts";
import { planStage, type Values } from "../../lib/methods/definition/plan_stage.ts";
import { tf } from "../../lib/tensors/tf.ts";
import type { LabelledBatch } from "../../lib/training/plan.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { codeOf, typeErrors, writeAsIfIn } from "../support/docs/code_block.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

const page = await Deno.readTextFile("docs/ADDING_A_METHOD.md");
const code = codeOf(page);

/** Gives a test the method's plan on a made-up study with a dataset of two organs and one of one. */
async function withPlan(
  values: Values,
  test: (planned: ReturnType<typeof planStage>, study: PreparedStudy) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const path = await writeAsIfIn("lib/methods", { code, folder });
    const { confidencePenalty }: { confidencePenalty: Method } = await import(toFileUrl(path).href);
    const study = await makeTinyStudy(folder, [[1, 2], [3]]);
    await test(planStage(study, confidencePenalty.stages.confidence_penalty!, { values }), study);
  });
}

Deno.test("the code compiles; a value that the stage does not use is a type error", () =>
  inTemporaryFolder(async (folder) => {
    assertEquals(await typeErrors(await writeAsIfIn("lib/methods", { code, folder })), "");
    const wrong = code.replace("plan(study, { penalty })", "plan(study, { penalty, fullOrganSteps })");
    assertMatch(
      await typeErrors(await writeAsIfIn("lib/methods", { code: wrong, folder })),
      /Property 'fullOrganSteps' does not exist/,
    );
  }));

Deno.test("the stage is planned: one network, a stream a dataset, the steps of both stages", () =>
  withPlan({ seed: 3, penalty: 0.2 }, ({ plan, used, settings }) => {
    assertEquals(Object.entries(plan.networks).map(([name, { organs }]) => [name, organs]), [[
      "network",
      [1, 2, 3],
    ]]);
    assertEquals(Object.keys(plan.streams), ["a", "b"]);
    assertEquals(used, { penalty: 0.2, rampUp: 0.2 });
    assertEquals(settings, { seed: 3, steps: 8, learningRate: 0, rampUp: 0.2 });
    return Promise.resolve();
  }));

Deno.test("without the penalty its ramp-up is no part of the stage", () =>
  withPlan({ penalty: 0, rampUp: 0.9 }, ({ used }) => {
    assertEquals(used, { penalty: 0 });
    return Promise.resolve();
  }));

Deno.test("the terms: −log(classes) where the network knows nothing, 0 where it is sure; weights by dataset", () =>
  withPlan({ penalty: 0.2 }, async ({ plan }) => {
    const objective = await plan.objective({
      seed: 1,
      ramp: () => 0.5,
      random: () => createRandom("none"),
    });
    const rounds = objective.rounds(0);
    assertEquals(rounds.map(({ draws }) => draws), [["a"], ["b"]]);
    const batch = labelled([1, 0, 2, 0]);
    const images = rounds[0]!.looks([batch]);
    assertEquals(Object.entries(images).map(([name, { network }]) => [name, network]), [[
      "look",
      "network",
    ]]);
    for (const [scale, wanted] of [[0, -Math.log(4)], [1000, 0]] as const) {
      const logits = tf.tensor5d(
        [0, 1, 2, 3].map((c) => [0, 1, 2, 3].map((k) => k === c ? scale : 0)).flat(),
        [
          1,
          2,
          2,
          1,
          4,
        ],
      );
      const views = { look: { network: "network", logits, features: logits, readout: softmaxReadout } };
      const terms = rounds[0]!.terms(views, [batch]);
      assertEquals(terms.map(({ name, weight }) => [name, weight]), [["own", 0.5], [
        "confidence",
        0.05,
      ]]);
      const [own, confidence] = terms.map(({ value }) => value.dataSync()[0]);
      assert(Number.isFinite(own));
      assertAlmostEquals(confidence, wanted, 1e-6);
    }
  }));

function labelled(codes: number[]): LabelledBatch {
  const labels = Uint8Array.from(codes);
  const batch: PatchBatch = {
    images: new Float32Array(4),
    labels,
    batch: 1,
    patch: [2, 2, 1],
    labelSets: [[1, 2]],
    pseudoSets: [[]],
    cases: ["made up"],
  };
  return { ...batch, tensor: tf.zeros([1, 2, 2, 1, 1]), map: createLabelMap(labels, [1, 2, 2, 1]) };
}
