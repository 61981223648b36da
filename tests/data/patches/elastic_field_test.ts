import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { DEFAULT_AUGMENTATION, NO_AUGMENTATION } from "../../../lib/data/patches/augment_options.ts";
import {
  applySpatialTransform,
  IDENTITY,
  type Matrix3,
  sourceRegion,
} from "../../../lib/data/patches/augment_spatial.ts";
import { drawElasticField, type ElasticField, elasticRows } from "../../../lib/data/patches/elastic_field.ts";
import { type BatchOptions, makeBatch } from "../../../lib/data/patches/make_batch.ts";
import { createRandom } from "../../../lib/data/random.ts";
import { type Region, voxelCount } from "../../../lib/data/region.ts";
import { AXES, eachAxis } from "../../../lib/imaging/each_axis.ts";
import type { Shape, Spacing } from "../../../lib/imaging/volume.ts";
import { inTemporaryFolder, makeStoredCase } from "../../support/data/store/stored_cases.ts";

const PATCH: Shape = [7, 9, 11];
const SPACING: Spacing = [3, 1, 2];
const OBLIQUE: Matrix3 = [0.98, 0.1, -0.05, -0.11, 0.97, 0.2, 0.07, -0.19, 0.96];

interface Drawn {
  key?: number;
  spacing?: Spacing;
  patch?: Shape;
  transform?: Matrix3;
  apart?: number;
  std?: number;
}

function fieldOf(
  { key = 1, spacing = SPACING, patch = PATCH, transform = IDENTITY, apart = 8, std = 1.5 }: Drawn,
): ElasticField {
  const elastic = { elastic: 1, elasticSpacingMm: apart, elasticMm: [std, std] as const };
  const augmentation = { ...NO_AUGMENTATION, ...elastic };
  return drawElasticField(createRandom("field", key), { augmentation, spacing, patch, transform })!;
}

/** The field with other displacements of its control points, in voxels. */
function displaced(field: ElasticField, displacement: (point: Shape, axis: number) => number): ElasticField {
  const control = field.control.map((_, i) => {
    const point = Math.floor(i / 3), [, height, width] = field.grid;
    const at: Shape = [
      Math.floor(point / (height * width)),
      Math.floor(point / width) % height,
      point % width,
    ];
    return displacement(at, i % 3);
  });
  const reach = eachAxis((axis) =>
    Math.max(...control.filter((_, i) => i % 3 === axis).map((value) => Math.abs(value)))
  );
  return { ...field, control, reach };
}

/** [depth, height, width, axis] */
function allOf(field: ElasticField, [depth, height, width]: Shape): Float64Array {
  const rows = elasticRows(field), all = new Float64Array(3 * depth * height * width);
  for (let i = 0; i < depth; i++) {
    for (let j = 0; j < height; j++) all.set(rows(i, j), 3 * (i * height + j) * width);
  }
  return all;
}

/** The cubic B-spline, by its definition: the fourth difference of cubes. */
const cubicSpline = (t: number) =>
  [1, -4, 6, -4, 1].reduce((sum, factor, k) => sum + factor * Math.max(0, t + 2 - k) ** 3, 0) / 6;

Deno.test("a field is the sum of all control points, each by three B-splines", () => {
  const field = fieldOf({}), { grid, control } = field, rows = elasticRows(field);
  // 8 mm apart: of 18, 8 and 20 mm.
  assertEquals(grid, [6, 5, 6]);
  // Out of order, too: rows remember planes.
  for (const [i, j] of [[0, 0], [6, 8], [3, 5], [3, 1], [0, 2]] as const) {
    const row = rows(i, j);
    for (const k of [0, 3, 4, 10]) {
      const sums = [0, 0, 0];
      const place = [i, j, k].map((voxel, axis) => voxel * SPACING[axis]! / 8);
      for (let point = 0; point < voxelCount(grid); point++) {
        const at = [
          Math.floor(point / (grid[1] * grid[2])),
          Math.floor(point / grid[2]) % grid[1],
          point % grid[2],
        ];
        // The first control point lies a distance before the patch.
        const weight = AXES.reduce<number>((w, axis) => w * cubicSpline(place[axis]! - at[axis]! + 1), 1);
        for (const axis of AXES) sums[axis]! += weight * control[3 * point + axis]!;
      }
      for (const axis of AXES) assertAlmostEquals(row[3 * k + axis]!, sums[axis]!, 1e-12);
    }
  }
});

Deno.test("one control point by hand: 2/3 at itself, 23/48 half-way, 1/6 at its neighbours, 1/48 beyond", () => {
  const field = fieldOf({ spacing: [4, 4, 4], patch: [1, 1, 9] });
  // In the row of voxels the middle of the control points next to it.
  const lone = displaced(field, ([z, y, x], axis) => z === 1 && y === 1 && x === 3 && axis === 2 ? 1 : 0);
  const shifts = elasticRows(lone)(0, 0).filter((_, i) => i % 3 === 2);
  const along = [0, 1 / 48, 1 / 6, 23 / 48, 2 / 3, 23 / 48, 1 / 6, 1 / 48, 0];
  shifts.forEach((shift, k) => assertAlmostEquals(shift, along[k]! * (2 / 3) ** 2, 1e-12));
});

Deno.test("what is read: the displaced voxel turned and scaled, image and codes alike", () => {
  const patch: Region = { start: [6, 7, 9], shape: PATCH };
  const still = fieldOf({ transform: IDENTITY }), moved = fieldOf({ transform: OBLIQUE });
  const region = sourceRegion(patch, OBLIQUE, { field: moved });
  const image = new Float32Array(voxelCount(region.shape)), labels = new Uint8Array(image.length);
  const [depth, height, width] = region.shape;
  for (let z = 0, v = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, v++) {
        const at = [z + region.start[0], y + region.start[1], x + region.start[2]] as const;
        image[v] = 100 * at[0] + 10 * at[1] + at[2];
        labels[v] = 1 + (at[0] >= 9 ? 1 : 0) + (at[1] >= 11 ? 2 : 0) + (at[2] >= 14 ? 4 : 0);
      }
    }
  }
  const cut = applySpatialTransform({ image, labels }, OBLIQUE, { patch, region, field: moved });
  const shifts = allOf(still, PATCH), centre = [9, 11, 14] as const;
  let v = 0;
  for (let z = 0; z < 7; z++) {
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 11; x++, v++) {
        const offset = [z - 3, y - 4, x - 5].map((value, axis) => value + shifts[3 * v + axis]!);
        const at = eachAxis((row) =>
          offset.reduce((sum, value, column) => sum + OBLIQUE[3 * row + column]! * value, centre[row])
        );
        // Trilinear interpolation is exact for a linear image.
        assertAlmostEquals(cut.image[v]!, 100 * at[0] + 10 * at[1] + at[2], 2e-3);
        if (at.some((value) => Math.abs(value % 1 - 0.5) < 1e-4)) continue;
        const [zs, ys, xs] = eachAxis((axis) => Math.round(at[axis]));
        assertEquals(cut.labels[v], 1 + (zs >= 9 ? 1 : 0) + (ys >= 11 ? 2 : 0) + (xs >= 14 ? 4 : 0));
      }
    }
  }
});

Deno.test("displacements are in mm, of the wanted deviation, and at most 0.4 of the control points' distance", () => {
  const all = Array.from({ length: 40 }, (_, key) => fieldOf({ key, apart: 8, std: 1 }));
  for (const axis of AXES) {
    const mm = all.flatMap(({ control }) => [...control].filter((_, i) => i % 3 === axis))
      .map((voxels) => voxels * SPACING[axis]);
    const std = Math.hypot(...mm) / Math.sqrt(mm.length);
    assertAlmostEquals(std, 1, 0.03);
    assert(Math.max(...mm) > 2 && Math.max(...mm) <= 3.2 + 1e-6);
    const far = fieldOf({ apart: 8, std: 100 });
    const farthest = [...far.control].filter((_, i) => i % 3 === axis).map((v) =>
      Math.abs(v) * SPACING[axis]
    );
    assertAlmostEquals(Math.max(...farthest), 3.2, 1e-6);
    assertAlmostEquals(far.reach[axis] * SPACING[axis], 3.2, 1e-6);
  }
});

/** The smallest determinant of voxel-to-voxel differences, where voxels are much closer than control points. */
function smallestDeterminant(field: ElasticField, patch: Shape): number {
  const shifts = allOf(field, patch), [depth, height, width] = patch;
  const steps = [height * width, width, 1];
  let smallest = Infinity;
  for (let z = 0; z < depth - 1; z++) {
    for (let y = 0; y < height - 1; y++) {
      for (let x = 0; x < width - 1; x++) {
        const v = (z * height + y) * width + x;
        const [a, b, c, d, e, f, g, h, i] = AXES.flatMap((row) =>
          AXES.map((column) =>
            (row === column ? 1 : 0) + shifts[3 * (v + steps[column]!) + row]! - shifts[3 * v + row]!
          )
        ) as unknown as Matrix3;
        smallest = Math.min(smallest, a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
      }
    }
  }
  return smallest;
}

/**
 * Choi and Lee's worst case: all components of each control point's displacement against the derivative of its B-splines along the
 * diagonal, so that at `place` (in distances of control points) the diagonal shrinks most.
 */
function againstDiagonal(field: ElasticField, place: number, far: number): ElasticField {
  const product = (at: Shape, moved: number) =>
    AXES.reduce<number>((w, axis) => w * cubicSpline(place + moved - at[axis] + 1), 1);
  return displaced(field, (at) => product(at, 1e-4) > product(at, -1e-4) ? -far : far);
}

Deno.test("nothing folds at the bound, in the worst of all directions, where a little farther it would", () => {
  const patch: Shape = [24, 24, 24], apart = 80;
  const field = fieldOf({ spacing: [1, 1, 1], patch, apart, std: 1e6 });
  const bound = Math.max(...field.reach);
  assertAlmostEquals(bound / apart, 0.4, 1e-6);
  const worst = (far: number) => smallestDeterminant(againstDiagonal(field, 0.16, far), patch);
  assert(worst(bound) > 0);
  assert(worst(0.41 * apart) < 0);
  for (let key = 0; key < 20; key++) {
    const squeezed = fieldOf({ key, spacing: [1, 1, 1], patch, apart: 6, std: 1e6 });
    assert(smallestDeterminant(squeezed, patch) > 0);
  }
});

Deno.test("so much more of the scan is read as the farthest control point goes, and it is enough", () => {
  const patch: Region = { start: [0, 0, 0], shape: PATCH };
  const field = fieldOf({ std: 100 });
  const plain = sourceRegion(patch, IDENTITY), region = sourceRegion(patch, IDENTITY, { field });
  // 3.2 mm in voxels of 3, 1 and 2 mm: 1.07, 3.2 and 1.6 voxels, on both sides.
  assertEquals(plain.start, [-1, -1, -1]);
  assertEquals(region.start, [-2, -4, -2]);
  assertEquals(region.shape, [11, 17, 15]);
  for (const direction of [-1, 1]) {
    const all = displaced(field, (_, axis) => direction * 3.2 / SPACING[axis]!);
    const image = new Float32Array(voxelCount(region.shape)), labels = new Uint8Array(image.length).fill(1);
    const cut = applySpatialTransform({ image, labels }, IDENTITY, { patch, region, field: all });
    // Past the end there would be no number, and no code.
    assert(cut.image.every((value) => value === 0) && cut.labels.every((code) => code === 1));
    const [z, y, x] = elasticRows(all)(0, 0);
    [z, y, x].forEach((shift, axis) => assertAlmostEquals(shift!, direction * 3.2 / SPACING[axis]!, 1e-6));
  }
});

Deno.test("a field moves no other number of a patch: of no displacement the bits are those without", () =>
  inTemporaryFolder(async (folder) => {
    const one = await makeStoredCase(folder, "one", {
      shape: [20, 24, 28],
      labels: (voxel) => (voxel >> 4) % 3,
      labelSet: [1, 2],
    });
    const options = (augmentation: BatchOptions["augmentation"]): BatchOptions => ({
      seed: 1,
      stream: "a",
      patch: [8, 12, 10],
      batchSize: 2,
      shownOrgans: [1, 2],
      spacing: SPACING,
      mirrorPairs: [[1, 2]],
      augmentation: { rotation: 0.5, scale: 0.5, noise: 0.5, gamma: 0.5, mirror: 0.5, ...augmentation },
    });
    for (let step = 0; step < 8; step++) {
      const of = (augmentation: BatchOptions["augmentation"]) =>
        makeBatch([one], step, options(augmentation));
      const without = await of({}), bent = await of({ elastic: 1, elasticSpacingMm: 12 });
      assertEquals(await of({ elastic: 0, elasticMm: [4, 4] }), without);
      assertEquals(await of({ elastic: 1, elasticMm: [0, 0] }), without);
      assert(bent.images.some((value, v) => value !== without.images[v]));
      assertEquals(bent, await of({ elastic: 1, elasticSpacingMm: 12 }));
      assertEquals([bent.labelSets, bent.cases], [without.labelSets, without.cases]);
    }
  }));

Deno.test("usual augmentation has no elastic deformation, and half of the patches have one where half are to", () => {
  const drawn = (elastic: number) =>
    Array.from({ length: 200 }, (_, key) =>
      drawElasticField(createRandom(key), {
        spacing: SPACING,
        patch: PATCH,
        transform: IDENTITY,
        augmentation: { ...DEFAULT_AUGMENTATION, elastic },
      })).filter((field) => field).length;
  assertEquals([DEFAULT_AUGMENTATION.elastic, drawn(0), drawn(1)], [0, 0, 200]);
  assert(Math.abs(drawn(0.5) - 100) < 25);
});
