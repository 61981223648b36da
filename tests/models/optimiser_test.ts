import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { loadTensors, saveTensors } from "../../lib/models/checkpoint.ts";
import { createOptimiser, type OptimiserOptions } from "../../lib/models/optimiser.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { restoreWeights, snapshotWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { tensorCount } from "../support/models/tensor_count.ts";

const fixture = JSON.parse(await Deno.readTextFile(new URL("../fixtures/optimiser.json", import.meta.url)));

for (const kind of ["adamw", "sgd"] as const) {
  Deno.test(`optimiser: ${kind} with clipping and decay follows PyTorch's, over two variables`, () => {
    const start: number[] = fixture.start;
    const a = tf.variable(tf.tensor2d(start.slice(0, 3), [1, 3])), b = tf.variable(tf.scalar(start[3]!));
    const rule = { kind, weightDecay: 0.1, epsilon: 0.1 };
    const optimiser = createOptimiser([a, b], { rule, clipNorm: fixture.clipNorm });
    fixture.gradients.forEach((gradient: number[], step: number) => {
      tf.tidy(() => {
        const gradients = {
          [a.name]: tf.tensor2d(gradient.slice(0, 3), [1, 3]),
          [b.name]: tf.scalar(gradient[3]!),
        };
        const norm = optimiser.apply(gradients, { learningRate: fixture.rates[step] });
        assertAlmostEquals(norm, Math.hypot(...gradient), 1e-5);
      });
      const now = [...a.dataSync(), ...b.dataSync()];
      fixture[kind][step].forEach((expected: number, i: number) =>
        assertAlmostEquals(now[i], expected, 3e-6)
      );
    });
    optimiser.dispose();
    tf.dispose([a, b]);
  });
}

function textOf(tensors: Record<string, Tensor>): string {
  return Object.values(tensors).map((tensor) => tensor.dataSync().toString()).join(";");
}

/** Trains a tiny U-Net on noise and returns all of its weights as text. */
function trainer(options: OptimiserOptions) {
  const model = createUnet({ classes: 2, widths: [2, 3], strides: [[2, 2, 2]], seed: 3 });
  const optimiser = createOptimiser(Object.values(model.weights), options);
  const step = (k: number) => {
    const x = tf.randomNormal([1, 4, 4, 4, 1], 0, 1, "float32", k + 1) as Tensor5D;
    const pass = model.pass(x);
    const dLogits = tf.grad((logits: Tensor) => tf.mean(tf.square(tf.sub(logits, x))))(pass.logits);
    const gradients = pass.backward({ logits: dLogits });
    optimiser.apply(gradients, { learningRate: 1e-2 });
    pass.dispose();
    tf.dispose([x, dLogits, gradients]);
  };
  const bits = () => tf.tidy(() => textOf(snapshotWeights(model)));
  const dispose = () => {
    optimiser.dispose();
    model.dispose();
  };
  return { model, optimiser, step, bits, dispose };
}

for (const kind of ["adamw", "sgd"] as const) {
  Deno.test(`optimiser: ${kind}, 5 steps, a file, 5 more in a new process's place = 10 steps, to the bit`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".safetensors" });
    const whole = trainer({ rule: { kind } });
    for (let k = 0; k < 10; k++) whole.step(k);

    const first = trainer({ rule: { kind } });
    for (let k = 0; k < 5; k++) first.step(k);
    const weights = snapshotWeights(first.model), { tensors, meta } = first.optimiser.state();
    await saveTensors(path, { tensors: { ...weights, ...tensors }, meta });
    tf.dispose([weights, tensors]);
    first.dispose();

    const second = trainer({ rule: { kind } });
    const saved = await loadTensors(path);
    restoreWeights(second.model, saved.tensors);
    second.optimiser.load({ tensors: saved.tensors, meta: saved.meta as Record<string, number> });
    tf.dispose(saved.tensors);
    for (let k = 5; k < 10; k++) second.step(k);
    assert(second.bits() === whole.bits());
    [whole, second].forEach((t) => t.dispose());
    await Deno.remove(path);
  });
}

Deno.test("optimiser leaks nothing, and its snapshot outlives the next update", () => {
  const warmUp = trainer({});
  warmUp.step(0);
  warmUp.dispose();
  const start = tensorCount();
  const t = trainer({});
  t.step(0);
  const before = tensorCount();
  t.step(1);
  assertEquals(tensorCount(), before);
  const weights = snapshotWeights(t.model), bits = t.bits();
  const { tensors } = t.optimiser.state(), moments = textOf(tensors);
  t.step(2);
  assert(t.bits() !== bits);
  assertEquals(textOf(tensors), moments, "an update changes moments in place, but not those of a snapshot");
  tf.dispose(tensors);
  restoreWeights(t.model, weights);
  tf.dispose(weights);
  assertEquals(t.bits(), bits);
  assertEquals(tensorCount(), before);
  t.dispose();
  assertEquals(tensorCount(), start);
});

Deno.test("optimiser refuses non-finite gradients by name, and none at all, and changes nothing", () => {
  tf.tidy(() => {
    const a = tf.variable(tf.tensor1d([1, 2]), true, "first"), b = tf.variable(tf.scalar(3), true, "second");
    const optimiser = createOptimiser([a, b]);
    const bad = { first: tf.tensor1d([0, 1]), second: tf.scalar(NaN) };
    assertThrows(
      () => optimiser.apply(bad, { learningRate: 1 }),
      Error,
      "not finite at step 1, 1 of 2 weights, first second",
    );
    assertThrows(
      () => optimiser.apply({ third: a }, { learningRate: 1 }),
      Error,
      "Cannot update weights: no gradient reaches any of them",
    );
    assertThrows(
      () => optimiser.apply({ second: bad.second }, { learningRate: 1 }),
      Error,
      "not finite at step 1, 1 of 2 weights, first second",
    );
    assertEquals([...a.dataSync(), ...b.dataSync()], [1, 2, 3]);
    assertEquals(optimiser.state().meta.step, 0);
    const state = optimiser.state();
    const { beta1Power: _, ...fewer } = state.meta;
    assertThrows(
      () => optimiser.load({ ...state, meta: fewer }),
      Error,
      "beta1Power must be a number, current value is missing",
    );
    const foreign = { ...state, tensors: { ...state.tensors, "mean/0": tf.zeros([3]) } };
    assertThrows(
      () => optimiser.load(foreign),
      Error,
      "mean/0 must have shape [2], current value is of shape [3]",
    );
    delete (state.tensors as Record<string, Tensor>)["square/1"];
    assertThrows(() => optimiser.load(state), Error, "square/1 must have shape [], current value is missing");
    optimiser.dispose();
    tf.dispose([a, b]);
  });
});

for (const kind of ["adamw", "sgd"] as const) {
  Deno.test(`optimiser: ${kind} moves a weight without a gradient not at all, and later as if the step had not been`, () => {
    const rule = { kind, weightDecay: 0.1 };
    const before = tensorCount();
    tf.tidy(() => {
      const [a, b, alone] = ["a", "b", "alone"].map((name) =>
        tf.variable(tf.tensor1d([1, -2]), true, `${kind} ${name}`)
      );
      const both = createOptimiser([a!, b!], { rule }), other = createOptimiser([alone!], { rule });
      const gradient = (step: number) => tf.tensor1d([0.3 * step, 0.2 - step]);
      // b has a gradient in the steps 2 and 4 alone; no gradient is so large that it would be clipped.
      for (let step = 0; step < 5; step++) {
        const now = [...b!.dataSync()], lacking = both.untouched.map(({ name }) => name);
        assertEquals(lacking, step < 3 ? step === 0 ? [a!.name, b!.name] : [b!.name] : []);
        const has = step === 2 || step === 4;
        const gradients = { [a!.name]: gradient(step), ...has && { [b!.name]: gradient(step) } };
        both.apply(gradients, { learningRate: 0.1 });
        if (has) other.apply({ [alone!.name]: gradient(step) }, { learningRate: 0.1 });
        else assertEquals([...b!.dataSync()], now);
        // Whatever lags is in the state, too.
        const state = both.state();
        both.load({ tensors: state.tensors, meta: JSON.parse(JSON.stringify(state.meta)) });
        tf.dispose(state.tensors);
      }
      assertEquals([both.updates, other.updates], [5, 2]);
      assertEquals([...b!.dataSync()], [...alone!.dataSync()]);
      const { meta, tensors } = both.state();
      assertEquals([meta.step, meta["step/0"], meta["step/1"]], [5, undefined, 2]);
      tf.dispose(tensors);
      [both, other].forEach((optimiser) => optimiser.dispose());
      tf.dispose([a!, b!, alone!]);
    });
    assertEquals(tensorCount(), before);
  });
}
