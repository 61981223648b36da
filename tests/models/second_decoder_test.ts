import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createRandom } from "../../lib/data/random.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { drawMask } from "../../lib/models/passes/channel_dropout.ts";
import { createUnet, type PassGradients, type Unet } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { difference } from "../support/models/difference.ts";
import { inBfloat16, relativeDistance, rounded, ROUNDING } from "../support/models/in_bfloat16.ts";
import {
  type ReferenceOptions,
  type ReferenceOutputs,
  referenceUnet,
} from "../support/models/reference_unet.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const SHARE = 0.4;
const two = { classes: 2, widths: [3, 4], strides: [[1, 2, 2]] as Strides[], decoders: 2 as const, seed: 1 };
const three: UnetOptions = { ...two, widths: [3, 4, 5], strides: [[1, 2, 2], [2, 2, 2]] };
const images = (batch = 1) => seededNormal([batch, 4, 8, 8, 1], 1);

/** Drawn anew, the same each time. */
const dropout = (share = SHARE) => ({ share, random: createRandom("dropout", 1) });

/** What {@linkcode dropout} drops: level by level, [batch, 1, 1, 1, channel]. */
function masksOf({ widths }: UnetOptions, batch: number): Tensor[] {
  const drawn = dropout();
  return widths.map((width) => tf.tensor(drawMask(drawn, [batch, width]), [batch, 1, 1, 1, width]));
}

type Outputs = Pick<ReferenceOutputs, "logits" | "features" | "second">;

/** Random slopes of all outputs. */
function slopesOf({ logits, features, second }: Outputs) {
  const like = ({ shape }: Tensor5D, seed: number) => seededNormal(shape, seed);
  return {
    logits: like(logits, 2),
    features: like(features, 3),
    second: { logits: like(second!.logits, 4), features: like(second!.features, 5) },
  };
}

/** Σ output · slope over the slopes that are there. */
function weighted({ logits, features, second }: Outputs, slopes: PassGradients): Scalar {
  const pairs = [
    [logits, slopes.logits],
    [features, slopes.features],
    [second!.logits, slopes.second?.logits],
    [second!.features, slopes.second?.features],
  ] as const;
  return tf.addN(pairs.flatMap(([output, slope]) => slope ? [tf.sum(tf.mul(output, slope))] : [])) as Scalar;
}

/** By the names of weights: those that something depends on. */
function byWeight({ weights }: Unet, gradients: NamedTensorMap): NamedTensorMap {
  const known = Object.entries(weights).filter(([, { name }]) => gradients[name]);
  assertEquals(known.length, Object.keys(gradients).length);
  return Object.fromEntries(known.map(([weight, { name }]) => [weight, gradients[name]!]));
}

function referenceGradients(model: Unet, x: Tensor5D, options: ReferenceOptions & { slopes: PassGradients }) {
  const { grads } = tf.variableGrads(
    () => weighted(referenceUnet(x, model.weights, options), options.slopes),
    Object.values(model.weights),
  );
  return byWeight(model, grads);
}

/** Which slopes there are, by name. */
function subsets(all: ReturnType<typeof slopesOf>): Record<string, PassGradients> {
  const { logits, features, second } = all;
  return {
    "all": all,
    "the first's": { logits, features },
    "the second's": { second },
    "the first's features": { features },
    "the second's features": { second: { features: second.features } },
    "features of both": { features, second: { features: second.features } },
    "logits of both": { logits, second: { logits: second.logits } },
    "the first's logits, the second's features": { logits, second: { features: second.features } },
  };
}

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
          assertEquals(Object.keys(actual), Object.keys(expected), which);
          for (const [weight, gradient] of Object.entries(actual)) {
            // Sums of hundreds of numbers of about 1, of any sign, which may nearly cancel out.
            const [largest] = tf.max(tf.abs(expected[weight]!)).dataSync();
            const error = difference(gradient, expected[weight]!) * largest!;
            assert(
              error < 1e-3 * largest! + 1e-4,
              `gradient of ${weight} by ${which}: ${error} of ${largest}`,
            );
          }
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

Deno.test("a second decoder is drawn after all else, by itself, and changes nothing of the first", () => {
  const one = createUnet({ ...three, decoders: 1, projection: 2 });
  const both = createUnet({ ...three, projection: 2 });
  assertEquals([one.decoders, both.decoders], [1, 2]);
  const names = Object.keys(one.weights), all = Object.keys(both.weights);
  assertEquals(all.slice(0, names.length), names);
  const ofDecoder = names.filter((name) => !name.startsWith("unet_down"));
  assertEquals(all.slice(names.length), ofDecoder.map((name) => name.replace("unet_", "unet_second_")));
  for (const name of names) {
    assertEquals(both.weights[name]!.dataSync(), one.weights[name]!.dataSync());
    const second = both.weights[name.replace("unet_", "unet_second_")];
    if (!second) continue;
    assertEquals(second.shape, both.weights[name]!.shape);
    if (name.endsWith("kernel")) assertNotEquals(second.dataSync(), both.weights[name]!.dataSync());
  }
  tf.tidy(() => {
    const x = images(2), slopes = { logits: seededNormal([2, 4, 8, 8, 2], 2) };
    const passes = [one.pass(x), both.pass(x), both.pass(x, { dropout: dropout() })];
    assertEquals(passes.map(({ second }) => second !== undefined), [false, false, true]);
    const said = passes.map(({ logits, features }) => [logits.dataSync(), features.dataSync()]);
    assertEquals(said, [said[0], said[0], said[0]]);
    const predicted = both.predict(x);
    assertEquals([predicted.logits.dataSync(), predicted.features.dataSync()], said[0]);
    const [alone, ...others] = passes.map((pass, i) => byWeight(i === 0 ? one : both, pass.backward(slopes)));
    for (const other of others) {
      assertEquals(Object.keys(other), names);
      for (const name of names) assertEquals(other[name]!.dataSync(), alone![name]!.dataSync(), name);
    }
    passes.forEach((pass) => pass.dispose());
  });
  [one, both].forEach((model) => model.dispose());
});

Deno.test("the second decoder's outputs are those of the generator: equal ones agree, others do not", () => {
  const model = createUnet(two);
  tf.tidy(() => {
    const say = (seed: number) => {
      const pass = model.pass(images(), { dropout: { share: SHARE, random: createRandom("say", seed) } });
      const said = pass.second!.logits.dataSync();
      pass.dispose();
      return said;
    };
    assertEquals(say(1), say(1));
    assertNotEquals(say(1), say(2));
  });
  model.dispose();
});

Deno.test("a second decoder that is not there, or did not run, or nothing to go back from, is refused", async () => {
  const one = createUnet({ ...two, decoders: 1 }), both = createUnet(two);
  await assertLeavesNoTensors(() => {
    const x = images(), slope = seededNormal([1, 4, 8, 8, 2], 2);
    assertThrows(
      () => one.pass(x, { dropout: dropout() }),
      Error,
      "Cannot drop channels: the network must have 2 decoders, current number is 1",
    );
    assertThrows(() => both.pass(x, { dropout: dropout(1) }), Error, "share must be 0 or more and below 1");
    const without = both.pass(x), dropped = both.pass(x, { dropout: dropout() });
    assertThrows(
      () => without.backward({ second: { logits: slope } }),
      Error,
      "Cannot go back through the network: gradients by the second decoder's outputs want a pass with dropout",
    );
    assertThrows(
      () => dropped.backward({ second: {} }),
      Error,
      "there must be a gradient, current number is 0",
    );
    [without, dropped].forEach((pass) => pass.dispose());
    tf.dispose([x, slope]);
  });
  [one, both].forEach((model) => model.dispose());
  for (const decoders of [0, 3, 1.5] as never[]) {
    assertThrows(
      () => createUnet({ ...two, decoders }),
      Error,
      `Cannot create U-Net: decoders must be 1 or 2, current value is ${decoders}`,
    );
  }
});

Deno.test("passes with two decoders leave no tensors behind, however they end", async () => {
  const model = createUnet({ ...three, projection: 2 });
  await assertLeavesNoTensors(() => {
    const x = images(2);
    const first = model.pass(x, { dropout: dropout() });
    const slopes = slopesOf(first);
    first.dispose();
    first.dispose();
    for (const some of Object.values(subsets(slopes))) {
      const pass = model.pass(x, { dropout: dropout() });
      const gradients = pass.backward(some);
      const outputs = [pass.logits, pass.features, pass.second!.logits, pass.second!.features];
      assert(outputs.every(({ isDisposed }) => isDisposed));
      pass.dispose();
      tf.dispose(gradients);
    }
    // Halfway forward: a size that the strides do not divide. Halfway back: a slope of another shape.
    const odd = seededNormal([1, 3, 8, 8, 1], 1);
    assertThrows(() => model.pass(odd, { dropout: dropout() }));
    const pass = model.pass(x, { dropout: dropout() });
    const { logits } = slopes;
    assertThrows(() => pass.backward({ logits, second: { logits: odd } }));
    pass.dispose();
    tf.dispose([x, odd, slopes] as never);
  });
  model.dispose();
});

Deno.test("the way back through two decoders leaves of a pass only what the caller holds", () => {
  const left = [two, { ...two, widths: [2, 3, 4, 5], strides: Array<Strides>(3).fill([2, 2, 2]) }].map(
    (options) => {
      const model = createUnet(options);
      const x = seededNormal([1, 8, 8, 8, 1], 1), logits = seededNormal([1, 8, 8, 8, 2], 2);
      const leaves = [{ logits }, { second: { logits } }, { logits, second: { logits } }].map((slopes) => {
        // The first time makes what stays.
        const [, left] = [0, 1].map(() => {
          const before = tensorCount().tensorflow;
          const pass = model.pass(x, { dropout: dropout() });
          const gradients = pass.backward(slopes);
          const left = tensorCount().tensorflow - before - Object.keys(gradients).length;
          pass.dispose();
          tf.dispose(gradients);
          return left;
        });
        return left;
      });
      tf.dispose([x, logits]);
      model.dispose();
      return leaves;
    },
  );
  assertEquals(left[1], left[0], "a deeper network leaves more behind");
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

inBfloat16(
  "passes with two decoders in bfloat16 leave no tensors behind, and repeat to the bit",
  async () => {
    const model = createUnet({ ...three, precision: "bfloat16" });
    await assertLeavesNoTensors(() => {
      // Of a volume of depth 2 oneDNN's gradients by filters in bfloat16 are any numbers: the deepest level has 4 here.
      const x = seededNormal([2, 8, 8, 8, 1], 1);
      const run = () => {
        const pass = model.pass(x, { dropout: dropout() });
        const slopes = slopesOf(pass), gradients = pass.backward(slopes);
        const values = Object.values(gradients).map((gradient) => {
          assertEquals(gradient.dtype, "float32");
          return gradient.dataSync().slice();
        });
        pass.dispose();
        tf.dispose([slopes, gradients] as never);
        return values;
      };
      assertEquals(run(), run());
      x.dispose();
    });
    model.dispose();
  },
);
