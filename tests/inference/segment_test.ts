import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom, integer, uniform } from "../../lib/data/random.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { segment } from "../../lib/inference/segment.ts";
import { oneHotPredictor, opinionatedPredictor } from "../support/training/fake_predictor.ts";
import { naiveLabels, naiveProbabilities } from "../support/training/naive_segmentation.ts";

const voxels = (shape: Shape) => shape[0] * shape[1] * shape[2];

function randomImage(shape: Shape): Float32Array {
  const random = createRandom("segment", ...shape);
  return Float32Array.from({ length: voxels(shape) }, () => uniform(random, [-1, 1]));
}

const cases: { shape: Shape; window: Shape; outputShape: Shape; overlap?: number }[] = [
  { shape: [6, 7, 5], window: [4, 4, 4], outputShape: [6, 7, 5] },
  { shape: [6, 7, 5], window: [4, 4, 4], outputShape: [13, 9, 8], overlap: 0.25 },
  { shape: [9, 6, 8], window: [4, 4, 4], outputShape: [4, 5, 3] },
  { shape: [9, 4, 6], window: [4, 3, 4], outputShape: [2, 11, 1] },
  { shape: [2, 3, 3], window: [4, 4, 4], outputShape: [5, 3, 7] },
  { shape: [1, 1, 1], window: [4, 4, 4], outputShape: [3, 2, 2] },
  { shape: [5, 1, 9], window: [4, 2, 4], outputShape: [1, 1, 30], overlap: 0.75 },
];

Deno.test("segment is the argmax of the interpolated mean of all windows", async () => {
  const classes = 4;
  for (const { shape, window, outputShape, overlap = 0.5 } of cases) {
    const image = randomImage(shape);
    const probabilities = naiveProbabilities(image, { shape, window, classes, overlap });
    const expected = naiveLabels(probabilities, { shape, outputShape, classes });
    const options = { shape, window, outputShape, overlap, predictor: opinionatedPredictor(classes) };
    const labels = await segment(image, options);
    // Where two classes are all but equal, float32 may decide otherwise.
    const sure = [...labels.keys()].filter((v) => expected.margins[v]! > 1e-5);
    assert(sure.length >= 0.99 * labels.length);
    sure.forEach((v) => assertEquals(labels[v], expected.labels[v], `voxel ${v} of ${outputShape}`));
    assertEquals(labels.length, voxels(outputShape));
  }
});

Deno.test("the result does not depend on the byte budget", async () => {
  for (const { shape, window, outputShape, overlap } of cases) {
    const image = randomImage(shape);
    const options = { shape, window, outputShape, overlap, predictor: opinionatedPredictor(3) };
    const whole = await segment(image, options);
    for (const byteBudget of [1, 700, 1500, 4000, 9001]) {
      const total: number[] = [];
      const onProgress = (done: number, of: number) => total.push(done, of);
      assertEquals(
        await segment(image, { ...options, byteBudget, onProgress }),
        whole,
        `${shape} ${byteBudget}`,
      );
      assertEquals(total.at(-2), total.at(-1));
      assertEquals(total.length / 2, total.at(-1));
    }
  }
});

Deno.test("a smaller budget means more windows, a large one a single tile", async () => {
  const shape: Shape = [6, 16, 16], window: Shape = [4, 4, 4];
  const count = async (byteBudget?: number) => {
    const predictor = opinionatedPredictor(2);
    await segment(randomImage(shape), { shape, window, predictor, byteBudget });
    return predictor.windows();
  };
  const single = await count();
  assertEquals(single, 2 * 7 * 7);
  // A slab of 4 planes of (2 + 1) and 4 planes of 2 values, 16×16×4 bytes each: 20 KiB.
  assertEquals(await count(20 * 1024), single);
  assert(await count(20 * 1024 - 1) > single);
  assert(await count(1024) > await count(10 * 1024));
});

Deno.test("a predictor that repeats the image gives the label map back", async () => {
  for (const { shape, window } of cases) {
    const random = createRandom("labels", ...shape);
    const map = Uint8Array.from({ length: voxels(shape) }, () => integer(random, [0, 4]));
    const options = { shape, window, predictor: oneHotPredictor(5), byteBudget: 2000 };
    assertEquals(await segment(Float32Array.from(map), options), map);
  }
});

Deno.test("of equal probabilities the lower number wins", async () => {
  const classes = 3, shape: Shape = [2, 2, 2];
  const predictor = { classes, predict: () => tf.fill([1, 2, 2, 2, classes], 1 / 3) as never };
  const labels = await segment(new Float32Array(8), { shape, window: shape, predictor });
  assertEquals(labels, new Uint8Array(8));
});

Deno.test("segment leaves no tensors, also when it is stopped", async () => {
  const { shape, window, outputShape } = cases[1]!;
  const options = { shape, window, outputShape, predictor: opinionatedPredictor(3) };
  const before = tf.memory().numTensors;
  await segment(randomImage(shape), options);
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error("enough"));
  await assertRejects(
    () => segment(randomImage(shape), { ...options, signal: stop.signal, onProgress }),
    Error,
    "enough",
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("segment hears a stop that comes from the event loop", async () => {
  const shape: Shape = [40, 4, 4], window: Shape = [4, 4, 4];
  const slow = opinionatedPredictor(2);
  const predictor = {
    classes: 2,
    predict(input: Parameters<typeof slow.predict>[0]) {
      for (const start = performance.now(); performance.now() - start < 40;);
      return slow.predict(input);
    },
  };
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("Ctrl-C")), 60);
  const run = segment(randomImage(shape), { shape, window, predictor, signal: stop.signal });
  await assertRejects(() => run, Error, "Ctrl-C");
  assert(slow.windows() < 10, `${slow.windows()} windows`);
});
