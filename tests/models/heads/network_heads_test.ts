import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { averagePredictor } from "../../../lib/inference/predictor.ts";
import { type Bundle, loadBundle, saveBundle } from "../../../lib/models/bundle.ts";
import type { HeadPlan } from "../../../lib/models/heads/head_plan.ts";
import { startFrom } from "../../../lib/models/start_from.ts";
import { createUnet, type Unet } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { tinyBundle, tinyForm } from "../../support/models/tiny_bundle.ts";
import { inTemporaryFolder } from "../../support/data/store/stored_cases.ts";
import { seededNormal } from "../../support/losses/tiny_batch.ts";
import { tensorCount } from "../../support/models/tensor_count.ts";

const embeddings = [[1, 0, 0], [0, 1, 0], [0, 1, 1]];
const softmaxPlan: HeadPlan = { kind: "softmax" }, sigmoidPlan: HeadPlan = { kind: "sigmoid" };
const cosinePlan: HeadPlan = { kind: "cosine", embeddings, temperature: 0.1 };
const learntPlan: HeadPlan = { ...cosinePlan, learnTemperature: true };
const plans = [softmaxPlan, sigmoidPlan, cosinePlan, learntPlan];

const make = (head: HeadPlan | undefined, seed = 1, classes = 3) =>
  createUnet({ ...tinyForm, classes, head, seed });

function bundleOf(model: Unet): Bundle {
  return tinyBundle([{ name: "net", organs: [1, 2], validationDice: 0.5, model }]);
}

const say = (model: Unet) =>
  tf.tidy(() =>
    averagePredictor([{ name: "net", organs: [1, 2], model }]).predict(seededNormal([1, 4, 4, 4, 1], 2))
      .dataSync()
  );

for (const plan of plans) {
  const name = "learnTemperature" in plan ? "cosine head with a learnt temperature" : `${plan.kind} head`;

  Deno.test(`a network with a ${name} is saved and loaded with it`, async () => {
    await inTemporaryFolder(async (folder) => {
      const model = make(plan);
      await saveBundle(folder, bundleOf(model));
      const { models, ...about } = await loadBundle(folder);
      const { models: _, ...saved } = bundleOf(model);
      assertEquals(about, saved);
      const loaded = models[0]!.model;
      assertEquals(loaded.head.plan, plan);
      assertEquals(say(loaded), say(model));
      loaded.dispose();
      model.dispose();
    });
  });

  Deno.test(`a network with a ${name} has a gradient of every weight, and leaves no tensors behind`, () => {
    const run = () =>
      tf.tidy(() => {
        const model = make(plan);
        const pass = model.pass(seededNormal([2, 4, 4, 4, 1], 3));
        const before = pass.logits.dataSync();
        assertEquals(model.predict(seededNormal([2, 4, 4, 4, 1], 3)).logits.dataSync(), before);
        const gradients = pass.backward({ logits: seededNormal(pass.logits.shape as Tensor5D["shape"], 4) });
        for (const [weight, { name, shape }] of Object.entries(model.weights)) {
          const gradient = gradients[name]!;
          assertEquals(gradient.shape, shape, weight);
          assert(gradient.dataSync().some((value) => value !== 0), weight);
        }
        pass.dispose();
        const featuresAlone = model.pass(seededNormal([1, 4, 4, 4, 1], 3));
        featuresAlone.backward({ features: tf.onesLike(featuresAlone.features) });
        featuresAlone.dispose();
        model.dispose();
      });
    run();
    const before = tensorCount();
    run();
    assertEquals(tensorCount(), before);
  });
}

Deno.test("bundles that name no head, as older ones, are softmax; an unknown head is refused", async () => {
  await inTemporaryFolder(async (folder) => {
    const model = make(undefined);
    await saveBundle(folder, bundleOf(model));
    const path = join(folder, "models.json");
    const { sha256: _, ...saved } = JSON.parse(await Deno.readTextFile(path));
    delete saved.models[0].head;
    await Deno.writeTextFile(path, JSON.stringify(saved));
    const loaded = (await loadBundle(folder)).models[0]!.model;
    assertEquals(loaded.head.plan, { kind: "softmax" });
    assertEquals(say(loaded), say(model));
    [model, loaded].forEach((unet) => unet.dispose());
    saved.models[0].head = { kind: "hydra" };
    await Deno.writeTextFile(path, JSON.stringify(saved));
    await assertRejects(() => loadBundle(folder), Error, "Cannot load models");
  });
});

Deno.test("networks of equal seeds are equal up to the head, whatever it is", () => {
  const models = plans.map((plan) => make(plan));
  for (const { weights } of models) {
    for (const [name, weight] of Object.entries(weights)) {
      if (name.startsWith("unet_logits")) continue;
      assertEquals(weight.dataSync(), models[0]!.weights[name]!.dataSync(), name);
    }
  }
  models.forEach((model) => model.dispose());
});

Deno.test("a network that starts from another takes the rows of its organs, if the heads are of a kind", () => {
  const kernel = ({ weights }: Unet) =>
    tf.tidy(() => {
      const weight = weights["unet_logits/kernel"]!;
      const rows = tf.transpose(tf.reshape(weight, [-1, weight.shape.at(-1)!]));
      return rows.arraySync() as number[][];
    });
  const pair = (plan: HeadPlan) => ({ source: make(plan, 1), model: make(plan, 2) });
  const start = ({ source, model }: ReturnType<typeof pair>) => {
    const drawn = kernel(model);
    startFrom({ model, organs: [2, 5] }, { model: source, organs: [1, 2] });
    return { drawn, started: kernel(model), given: kernel(source) };
  };
  const softmaxes = pair(softmaxPlan), sigmoids = pair(sigmoidPlan);
  const cosines = pair(cosinePlan), learnt = pair(learntPlan);
  const softmax = start(softmaxes);
  assertEquals(softmax.started, [softmax.given[0], softmax.given[2], softmax.drawn[2]]);
  const sigmoid = start(sigmoids);
  assertEquals(sigmoid.started, [sigmoid.given[1], sigmoid.drawn[1]]);
  const cosine = start(cosines);
  assertEquals(cosine.started, cosine.given);
  const other = start({ source: softmaxes.source, model: make(sigmoidPlan, 3) });
  assertEquals(other.started, other.drawn);
  assertThrows(
    () => startFrom({ model: learnt.model, organs: [1, 2] }, { model: cosines.source, organs: [1, 2] }),
    Error,
    "unet_logits/log_temperature must have shape [1], current value is missing",
  );
  for (const { source, model } of [softmaxes, sigmoids, cosines, learnt]) {
    source.dispose();
    model.dispose();
  }
});
