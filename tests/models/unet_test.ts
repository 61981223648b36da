import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createUnet } from "../../lib/models/unet.ts";
import type { Strides } from "../../lib/models/transposed_convolution.ts";
import { restoreWeights, snapshotWeights, trainableVariables } from "../../lib/models/weights.ts";
import { tf } from "../../lib/runtime/tf.ts";

interface Stored {
  shape: number[];
  base64: string;
}

const fixture = JSON.parse(await Deno.readTextFile(new URL("../fixtures/unet.json", import.meta.url)));

function tensorOf({ shape, base64 }: Stored): Tensor {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return tf.tensor(new Float32Array(bytes.buffer), shape);
}

/** Largest difference, relative to the largest expected value. */
function difference(actual: Tensor, expected: Stored): number {
  return tf.tidy(() => {
    const wanted = tensorOf(expected);
    assertEquals(actual.shape, wanted.shape);
    return tf.div(tf.max(tf.abs(tf.sub(actual, wanted))), tf.max(tf.abs(wanted))).dataSync()[0];
  });
}

const small = { classes: 2, widths: [2, 3], strides: [[1, 2, 2]] as Strides[], seed: 1 };

Deno.test("U-Net: forward pass and every gradient equal PyTorch's with the same weights", () => {
  const model = createUnet({ ...fixture.options, seed: 1 });
  tf.tidy(() => {
    const weights = Object.fromEntries(
      Object.entries(fixture.weights).map(([name, stored]) => [name, tensorOf(stored as Stored)]),
    );
    restoreWeights(model, weights);
    const images = tf.variable(tensorOf(fixture.images));
    const variables = trainableVariables(model);
    const { value, grads } = tf.variableGrads(() => {
      const [logits, features] = model.apply(images, { training: true }) as Tensor[];
      assert(difference(logits, fixture.logits) < 1e-5);
      assert(difference(features, fixture.features) < 1e-5);
      return tf.add(
        tf.mean(tf.mul(logits, tensorOf(fixture.logitWeights))),
        tf.mean(tf.mul(features, tensorOf(fixture.featureWeights))),
      ) as Scalar;
    }, [...variables, images]);
    assert(Math.abs(value.dataSync()[0] - fixture.loss) < 1e-5);
    assert(difference(grads[images.name], fixture.imageGradient) < 1e-4, "gradient of the images");
    const names = Object.keys(snapshotWeights(model));
    assertEquals(names.toSorted(), Object.keys(fixture.gradients).toSorted());
    model.trainableWeights.forEach((weight, i) => {
      const name = (weight as unknown as { originalName: string }).originalName;
      const error = difference(grads[variables[i].name], fixture.gradients[name]);
      assert(error < 1e-4, `gradient of ${name}: relative difference ${error}`);
    });
    images.dispose();
  });
  model.dispose();
});

Deno.test("U-Net: shapes of any size divisible by the strides, isotropic or not", () => {
  const strides: Strides[] = [[1, 2, 2], [2, 2, 2]];
  const model = createUnet({ classes: 4, widths: [2, 3, 4], strides, seed: 1 });
  for (const [depth, height, width] of [[2, 4, 4], [6, 12, 8]]) {
    tf.tidy(() => {
      const [logits, features] = model.predict(tf.zeros([1, depth, height, width, 1])) as Tensor[];
      assertEquals(logits.shape, [1, depth, height, width, 4]);
      assertEquals(features.shape, [1, depth, height, width, 2]);
    });
  }
  model.dispose();
});

Deno.test("U-Net: the same seed gives the same bits, another seed does not; layers differ from each other", () => {
  const [a, b, c] = [0, 0, 1].map((seed) => createUnet({ ...small, seed }));
  const text = (model: typeof a, name: string) => snapshotWeights(model)[name].dataSync().toString();
  tf.tidy(() => {
    for (const name of Object.keys(snapshotWeights(a))) assertEquals(text(a, name), text(b, name));
    assert(text(a, "unet_down0_b_conv/kernel") !== text(c, "unet_down0_b_conv/kernel"));
    assert(text(a, "unet_down0_b_conv/kernel") !== text(a, "unet_up0_b_conv/kernel"));
  });
  [a, b, c].forEach((model) => model.dispose());
});

Deno.test("U-Net: convolution weights are He-normal, logits have a bias of zero", () => {
  const model = createUnet({ ...small, widths: [32, 32] });
  tf.tidy(() => {
    const weights = snapshotWeights(model);
    const { variance } = tf.moments(weights["unet_down0_b_conv/kernel"]);
    assert(Math.abs(variance.dataSync()[0] / (2 / (27 * 32)) - 1) < 0.05);
    const up = tf.moments(weights["unet_up0/kernel"]).variance.dataSync()[0];
    assert(Math.abs(up / (1 / 32) - 1) < 0.1);
    assertEquals([...weights["unet_logits/bias"].dataSync()], [0, 0]);
  });
  model.dispose();
});

Deno.test("U-Net: goes through tfjs's own save format with its layers", async () => {
  const model = createUnet(small);
  let artifacts: Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0] | undefined;
  await model.save(tf.io.withSaveHandler((saved) => {
    artifacts = saved;
    return Promise.resolve({
      modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const },
    });
  }));
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
  tf.tidy(() => {
    const x = tf.randomNormal([1, 2, 4, 4, 1], 0, 1, "float32", 3);
    const [expected, actual] = [model, loaded].map((m) => (m.predict(x) as Tensor[])[0].dataSync());
    assertEquals(actual, expected);
  });
  [model, loaded].forEach((m) => m.dispose());
});

Deno.test("U-Net: a step leaks nothing and repeats to the bit; disposing frees all weights", () => {
  const start = tf.memory().numTensors;
  const model = createUnet(small);
  const x = tf.randomNormal([2, 2, 4, 4, 1], 0, 1, "float32", 3) as Tensor5D;
  const step = () => {
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square((model.apply(x, { training: true }) as Tensor[])[0])) as Scalar,
      trainableVariables(model),
    );
    const result = [value, ...Object.values(grads)].map((tensor) => tensor.dataSync().toString());
    tf.dispose([value, grads]);
    return result;
  };
  const first = step();
  const before = tf.memory().numTensors;
  assertEquals(step(), first);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose(x);
  model.dispose();
  assertEquals(tf.memory().numTensors, start);
});

Deno.test("createUnet refuses strides that do not fit the widths", () => {
  assertThrows(
    () => createUnet({ ...small, strides: [] }),
    Error,
    "one entry fewer than widths (2), current number is 0",
  );
});

Deno.test("restoreWeights refuses missing or misshapen weights and then changes nothing", () => {
  const model = createUnet(small);
  tf.tidy(() => {
    const good = snapshotWeights(model);
    const bad: Record<string, Tensor> = Object.fromEntries(
      Object.entries(good).map(([name, tensor]) => [name, tf.add(tensor, 1)]),
    );
    bad["unet_logits/bias"] = tf.zeros([3]);
    assertThrows(
      () => restoreWeights(model, bad),
      Error,
      "unet_logits/bias must have shape [2], current value is of shape [3]",
    );
    delete bad["unet_logits/bias"];
    assertThrows(() => restoreWeights(model, bad), Error, "current value is missing");
    const now = snapshotWeights(model);
    for (const name of Object.keys(good)) assertEquals(now[name].dataSync(), good[name].dataSync());
  });
  model.dispose();
});

Deno.test("U-Net with a learned projection: its features have that many channels and give the logits", () => {
  const model = createUnet({ ...small, projection: 5 });
  tf.tidy(() => {
    const images = tf.randomNormal([1, 2, 4, 4, 1], 0, 1, "float32", 1);
    const [logits, features] = model.apply(images) as Tensor5D[];
    assertEquals(features.shape, [1, 2, 4, 4, 5]);
    const weights = snapshotWeights(model);
    const kernel = tf.reshape(weights["unet_logits/kernel"], [5, 2]);
    const expected = tf.add(
      tf.matMul(tf.reshape(features, [-1, 5]), kernel as never),
      weights["unet_logits/bias"],
    );
    assert(tf.max(tf.abs(tf.sub(tf.reshape(logits, [-1, 2]), expected))).dataSync()[0] < 1e-5);
    const { grads } = tf.variableGrads(
      () => tf.sum((model.apply(images) as Tensor5D[])[0]) as Scalar,
      trainableVariables(model),
    );
    assert(Object.keys(grads).some((name) => name.includes("projection")), "it learns");
  });
  model.dispose();
});
