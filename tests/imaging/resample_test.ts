import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { eachAxis } from "../../lib/imaging/each_axis.ts";
import { linearPart, type Vector3 } from "../../lib/imaging/matrix.ts";
import { resampleImage, resizeImage } from "../../lib/imaging/resample.ts";
import { resampledAffine, resampleGrid } from "../../lib/imaging/resample_grid.ts";
import { linearWeights } from "../../lib/imaging/resample_grid.ts";
import { resampleLabels, resizeLabels } from "../../lib/imaging/resample_labels.ts";
import { spacingOf } from "../../lib/imaging/volume.ts";
import type { Affine, Shape, Spacing } from "../../lib/imaging/volume.ts";

interface ResampleCase {
  source: Shape;
  target: Shape;
  image: number[];
  linear: number[];
  labels: string;
  argmax: string;
  nearest: string;
}

const cases: ResampleCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/imaging/resample.json", import.meta.url)),
);

const affine: Affine = [[2, 0, 0, -10], [0, 1, 0, 5], [0, 0, 3, 7], [0, 0, 0, 1]];
const codes = (text: string) => Uint8Array.from(text, Number);

function world(affine: Affine, [x, y, z]: Vector3): Vector3 {
  const linear = linearPart(affine);
  return eachAxis((row) => linear[row][0] * x + linear[row][1] * y + linear[row][2] * z + affine[row]![3]!);
}

/** f at every voxel of a grid, given its position (x, y, z) in mm. */
function sampled(f: (x: number, y: number, z: number) => number, shape: Shape, at: Affine): Float32Array {
  const [depth, height, width] = shape;
  const data = new Float32Array(depth * height * width);
  for (let z = 0, i = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [px, py, pz] = world(at, [x, y, z]);
        data[i++] = f(px, py, pz);
      }
    }
  }
  return data;
}

Deno.test("resizeImage equals PyTorch's trilinear interpolation", () => {
  for (const { source, target, image, linear } of cases) {
    const resized = resizeImage({ data: Int16Array.from(image), shape: source, affine }, target);
    resized.data.forEach((value, i) =>
      assertAlmostEquals(value, linear[i], 1e-3, `${source} to ${target} at ${i}`)
    );
  }
});

Deno.test("resizeLabels equals the argmax of PyTorch's interpolated masks, and its nearest-exact", () => {
  for (const { source, target, labels, argmax, nearest } of cases) {
    const volume = { data: codes(labels), shape: source, affine };
    assertEquals(resizeLabels(volume, target).data, codes(argmax), `linear, ${source} to ${target}`);
    const near = resizeLabels(volume, target, { method: "nearest" });
    assertEquals(near.data, codes(nearest), `nearest, ${source} to ${target}`);
  }
});

Deno.test("resampleGrid covers the same box with a whole number of voxels", () => {
  const table: [Shape, Spacing, Spacing, Shape][] = [
    [[10, 20, 30], [1, 1, 1], [1, 1, 1], [10, 20, 30]],
    [[10, 20, 30], [3, 1, 0.5], [1, 2, 1], [30, 10, 15]],
    [[5, 3, 1], [1, 1, 1], [2, 2, 4], [3, 2, 1]],
    [[1, 1, 1], [1, 1, 1], [100, 100, 100], [1, 1, 1]],
  ];
  for (const [shape, spacing, target, expected] of table) {
    assertEquals(resampleGrid(shape, { spacing, target }), expected);
  }
});

Deno.test("resampledAffine keeps both outer corners of the box, of an oblique affine too", () => {
  const oblique: Affine = [[1.8, -0.2, 0.4, 3], [0.3, 2.1, 0.1, -8], [-0.2, 0.1, 3.2, 40], [0, 0, 0, 1]];
  const from: Shape = [7, 5, 9], to: Shape = [13, 4, 20];
  const resampled = resampledAffine(oblique, { from, to });
  world(oblique, [-0.5, -0.5, -0.5]).forEach((v, i) =>
    assertAlmostEquals(v, world(resampled, [-0.5, -0.5, -0.5])[i], 1e-9)
  );
  world(oblique, [8.5, 4.5, 6.5]).forEach((v, i) =>
    assertAlmostEquals(v, world(resampled, [19.5, 3.5, 12.5])[i], 1e-9)
  );
});

Deno.test("resampling keeps constants and, inside, linear ramps in mm", () => {
  const shape: Shape = [6, 8, 10];
  const constant = resampleImage({ data: new Float32Array(480).fill(7.3), shape, affine }, [1.3, 2.2, 0.9]);
  assert(constant.data.every((value) => value === Math.fround(7.3)));
  const ramp = (x: number, y: number, z: number) => 3 * x - 2 * y + 0.5 * z;
  const resampled = resampleImage({ data: sampled(ramp, shape, affine), shape, affine }, [2, 0.7, 1.1]);
  const expected = sampled(ramp, resampled.shape, resampled.affine);
  const [depth, height, width] = resampled.shape;
  // Beyond the outermost old centres the outermost values are held.
  for (let z = 1; z < depth - 1; z++) {
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = (z * height + y) * width + x;
        assertAlmostEquals(resampled.data[i], expected[i], 1e-4);
      }
    }
  }
});

Deno.test("resampling to a spacing gives that spacing where whole voxels allow", () => {
  const volume = { data: new Uint8Array(6 * 8 * 10), shape: [6, 8, 10] as Shape, affine };
  assertEquals(spacingOf(resampleLabels(volume, [1, 2, 4]).affine), [1, 2, 4]);
  assertEquals(spacingOf(resampleImage(volume, [9, 0.5, 1]).affine), [9, 0.5, 1]);
});

Deno.test("finer and back again returns a label map, and a smooth image nearly", () => {
  const shape: Shape = [6, 8, 10];
  const labels = Uint8Array.from({ length: 480 }, (_, i) => Math.floor(i / 37) % 3);
  const there = resampleLabels({ data: labels, shape, affine }, [1, 1 / 3, 2 / 3]);
  assertEquals(resizeLabels(there, shape, { method: "nearest" }).data, labels);
  const smooth = sampled((x, y, z) => Math.sin(x / 9) + Math.cos(y / 8) + z / 20, shape, affine);
  const image = { data: smooth, shape, affine };
  const back = resizeImage(resampleImage(image, [1.5, 0.5, 1]), shape);
  back.data.forEach((value, i) => assertAlmostEquals(value, smooth[i], 0.05));
  assertEquals(back.affine, affine);
});

Deno.test("linearWeights interpolate each position between its neighbours, held at both ends", () => {
  const { lower, upper, weight } = linearWeights(4, 2);
  assertEquals([...lower], [0, 0, 0, 1]);
  assertEquals([...upper], [0, 1, 1, 1]);
  assertEquals([...weight], [0, 0.25, 0.75, 0]);
  const same = linearWeights(5, 5);
  assertEquals([...same.lower], [0, 1, 2, 3, 4]);
  assertEquals(same.upper, same.lower);
  assert(same.weight.every((value) => value === 0));
});
