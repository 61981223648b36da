import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { startFrom } from "../../lib/models/start_from.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import { assertLeavesNoTensors, weightsOf } from "../support/training/tiny_learners.ts";

const form = { widths: [2, 4], strides: [[2, 2, 2] as [number, number, number]] };

/** A network of the organs. */
function network(organs: number[], options: { seed: number; widths?: number[]; projection?: number }) {
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
