import { assert, assertAlmostEquals, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { axisCodes, fromRas, orientationOf, toRas } from "../../lib/imaging/orientation.ts";
import type { Affine, Shape, Volume } from "../../lib/imaging/volume.ts";

interface OrientationCase {
  affine: number[][];
  axes: number[];
  signs: number[];
  codes: string;
  rasShape: number[];
  rasAffine: number[][];
}

const cases: OrientationCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/imaging/orientation.json", import.meta.url)),
);

/** A 2×3×4 (x, y, z) volume whose voxels are all different. */
function numbered(affine: Affine, shape: Shape = [4, 3, 2]): Volume<Int16Array> {
  const voxels = shape.reduce((product, size) => product * size);
  return { data: Int16Array.from({ length: voxels }, (_, index) => index), shape, affine };
}

function world(affine: Affine, voxel: number[]): number[] {
  return affine.slice(0, 3).map((row) =>
    row[3]! + voxel.reduce((sum, value, axis) => sum + value * row[axis]!, 0)
  );
}

Deno.test("orientationOf finds nibabel's axes for all 48 orders and for oblique affines", () => {
  assertEquals(new Set(cases.map(({ codes }) => codes)).size, 48);
  for (const { affine, axes, signs, codes } of cases) {
    const whole = [...affine, [0, 0, 0, 1]];
    assertEquals(orientationOf(whole).map(({ axis }) => axis), axes, codes);
    assertEquals(orientationOf(whole).map(({ sign }) => sign as number), signs, codes);
    assertEquals(axisCodes(whole), codes);
  }
});

Deno.test("toRas gives nibabel's closest canonical grid", () => {
  for (const { affine, rasShape, rasAffine, codes } of cases) {
    const ras = toRas(numbered([...affine, [0, 0, 0, 1]]));
    assertEquals([...ras.shape].reverse(), rasShape, codes);
    ras.affine.slice(0, 3).forEach((row, i) =>
      row.forEach((v, j) => assertAlmostEquals(v, rasAffine[i]![j], 1e-3))
    );
    assertEquals(axisCodes(ras.affine), "RAS");
  }
});

Deno.test("toRas moves no voxel in the world", () => {
  for (const { affine } of cases) {
    const volume = numbered([...affine, [0, 0, 0, 1]]);
    const ras = toRas(volume);
    const [depth, height, width] = ras.shape;
    for (let z = 0, i = 0; z < depth; z++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i++) {
          const index = ras.data[i]!;
          const voxel = [index % 2, Math.floor(index / 2) % 3, Math.floor(index / 6)];
          world(ras.affine, [x, y, z]).forEach((value, axis) =>
            assertAlmostEquals(value, world(volume.affine, voxel)[axis], 1e-9)
          );
        }
      }
    }
  }
});

Deno.test("fromRas undoes toRas exactly", () => {
  for (const { affine, codes } of cases) {
    const volume = numbered([...affine, [0, 0, 0, 1]]);
    assertEquals(fromRas(toRas(volume), volume), volume, codes);
  }
});

Deno.test("toRas leaves a RAS volume as it is", () => {
  const volume = numbered([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
  assertStrictEquals(toRas(volume), volume);
});

Deno.test("ties of exactly 45 degrees fall to the first axis on any scale", () => {
  const h = Math.SQRT1_2;
  for (const scale of [0.3, 1, 7.1]) {
    const affine = [[h, -h, 0, 0], [h, h, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]].map((row) =>
      row.map((v) => v * scale)
    );
    assertEquals(axisCodes(affine), "RAS");
  }
});

Deno.test("orientation refuses flat affines and foreign grids by name", () => {
  const flat = [[1, 2, 0, 0], [1, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  assertThrows(() => toRas(numbered(flat)), Error, "Cannot orient volume: affine must be invertible");
  const { affine } = cases.find(({ codes }) => codes === "SAR")!;
  const error = assertThrows(
    () => fromRas(numbered([...affine, [0, 0, 0, 1]], [4, 3, 2]), numbered([...affine, [0, 0, 0, 1]])),
    Error,
  );
  assert(error.message.includes("shape must be"), error.message);
});
