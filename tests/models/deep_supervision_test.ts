/** Networks whose lower levels have heads: what they say and how they learn by it. */
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { HeadPlan } from "../../lib/models/heads/head_plan.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type LevelOutputs, type PassGradients } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { assertGradients } from "../support/models/assert_gradients.ts";
import { difference } from "../support/models/difference.ts";
import { inBfloat16, relativeDistance } from "../support/models/in_bfloat16.ts";
import { type ReferenceOptions, referenceUnet } from "../support/models/reference_unet.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import { byWeight, dropout, masksOf, referenceGradients, weighted } from "../support/models/two_decoders.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const four: UnetOptions = {
  classes: 3,
  widths: [2, 3, 4, 5],
  strides: [[1, 2, 2], [2, 2, 2], [1, 1, 2]],
  deepSupervision: true,
  seed: 1,
};
const five: UnetOptions = {
  ...four,
  widths: [2, 3, 4, 5, 3],
  strides: [...four.strides, [1, 2, 1] as Strides],
};
const embeddings = [[1, 0], [0, 1], [-1, 1]];
const cosine: HeadPlan = { kind: "cosine", embeddings, temperature: 0.5, learnTemperature: true };

const images = (batch = 1) => seededNormal([batch, 4, 8, 8, 1], 1);

/** The cosine head by its definition. */
const cosines: ReferenceOptions["logitsOf"] = ({ features, weight }) => {
  const kernel = weight("logits/kernel"), [inputs, dimension] = kernel.shape.slice(3) as [number, number];
  const h = tf.reshape(features, [-1, inputs]) as Tensor2D;
  const w = tf.matMul(h, tf.reshape(kernel, [inputs, dimension]) as Tensor2D);
  const unit = tf.tensor2d(embeddings.map((v) => v.map((x) => x / Math.hypot(...v))));
  const length = tf.sqrt(tf.add(tf.sum(tf.square(w), 1, true), 1e-8));
  const z = tf.div(tf.matMul(w, unit, false, true), tf.mul(length, tf.exp(weight("logits/log_temperature"))));
  return tf.reshape(z, [...features.shape.slice(0, 4), 3]);
};

/** Random slopes by all that a decoder says. */
function slopesOf({ logits, features, lower = [] }: LevelOutputs, seed = 2) {
  const like = ({ shape }: Tensor5D, n: number) => seededNormal(shape, seed + n);
  return { logits: like(logits, 0), features: like(features, 1), lower: lower.map((z, i) => like(z, 2 + i)) };
}

function subsets({ logits, features, lower }: ReturnType<typeof slopesOf>): Record<string, PassGradients> {
  const last = lower.map((slope, i) => i === lower.length - 1 ? slope : undefined);
  return {
    "all": { logits, features, lower },
    "logits and lower levels": { logits, lower },
    "features and lower levels": { features, lower },
    "logits and the last level": { logits, lower: last },
    "logits": { logits },
  };
}

const forms: Record<string, { options: UnetOptions; logitsOf?: ReferenceOptions["logitsOf"] }> = {
  "four levels": { options: four },
  "five levels and a projection": { options: { ...five, projection: 4 } },
  "sigmoids": { options: { ...four, head: { kind: "sigmoid" } } },
  "cosines": { options: { ...five, head: cosine }, logitsOf: cosines },
};
for (const [name, { options, logitsOf }] of Object.entries(forms)) {
  for (const batch of [1, 2]) {
    Deno.test(`deep supervision, ${name}, batch of ${batch}: values and gradients equal the definition's`, () => {
      const model = createUnet(options);
      const form = { ...options, ...logitsOf && { logitsOf } };
      tf.tidy(() => {
        const x = images(batch), wanted = referenceUnet(x, model.weights, form);
        assertEquals(wanted.lower!.length, options.widths.length - 3);
        for (const [which, slopes] of Object.entries(subsets(slopesOf(wanted)))) {
          const pass = model.pass(x);
          assert(difference(pass.logits, wanted.logits) < 1e-4, "logits");
          assert(difference(pass.features, wanted.features) < 1e-5, "features");
          assertEquals(pass.lower!.length, wanted.lower!.length);
          pass.lower!.forEach((z, i) => assert(difference(z, wanted.lower![i]!) < 1e-4, `level ${i + 1}`));
          const actual = byWeight(model, pass.backward(slopes));
          const expected = referenceGradients(model, x, { ...form, slopes });
          assertGradients(actual, expected, which);
          pass.dispose();
        }
      });
      model.dispose();
    });
  }
}

Deno.test("deep supervision: of two decoders, each has heads at its levels", () => {
  const options: UnetOptions = { ...five, decoders: 2 }, model = createUnet(options);
  tf.tidy(() => {
    const x = images(2), form = { ...options, masks: masksOf(options, 2) };
    const wanted = referenceUnet(x, model.weights, form);
    const slopes = { ...slopesOf(wanted), second: slopesOf(wanted.second!, 20) };
    for (
      const some of [slopes, { logits: slopes.logits, second: slopes.second }, { second: slopes.second }]
    ) {
      const pass = model.pass(x, { dropout: dropout() });
      pass.second!.lower!.forEach((z, i) => assert(difference(z, wanted.second!.lower![i]!) < 1e-4));
      const actual = byWeight(model, pass.backward(some));
      const expected = referenceGradients(model, x, { ...form, slopes: some });
      assertGradients(actual, expected, "both decoders");
      pass.dispose();
    }
  });
  model.dispose();
});

Deno.test("deep supervision: gradients equal finite differences, of heads and blocks of the decoder above all", () => {
  const model = createUnet(five), x = images(2);
  // Far from zero no input of a leaky ReLU changes its sign, where differences would tell nothing.
  for (const [name, weight] of Object.entries(model.weights)) {
    if (!name.endsWith("shift")) continue;
    tf.tidy(() => weight.assign(tf.tensor(Array.from(weight.dataSync(), (_, i) => i % 2 ? -8 : 8))));
  }
  const slopes = tf.tidy(() => {
    const pass = model.pass(x), { logits, lower } = slopesOf(pass);
    pass.dispose();
    // So that the loss is no large number.
    const scaled = (slope: Tensor) => tf.div(slope, 2 * Math.sqrt(slope.size));
    return { logits: scaled(logits), lower: lower.map(scaled) };
  });
  const loss = () =>
    tf.tidy(() => {
      const pass = model.pass(x), value = weighted(pass, slopes).dataSync()[0]!;
      pass.dispose();
      return value;
    });
  const pass = model.pass(x), gradients = byWeight(model, pass.backward(slopes));
  pass.dispose();
  assertEquals(Object.keys(gradients), Object.keys(model.weights));
  for (const [name, gradient] of Object.entries(gradients)) {
    const weight = model.weights[name]!, values = weight.dataSync().slice();
    const wanted = gradient.dataSync(), sizes = Array.from(wanted, Math.abs);
    const largest = sizes.reduce((a, b) => Math.max(a, b));
    const at = (entry: number, delta: number) => {
      const moved = values.slice();
      moved[entry]! += delta;
      tf.tidy(() => weight.assign(tf.tensor(moved, weight.shape)));
      return loss();
    };
    const entry = sizes.indexOf(largest), step = 0.03;
    const numeric = (at(entry, step) - at(entry, -step)) / (2 * step);
    // Sums of numbers of about 10 are rounded by 1e-6; the norm of the next block takes most of a shift away.
    const error = Math.abs(numeric - wanted[entry]!);
    assert(largest > 0.01 || !/level|logits|up[0-2]_._conv/.test(name), `${name}: ${largest} tells nothing`);
    assert(error < 0.01 * largest + 1e-4, `${name}: ${wanted[entry]}, finite difference ${numeric}`);
    at(0, 0);
  }
  tf.dispose([x, slopes, gradients] as never);
  model.dispose();
});

Deno.test("heads of lower levels are drawn after all else, and change nothing of what is said and learnt without them", () => {
  for (const decoders of [1, 2] as const) {
    const plain = createUnet({ ...five, decoders, deepSupervision: false });
    const deep = createUnet({ ...five, decoders });
    const names = Object.keys(plain.weights), all = Object.keys(deep.weights);
    assertEquals(all.slice(0, names.length), names);
    const heads = ["level1_logits", "level2_logits"].flatMap((head) => [`${head}/kernel`, `${head}/bias`]);
    const prefixes = decoders === 1 ? ["unet_"] : ["unet_", "unet_second_"];
    assertEquals(
      all.slice(names.length),
      prefixes.flatMap((prefix) => heads.map((name) => prefix + name)),
    );
    assertEquals([plain.lowerStrides, deep.lowerStrides], [[], [[1, 2, 2], [2, 4, 4]]]);
    for (const name of names) assertEquals(deep.weights[name]!.dataSync(), plain.weights[name]!.dataSync());
    tf.tidy(() => {
      const x = images(2), { logits: slope } = slopesOf(plain.predict(x));
      const passes = [plain, deep].map((model) => model.pass(x));
      assertEquals(passes.map(({ lower }) => lower?.map(({ shape }) => shape)), [
        undefined,
        [[2, 4, 4, 4, 3], [2, 2, 2, 2, 3]],
      ]);
      const predicted = deep.predict(x);
      assertEquals(Object.keys(predicted), ["logits", "features"]);
      for (const key of ["logits", "features"] as const) {
        const [alone, beside] = passes.map((pass) => pass[key].dataSync());
        assertEquals(beside, alone);
        assertEquals(predicted[key].dataSync(), alone);
      }
      const norms = passes.map((pass) => pass.gradientNorm({ logits: slope }));
      assertEquals(norms[1], norms[0]);
      const [alone, beside] = passes.map((pass, i) =>
        byWeight([plain, deep][i]!, pass.backward({ logits: slope }))
      );
      assertEquals(Object.keys(beside!), Object.keys(alone!));
      for (const name of Object.keys(alone!)) {
        assertEquals(beside![name]!.dataSync(), alone![name]!.dataSync(), name);
      }
      passes.forEach((pass) => pass.dispose());
    });
    [plain, deep].forEach((model) => model.dispose());
  }
});

Deno.test("a network without such levels is refused, and so are gradients by what was not said", async () => {
  for (const levels of [1, 2, 3]) {
    const widths = [2, 3, 4].slice(0, levels), strides = four.strides.slice(0, levels - 1);
    assertThrows(
      () => createUnet({ ...four, widths, strides }),
      Error,
      "Cannot create U-Net: deep supervision must have a level of the decoder between the highest and the lowest one, so 4 widths at " +
        `least, current number is ${levels}`,
    );
  }
  const plain = createUnet({ ...four, deepSupervision: false }), deep = createUnet(four);
  await assertLeavesNoTensors(() => {
    const x = images(), passes = [plain.pass(x), deep.pass(x), deep.pass(x)] as const;
    const { logits, features, lower } = slopesOf(passes[1]);
    const refused: [run: () => unknown, said: string][] = [
      [() => passes[0].backward({ logits, lower }), "there are 0, current level is 1"],
      [
        () => passes[1].backward({ logits, lower: [...lower, ...lower] }),
        "gradients by lower levels must be by levels with a head, there are 1, current level is 2",
      ],
      [() => passes[2].backward({ lower }), "must come with one by logits or features"],
    ];
    for (const [run, said] of refused) assertThrows(run, Error, said);
    passes.forEach((pass) => pass.dispose());
    tf.dispose([x, logits, features, lower] as never);
  });
  [plain, deep].forEach((model) => model.dispose());
});

Deno.test("passes with lower levels leave no tensors behind, and the way back only what the caller holds", async () => {
  for (const options of [five, { ...five, head: cosine }, { ...five, decoders: 2 as const }]) {
    const model = createUnet(options), x = images();
    const dropped = options.decoders === 2 ? { dropout: dropout() } : {};
    const first = model.pass(x, dropped), slopes = slopesOf(first);
    first.dispose();
    await assertLeavesNoTensors(() => {
      for (const some of Object.values(subsets(slopes))) {
        const pass = model.pass(x, dropped), gradients = pass.backward(some);
        assert(pass.lower!.every(({ isDisposed }) => isDisposed));
        pass.dispose();
        tf.dispose(gradients);
      }
    });
    if (options.head) continue;
    const before = tensorCount().tensorflow;
    const pass = model.pass(x, dropped);
    const gradients = pass.backward({ logits: slopes.logits, lower: [undefined, slopes.lower[1]] });
    assertEquals(tensorCount().tensorflow - before - Object.keys(gradients).length, 0);
    pass.dispose();
    tf.dispose([x, gradients, slopes] as never);
    model.dispose();
  }
});

inBfloat16("deep supervision in bfloat16: float32 logits, and nearly the gradients of float32", async () => {
  const full = createUnet(four), model = createUnet({ ...four, precision: "bfloat16" });
  const x = seededNormal([2, 8, 16, 16, 1], 1);
  const [wanted, said] = [full, model].map((unet) => {
    const pass = unet.pass(x), { logits, features, lower } = slopesOf(pass);
    assert(pass.lower!.every(({ dtype }) => dtype === "float32"));
    const values = pass.lower!.map((z) => tf.clone(z));
    const gradients = byWeight(unet, pass.backward({ logits, lower }));
    pass.dispose();
    tf.dispose([logits, features, lower] as never);
    return { values, gradients };
  });
  said!.values.forEach((z, i) => assert(relativeDistance(z, wanted!.values[i]!) < 0.1));
  for (const name of ["unet_level1_logits/kernel", "unet_level1_logits/bias", "unet_up1_b_conv/kernel"]) {
    const error = relativeDistance(said!.gradients[name]!, wanted!.gradients[name]!);
    assert(error < 0.2, `${name}: ${error}`);
  }
  await assertLeavesNoTensors(() => {
    const pass = model.pass(x), slopes = slopesOf(pass);
    tf.dispose(pass.backward({ logits: slopes.logits, lower: slopes.lower }));
    pass.dispose();
    tf.dispose(slopes as never);
  });
  assertNotEquals(said!.values[0]!.dataSync(), wanted!.values[0]!.dataSync());
  tf.dispose([x, wanted, said] as never);
  [full, model].forEach((unet) => unet.dispose());
});
