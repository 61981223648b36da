import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom, uniform } from "../../lib/data/random.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { predictPlanes } from "../../lib/inference/slabs.ts";
import { countWindows, type PlaneRegion } from "../../lib/inference/windows.ts";
import { opinionatedPredictor } from "../support/training/fake_predictor.ts";
import { naiveProbabilities } from "../support/training/naive_segmentation.ts";

const CLASSES = 3;

function randomImage(shape: Shape): Float32Array {
  const random = createRandom("slabs", ...shape);
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => uniform(random, [-1, 1]));
}

const whole = (shape: Shape): PlaneRegion => ({ y: [0, shape[1]], x: [0, shape[2]] });

const cases: { shape: Shape; window: Shape; overlap: number }[] = [
  { shape: [4, 4, 4], window: [4, 4, 4], overlap: 0.5 },
  { shape: [9, 7, 6], window: [4, 4, 4], overlap: 0.5 },
  { shape: [11, 5, 8], window: [3, 5, 4], overlap: 0.5 },
  { shape: [10, 6, 6], window: [4, 3, 5], overlap: 0.75 },
  { shape: [8, 6, 6], window: [4, 3, 3], overlap: 0 },
  { shape: [1, 6, 5], window: [4, 4, 4], overlap: 0.5 },
  { shape: [3, 2, 1], window: [4, 4, 4], overlap: 0.5 },
  { shape: [12, 3, 9], window: [6, 4, 4], overlap: 0.25 },
];

Deno.test("planes come in order and hold the weighted mean of all windows", () => {
  for (const { shape, window, overlap } of cases) {
    const image = randomImage(shape);
    const expected = naiveProbabilities(image, { shape, window, overlap, classes: CLASSES });
    const predictor = opinionatedPredictor(CLASSES);
    const options = { shape, window, overlap, predictor, region: whole(shape) };
    let next = 0;
    for (const { z, probabilities } of predictPlanes(image, options)) {
      assertEquals(z, next++);
      const size = shape[1] * shape[2] * CLASSES;
      assertEquals(probabilities.length, size);
      probabilities.forEach((p, i) => assertAlmostEquals(p, expected[z * size + i], 1e-5, `${shape}`));
    }
    assertEquals(next, shape[0]);
    assertEquals(predictor.windows(), countWindows(options));
  }
});

Deno.test("part of a plane has the very bits it has in the whole, from fewer windows", () => {
  const shape: Shape = [7, 12, 11], window: Shape = [4, 4, 4];
  const image = randomImage(shape);
  const region: PlaneRegion = { y: [3, 5], x: [0, 3] };
  const options = { shape, window, overlap: 0.5, predictor: opinionatedPredictor(CLASSES) };
  const all = [...predictPlanes(image, { ...options, region: whole(shape) })].length;
  const full = [];
  for (const plane of predictPlanes(image, { ...options, region: whole(shape) })) {
    full.push(plane.probabilities.slice());
  }
  assertEquals(all, 7);
  for (const { z, probabilities } of predictPlanes(image, { ...options, region })) {
    let i = 0;
    for (let y = 3; y < 5; y++) {
      for (let x = 0; x < 3; x++) {
        for (let c = 0; c < CLASSES; c++) {
          assertEquals(probabilities[i++], full[z]![(y * 11 + x) * CLASSES + c]);
        }
      }
    }
  }
  assert(countWindows({ ...options, region }) < countWindows({ ...options, region: whole(shape) }));
});

Deno.test("planes leave no tensors, also when nobody takes the rest", () => {
  const shape: Shape = [9, 6, 6], window: Shape = [4, 4, 4];
  const before = tf.memory().numTensors;
  const options = { shape, window, overlap: 0.5, predictor: opinionatedPredictor(2), region: whole(shape) };
  for (const _ of predictPlanes(randomImage(shape), options)) break;
  assertEquals([...predictPlanes(randomImage(shape), options)].length, 9);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("planes stop between two windows", () => {
  const shape: Shape = [9, 6, 6], window: Shape = [4, 4, 4];
  const stop = new AbortController();
  let windows = 0;
  const planes = predictPlanes(randomImage(shape), {
    shape,
    window,
    overlap: 0.5,
    predictor: opinionatedPredictor(2),
    region: whole(shape),
    signal: stop.signal,
    onWindow: () => ++windows === 3 && stop.abort(new Error("enough")),
  });
  assertThrows(() => [...planes], Error, "enough");
  assertEquals(windows, 3);
});
