import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Rank } from "@tensorflow/tfjs-node-gpu";
import { startFrom } from "../../lib/models/start_from.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { snapshotWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { assertLeavesNoTensors, weightsOf } from "../support/training/tiny_learners.ts";

const form = { widths: [2, 4], strides: [[2, 2, 2] as [number, number, number]] };

/** A network of the organs. */
function network(organs: number[], options: Pick<UnetOptions, "seed"> & Partial<UnetOptions>) {
  return { model: createUnet({ ...form, classes: organs.length + 1, ...options }), organs };
}

const LAST = ["unet_logits/kernel", "unet_logits/bias"];

/** What the last layer has for a channel. */
function row({ weights }: Unet, channel: number): number[] {
  return LAST.flatMap((name) => {
    const weight = weights[name]!, channels = weight.shape.at(-1)!;
    return [...weight.dataSync()].filter((_, i) => i % channels === channel);
  });
}

/** Biases begin as zeros: so that none equals another network's. */
function setBiases({ weights }: Unet, first: number): void {
  const bias = weights["unet_logits/bias"]!;
  const values = bias.dataSync().map((_, i) => first + i);
  bias.dataSync().set(values);
}

Deno.test("all layers but the last are copied, and its rows of background and of shared organs", async () => {
  await assertLeavesNoTensors(() => {
    const source = network([2, 3, 7], { seed: 1 });
    const target = network([7, 5, 2], { seed: 2 });
    setBiases(source.model, 1);
    setBiases(target.model, 11);
    const rows = (model: Unet) => [0, 1, 2, 3].map((c) => row(model, c));
    const given = rows(source.model), drawn = rows(target.model);
    const before = weightsOf(source.model);
    startFrom(target, source);
    for (const [name, weight] of Object.entries(target.model.weights)) {
      if (LAST.includes(name)) continue;
      assertEquals(weight.dataSync(), source.model.weights[name]!.dataSync(), name);
    }
    // Background; organ 7, the source's third; organ 5, which it has not; organ 2, its first.
    assertEquals(row(target.model, 0), given[0]);
    assertEquals(row(target.model, 1), given[3]);
    assertEquals(row(target.model, 2), drawn[2]);
    assertEquals(row(target.model, 3), given[1]);
    assertNotEquals(given[0], drawn[0]);
    assert(given.flat().every((value) => !drawn[2]!.includes(value) || value === 0));
    assertEquals(weightsOf(source.model), before);
    [source, target].forEach(({ model }) => model.dispose());
  });
});

Deno.test("it is a copy: what becomes of the source does not matter", () => {
  const [source, target] = [network([1], { seed: 1 }), network([1], { seed: 2 })];
  startFrom(target, source);
  const weights = weightsOf(source.model);
  source.model.dispose();
  assertEquals(weightsOf(target.model), weights);
  target.model.dispose();
});

Deno.test("a network of another form is refused", async () => {
  await assertLeavesNoTensors(() => {
    const target = network([1], { seed: 1 });
    const wider = network([1], { seed: 1, widths: [3, 4] });
    assertThrows(
      () => startFrom(target, wider),
      Error,
      "Cannot start from another network: unet_",
    );
    const projected = network([1], { seed: 1, projection: 2 });
    assertThrows(() => startFrom(projected, target), Error, "current value is missing");
    [target, wider, projected].forEach(({ model }) => model.dispose());
  });
});

/** Its values, [depth · height · width][input channel][output channel]. */
function firstKernel({ weights }: Unet): number[][][] {
  return tf.tidy(() => {
    const kernel = weights["unet_down0_a_conv/kernel"]!;
    return tf.reshape(kernel, [27, ...kernel.shape.slice(3)]).arraySync() as number[][][];
  });
}

Deno.test("prompts that both have are copied, further ones become zeros and change nothing at first", async () => {
  await assertLeavesNoTensors(() => {
    const none = network([1], { seed: 1 }), one = network([1], { seed: 2, prompts: 1 });
    const three = network([1], { seed: 3, prompts: 3 });
    startFrom(one, none);
    const ofNone = firstKernel(none.model), zeros = [0, 0];
    assertEquals(firstKernel(one.model), ofNone.map(([scan]) => [scan!, zeros]));
    tf.tidy(() => {
      const prompted = tf.randomNormal<Rank.R5>([1, 4, 4, 4, 2], 0, 1, "float32", 4);
      const scan = tf.slice(prompted, [0, 0, 0, 0, 0], [1, 4, 4, 4, 1]);
      const apart = tf.sub(one.model.predict(prompted).logits, none.model.predict(scan).logits);
      assert(tf.max(tf.abs(apart)).dataSync()[0]! < 1e-5);
    });
    const other = network([1], { seed: 4, prompts: 1 });
    startFrom(three, other);
    const ofOther = firstKernel(other.model);
    assertEquals(
      firstKernel(three.model),
      ofOther.map(([scan, prompt]) => [scan!, prompt!, zeros, zeros]),
    );
    startFrom(none, three);
    assertEquals(firstKernel(none.model), ofOther.map(([scan]) => [scan!]));
    for (const [name, weight] of Object.entries(none.model.weights)) {
      if (name !== "unet_down0_a_conv/kernel") {
        assertEquals(weight.dataSync(), other.model.weights[name]!.dataSync());
      }
    }
    const wider = network([1], { seed: 1, widths: [3, 4], prompts: 1 });
    assertThrows(() => startFrom(none, wider), Error, "unet_down0_a_conv/kernel must have shape [3,3,3,1,2]");
    [none, one, three, other, wider].forEach(({ model }) => model.dispose());
  });
});

Deno.test("a second decoder is copied from one, with its rows of shared organs, else stays as it was drawn", async () => {
  await assertLeavesNoTensors(() => {
    const single = network([1, 2], { seed: 1 }), source = network([1, 2], { seed: 2, decoders: 2 });
    const target = network([2, 5], { seed: 3, decoders: 2 });
    const isSecond = (name: string) => name.startsWith("unet_second_");
    const drawn = snapshotWeights(target.model);
    startFrom(target, single);
    for (const [name, weight] of Object.entries(target.model.weights)) {
      if (isSecond(name)) assertEquals(weight.dataSync(), drawn[name]!.dataSync(), name);
      else if (!LAST.includes(name)) assertEquals(weight.dataSync(), single.model.weights[name]!.dataSync());
    }
    tf.dispose(drawn);
    startFrom(target, source);
    for (const [name, weight] of Object.entries(target.model.weights)) {
      if (!name.includes("logits")) {
        assertEquals(weight.dataSync(), source.model.weights[name]!.dataSync(), name);
      }
    }
    const second = ({ weights }: Unet, channel: number) =>
      row({ weights: withoutSecond(weights) } as Unet, channel);
    assertEquals(second(target.model, 0), second(source.model, 0));
    assertEquals(second(target.model, 1), second(source.model, 2));
    assertNotEquals(second(target.model, 2), second(source.model, 1));
    assertNotEquals(second(target.model, 0), row(target.model, 0));
    // One decoder takes nothing of the second.
    startFrom(single, source);
    assertEquals(row(single.model, 1), row(source.model, 1));
    [single, source, target].forEach(({ model }) => model.dispose());
  });
});

/** The second decoder's weights by the names of the first's. */
function withoutSecond(weights: Unet["weights"]): Unet["weights"] {
  return Object.fromEntries(LAST.map((name) => [name, weights[name.replace("unet_", "unet_second_")]!]));
}

const deep = {
  widths: [2, 3, 4, 4],
  strides: [[1, 2, 2], [2, 2, 2], [1, 1, 1]] as [number, number, number][],
  deepSupervision: true,
};
const isLower = (name: string) => name.startsWith("unet_level");

Deno.test("heads of lower levels: rows of shared organs are copied; where the source has none they stay as they were drawn", async () => {
  await assertLeavesNoTensors(() => {
    const plain = network([1, 2], { ...deep, seed: 1, deepSupervision: false });
    const source = network([1, 2], { ...deep, seed: 2 }), target = network([2, 5], { ...deep, seed: 3 });
    const drawn = snapshotWeights(target.model);
    startFrom(target, plain);
    for (const [name, weight] of Object.entries(target.model.weights)) {
      if (isLower(name)) assertEquals(weight.dataSync(), drawn[name]!.dataSync(), name);
    }
    startFrom(target, source);
    const [kernel, before, given] = [target.model.weights, drawn, source.model.weights].map((weights) => {
      const tensor = weights["unet_level1_logits/kernel"]!;
      return [0, 1, 2].map((c) => [...tensor.dataSync()].filter((_, i) => i % 3 === c));
    });
    // Background; organ 2, the source's second; organ 5, which it has not.
    assertEquals(kernel, [given![0]!, given![2]!, before![2]!]);
    tf.dispose(drawn);
    // Who has no such heads takes none.
    startFrom(plain, source);
    assertEquals(Object.keys(plain.model.weights).filter(isLower), []);
    for (const [name, weight] of Object.entries(plain.model.weights)) {
      assertEquals(weight.dataSync(), source.model.weights[name]!.dataSync(), name);
    }
    [plain, source, target].forEach(({ model }) => model.dispose());
  });
});

Deno.test("heads of lower levels of a kind without rows are copied whole, and where the source has none they stay", async () => {
  await assertLeavesNoTensors(() => {
    const head = { kind: "cosine", embeddings: [[1, 0], [0, 1]], temperature: 0.1 } as const;
    const plain = network([1], { ...deep, head, seed: 1, deepSupervision: false });
    const source = network([1], { ...deep, head, seed: 2 }),
      target = network([1], { ...deep, head, seed: 3 });
    const name = "unet_level1_logits/kernel", drawn = target.model.weights[name]!.dataSync().slice();
    startFrom(target, plain);
    assertEquals(target.model.weights[name]!.dataSync(), drawn);
    startFrom(target, source);
    assertEquals(target.model.weights[name]!.dataSync(), source.model.weights[name]!.dataSync());
    [plain, source, target].forEach(({ model }) => model.dispose());
  });
});
