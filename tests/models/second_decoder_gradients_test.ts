import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap } from "@tensorflow/tfjs-node-gpu";
import { createUnet, type PassGradients } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { assertGradients } from "../support/models/assert_gradients.ts";
import { difference } from "../support/models/difference.ts";
import { inBfloat16, relativeDistance, rounded, ROUNDING } from "../support/models/in_bfloat16.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import {
  byWeight,
  dropout,
  images,
  masksOf,
  referenceGradients,
  slopesOf,
  subsets,
  three,
  two,
  weighted,
} from "../support/models/two_decoders.ts";

const forms: Record<string, UnetOptions> = {
  "one level": { ...two, widths: [3], strides: [] },
  "one level and a projection": { ...two, widths: [3], strides: [], projection: 5 },
  "two levels": two,
  "two levels and a projection": { ...two, projection: 5 },
  "three levels": three,
  "three levels and a projection": { ...three, projection: 2 },
};
for (const [name, options] of Object.entries(forms)) {
  for (const batch of [1, 2]) {
    Deno.test(`two decoders, ${name}, batch of ${batch}: values and gradients equal the definition's`, () => {
      const model = createUnet(options);
      tf.tidy(() => {
        const x = images(batch), masks = masksOf(options, batch);
        const wanted = referenceUnet(x, model.weights, { ...options, masks });
        const slopes = slopesOf(wanted);
        for (const [which, some] of Object.entries(subsets(slopes))) {
          const pass = model.pass(x, { dropout: dropout() });
          assert(difference(pass.logits, wanted.logits) < 1e-5, "logits");
          assert(difference(pass.features, wanted.features) < 1e-5, "features");
          assert(difference(pass.second!.logits, wanted.second!.logits) < 1e-5, "the second's logits");
          assert(difference(pass.second!.features, wanted.second!.features) < 1e-5, "the second's features");
          const actual = byWeight(model, pass.backward(some));
          const expected = referenceGradients(model, x, { ...options, masks, slopes: some });
          assertGradients(actual, expected, which);
          pass.dispose();
        }
      });
      model.dispose();
    });
  }
}

Deno.test("two decoders: gradients equal finite differences", () => {
  const options = { ...two, projection: 2 }, model = createUnet(options);
  const x = images(2);
  // Far from zero no input of a leaky ReLU changes its sign, where differences would tell nothing.
  for (const [name, weight] of Object.entries(model.weights)) {
    if (!name.endsWith("shift")) continue;
    tf.tidy(() => weight.assign(tf.tensor(Array.from(weight.dataSync(), (_, i) => i % 2 ? -8 : 8))));
  }
  const all = tf.tidy(() => slopesOf(model.pass(x, { dropout: dropout() })));
  const slopes: PassGradients = tf.tidy(() => ({
    logits: tf.div(all.logits, all.logits.size),
    second: { features: tf.div(all.second.features, all.second.features.size) },
  }));
  const loss = () =>
    tf.tidy(() => {
      const pass = model.pass(x, { dropout: dropout() });
      const value = weighted(pass, slopes).dataSync()[0]!;
      pass.dispose();
      return value;
    });
  const pass = model.pass(x, { dropout: dropout() });
  const gradients = byWeight(model, pass.backward(slopes));
  pass.dispose();
  // What is dropped is no input of the second decoder: the largest entry of each gradient, and the first one.
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
    for (const entry of [sizes.indexOf(largest), 0]) {
      const step = 0.03, numeric = (at(entry, step) - at(entry, -step)) / (2 * step);
      // Losses of about 1 are rounded by 1e-7.
      const error = Math.abs(numeric - wanted[entry]!);
      assert(
        error < 0.01 * largest + 1e-5,
        `${name}, entry ${entry}: ${wanted[entry]}, finite difference ${numeric}`,
      );
    }
    at(0, 0);
  }
  tf.dispose([x, all, slopes, gradients] as never);
  model.dispose();
});

for (const batch of [1, 2]) {
  // One level only, as in unet_bfloat16_test.ts.
  inBfloat16(`two decoders in bfloat16 are their definition with these roundings, batch of ${batch}`, () => {
    const options: UnetOptions = {
      ...two,
      widths: [6],
      strides: [],
      projection: 5,
      precision: "bfloat16",
    };
    const model = createUnet(options);
    tf.tidy(() => {
      const x = images(batch), form = { ...options, masks: masksOf(options, batch), round: rounded };
      const wanted = referenceUnet(x, model.weights, form), slopes = slopesOf(wanted);
      const pass = model.pass(x, { dropout: dropout() });
      for (const output of ["logits", "features"] as const) {
        assert(relativeDistance(pass[output], wanted[output]) < ROUNDING, output);
        assert(relativeDistance(pass.second![output], wanted.second![output]) < ROUNDING, `second ${output}`);
      }
      const flat = (gradients: NamedTensorMap) =>
        tf.concat(Object.values(gradients).map((gradient) => tf.reshape(gradient, [-1])));
      const actual = byWeight(model, pass.backward(slopes));
      const expected = referenceGradients(model, x, { ...form, slopes });
      assertEquals(Object.keys(actual), Object.keys(expected));
      const error = relativeDistance(flat(actual), flat(expected));
      assert(error < 2 * ROUNDING, `gradients: ${error}`);
      pass.dispose();
    });
    model.dispose();
  });
}
