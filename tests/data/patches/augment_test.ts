import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import {
  applyGamma,
  augmentIntensity,
  stretchContrast,
} from "../../../lib/data/patches/augment_intensity.ts";
import { DEFAULT_AUGMENTATION, NO_AUGMENTATION } from "../../../lib/data/patches/augment_options.ts";
import {
  applySpatialTransform,
  drawSpatialTransform,
  type Matrix3,
  sourceRegion,
} from "../../../lib/data/patches/augment_spatial.ts";
import { addNormalNoise, createRandom } from "../../../lib/data/random.ts";
import { cutRegion, type Region } from "../../../lib/data/region.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

const SHAPE: Shape = [20, 24, 28];

/** A scan whose intensity is linear in z, y and x, and whose code is the octant. */
function scan(intensity = (z: number, y: number, x: number) => 100 * z + 10 * y + x) {
  const image = new Float32Array(20 * 24 * 28);
  const labels = new Uint8Array(image.length);
  for (let z = 0, v = 0; z < 20; z++) {
    for (let y = 0; y < 24; y++) {
      for (let x = 0; x < 28; x++, v++) {
        image[v] = intensity(z, y, x);
        labels[v] = 1 + (z >= 10 ? 1 : 0) + (y >= 12 ? 2 : 0) + (x >= 14 ? 4 : 0);
      }
    }
  }
  return { image, labels };
}

function transformed(patch: Region, transform: Matrix3) {
  const region = sourceRegion(patch, transform);
  const { image, labels } = scan();
  const cut = {
    image: cutRegion(image, { from: SHAPE, region }),
    labels: cutRegion(labels, { from: SHAPE, region }),
  };
  return applySpatialTransform(cut, transform, { patch, region });
}

const TRANSFORMS: Record<string, Matrix3> = {
  identity: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  "a quarter turn in the axial plane": [1, 0, 0, 0, 0, 1, 0, -1, 0],
  smaller: [1.25, 0, 0, 0, 1.25, 0, 0, 0, 1.25],
  oblique: [0.98, 0.1, -0.05, -0.11, 0.97, 0.2, 0.07, -0.19, 0.96],
};

Deno.test("every voxel is read from where the matrix says, image and codes alike", async (t) => {
  const patch: Region = { start: [6, 7, 9], shape: [7, 8, 9] };
  for (const [name, m] of Object.entries(TRANSFORMS)) {
    await t.step(name, () => {
      const { image, labels } = transformed(patch, m);
      for (let z = 0, v = 0; z < 7; z++) {
        for (let y = 0; y < 8; y++) {
          for (let x = 0; x < 9; x++, v++) {
            const offset = [z - 3, y - 3.5, x - 4];
            const centre = [9, 10.5, 13] as const;
            const at = eachAxis((row) =>
              offset.reduce((sum, value, column) => sum + m[3 * row + column]! * value, centre[row])
            );
            // Trilinear interpolation is exact for a linear image.
            assertAlmostEquals(image[v]!, 100 * at[0] + 10 * at[1] + at[2], 1e-3);
            // Of two voxels equally near either may be taken.
            if (at.some((value) => Math.abs(value % 1 - 0.5) < 1e-6)) continue;
            const [zs, ys, xs] = eachAxis((axis) => Math.round(at[axis]));
            assertEquals(labels[v], 1 + (zs >= 10 ? 1 : 0) + (ys >= 12 ? 2 : 0) + (xs >= 14 ? 4 : 0));
          }
        }
      }
    });
  }
});

Deno.test("rotations are of the body: lengths in mm stay, whatever the spacing; scales are f in every direction", () => {
  const spacing: [number, number, number] = [3, 1, 0.5];
  for (let draw = 0; draw < 50; draw++) {
    const random = () => createRandom("spatial", draw);
    const rotation = { ...NO_AUGMENTATION, rotation: 1 };
    const m = drawSpatialTransform(random(), { augmentation: rotation, spacing })!;
    for (const column of [0, 1, 2] as const) {
      const mm = eachAxis((row) => m[3 * row + column]! * spacing[row]);
      assertAlmostEquals(Math.hypot(...mm), spacing[column], 1e-12);
    }
    // About the z axis at most 15 degrees, the others at most 5.
    assert(Math.abs(m[0] - 1) < 0.01 && Math.abs(m[4] - 1) < 0.05);
    const scale = { ...NO_AUGMENTATION, scale: 1, scaleFactors: [2, 2] as const };
    assertEquals(drawSpatialTransform(random(), { augmentation: scale, spacing }), [
      ...[0.5, 0, 0],
      ...[0, 0.5, 0],
      ...[0, 0, 0.5],
    ] as unknown as Matrix3);
  }
  assertEquals(drawSpatialTransform(createRandom(1), { augmentation: NO_AUGMENTATION, spacing }), undefined);
});

Deno.test("contrast stretches about the mean within the range; gamma keeps mean and deviation", () => {
  const image = Float32Array.of(-1, 0, 1, 4);
  stretchContrast(image, 2);
  assertEquals([...image], [-1, -1, 1, 4]);
  stretchContrast(image, 0.5);
  assertEquals([...image], [-0.125, -0.125, 0.875, 2.375]);

  const ramp = Float32Array.from({ length: 101 }, (_, v) => v / 100);
  applyGamma(ramp, 2);
  // v² has mean 1/3 and standard deviation 2/(3√5); for 101 samples: 0.335 and 0.3010…
  const squares = Array.from({ length: 101 }, (_, v) => (v / 100) ** 2);
  const mean = squares.reduce((sum, value) => sum + value) / 101;
  const std = Math.sqrt(squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 101);
  const gain = Math.sqrt((101 ** 2 - 1) / 12) / 100 / std;
  ramp.forEach((value, v) => assertAlmostEquals(value, 0.5 + gain * (squares[v]! - mean), 1e-6));

  const flat = new Float32Array(4).fill(3);
  applyGamma(flat, 2);
  assertEquals([...flat], [3, 3, 3, 3]);
});

Deno.test("noise is normal with the wanted deviation, and independent between voxels", () => {
  const values = new Float32Array(100_001);
  addNormalNoise(values, { random: createRandom("noise"), std: 2 });
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + (value / 2) ** power, 0) / values.length;
  for (const [power, wanted] of [[1, 0], [2, 1], [3, 0], [4, 3]] as const) {
    assertAlmostEquals(moment(power), wanted, 0.08);
  }
  for (const apart of [1, 2, 3]) {
    let product = 0;
    for (let v = apart; v < values.length; v++) product += values[v]! * values[v - apart]! / 4;
    assertAlmostEquals(product / values.length, 0, 0.015);
  }
});

Deno.test("nothing happens with all probabilities 0; each transform changes the image alone", () => {
  const original = scan().image;
  const run = (probabilities: Partial<typeof DEFAULT_AUGMENTATION>) => {
    const image = original.slice();
    augmentIntensity(image, createRandom("intensity"), { ...NO_AUGMENTATION, ...probabilities });
    return image;
  };
  assertEquals(run({}), original);
  for (const name of ["noise", "brightness", "contrast", "gamma"] as const) {
    const changed = run({ [name]: 1 });
    assert(changed.some((value, v) => value !== original[v]), name);
    assert(changed.every((value) => Number.isFinite(value)), name);
    assertEquals(run({ [name]: 1 }), changed);
  }
});
