import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../lib/data/random.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { inBfloat16 } from "../support/models/in_bfloat16.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import {
  byWeight,
  dropout,
  images,
  SHARE,
  slopesOf,
  subsets,
  three,
  two,
} from "../support/models/two_decoders.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

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
  for (const options of [two, { ...three, projection: 2 }]) {
    const model = createUnet(options);
    const x = images(), logits = seededNormal([1, 4, 8, 8, 2], 2);
    const left = [{ logits }, { second: { logits } }, { logits, second: { logits } }].map((slopes) => {
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
    assertEquals(left, [0, 0, 0]);
    tf.dispose([x, logits]);
    model.dispose();
  }
});

inBfloat16(
  "passes with two decoders in bfloat16 leave no tensors behind, and repeat to the bit",
  async () => {
    const model = createUnet({ ...three, precision: "bfloat16" });
    await assertLeavesNoTensors(() => {
      // The deepest level is two planes deep, where oneDNN's gradients by filters in bfloat16 would be any numbers.
      const x = seededNormal([2, 4, 8, 8, 1], 1);
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
