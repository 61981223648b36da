import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Preprocessing } from "../../lib/data/preprocessing.ts";
import { createRandom, integer } from "../../lib/data/random.ts";
import type { Scan } from "../../lib/imaging/load_scan.ts";
import { axisCodes } from "../../lib/imaging/orientation.ts";
import type { Affine, Shape, Spacing } from "../../lib/imaging/volume.ts";
import { segmentScan } from "../../lib/inference/segment_scan.ts";
import { oneHotPredictor, opinionatedPredictor } from "../support/training/fake_predictor.ts";

/** Intensities reach the network as they are. */
const preprocessing = (spacingMm: Spacing): Preprocessing => ({
  spacingMm,
  intensity: { scheme: "ct", clipHu: [-1000, 1000], mean: 0, std: 1 },
});

const SHAPE: Shape = [5, 7, 6];
const SPACING: Spacing = [3, 1, 2];

/** RAS+, turned by 0.2 about z and then 0.1 about x. */
function baseAffine(): Affine {
  const [c, s, d, t] = [Math.cos(0.2), Math.sin(0.2), Math.cos(0.1), Math.sin(0.1)];
  const rotation: [number, number, number][] = [[c, -s, 0], [d * s, d * c, -t], [t * s, t * c, d]];
  const [z, y, x] = SPACING;
  return [...rotation.map((row, i) => [row[0] * x, row[1] * y, row[2] * z, 10 * i - 20]), [0, 0, 0, 1]];
}

function scanOf(data: Float32Array, shape: Shape, affine: Affine): Scan {
  return { data, shape, affine, path: "scan.nii", notes: [] };
}

function baseScan(): Scan {
  const random = createRandom("scan");
  const data = Float32Array.from({ length: 5 * 7 * 6 }, () => integer(random, [0, 3]));
  return scanOf(data, SHAPE, baseAffine());
}

type Axis = 0 | 1 | 2;

interface Order {
  /** New axis a (x, y, z) runs along the old axis `axes[a]`. */
  axes: readonly [Axis, Axis, Axis];
  flips: boolean[];
}

function allOrders(): Order[] {
  const permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;
  return permutations.flatMap((axes) =>
    Array.from({ length: 8 }, (_, bits) => ({ axes, flips: [0, 1, 2].map((axis) => !!(bits >> axis & 1)) }))
  );
}

/** Reads [x, y, z] of the old grid for each voxel of the new one; written apart from the library's way. */
function reorder<T extends Uint8Array | Float32Array>(data: T, shape: Shape, { axes, flips }: Order) {
  const old = [shape[2], shape[1], shape[0]] as const;
  const size = [old[axes[0]], old[axes[1]], old[axes[2]]] as const;
  const result = data.slice();
  let to = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++) {
        const place: [number, number, number] = [0, 0, 0], voxel = [x, y, z] as const;
        for (const a of [0, 1, 2] as const) place[axes[a]] = flips[a] ? size[a] - 1 - voxel[a] : voxel[a];
        result[to++] = data[(place[2] * old[1] + place[1]) * old[0] + place[0]]!;
      }
    }
  }
  return { data: result as T, shape: [size[2], size[1], size[0]] as Shape };
}

function reorderScan(scan: Scan, order: Order): Scan {
  const { data, shape } = reorder(scan.data as Float32Array, scan.shape, order);
  const size = shape.toReversed();
  const affine = scan.affine.map((row) => {
    const columns = order.axes.map((axis, a) => order.flips[a] ? -row[axis]! : row[axis]!);
    const offset = order.axes.reduce(
      (sum, axis, a) => sum + (order.flips[a] ? row[axis]! * (size[a]! - 1) : 0),
      row[3]!,
    );
    return [...columns, offset];
  });
  return scanOf(data, shape, affine);
}

Deno.test("labels lie where the intensities do, for all 48 orders of the axes", async () => {
  const base = baseScan();
  const options = {
    predictor: oneHotPredictor(4),
    preprocessing: preprocessing(SPACING),
    window: [4, 4, 4] as Shape,
  };
  const codes = new Set<string>();
  for (const order of allOrders()) {
    const scan = reorderScan(base, order);
    codes.add(axisCodes(scan.affine));
    const { data, shape, affine } = await segmentScan(scan, options);
    assertEquals([...data], [...scan.data], JSON.stringify(order));
    assertEquals([shape, affine], [scan.shape, scan.affine]);
  }
  assertEquals(codes.size, 48);
});

Deno.test("the segmentation of a reoriented scan is the reoriented segmentation", async () => {
  const base = baseScan();
  const options = {
    predictor: opinionatedPredictor(4),
    preprocessing: preprocessing([2, 1.5, 1.5]),
    window: [4, 4, 4] as Shape,
  };
  const expected = await segmentScan(base, options);
  assert(new Set(expected.data).size === 4);
  for (const order of allOrders()) {
    const { data } = await segmentScan(reorderScan(base, order), options);
    assertEquals(data, reorder(expected.data, SHAPE, order).data, JSON.stringify(order));
  }
});

Deno.test("the same components are taken away, however a scan's axes lie", async () => {
  const data = new Float32Array(5 * 7 * 6);
  // Rows of voxels along x: organ 1 has 3 and 1, organ 2 has 2 and 1; a voxel has 6 mm³.
  for (const [voxel, code] of [[0, 1], [1, 1], [2, 1], [5, 1], [120, 2], [121, 2], [125, 2]] as const) {
    data[voxel] = code;
  }
  const base = scanOf(data, SHAPE, baseAffine());
  const wanted = data.map((code, voxel) => voxel === 5 || voxel === 125 ? 0 : code);
  for (const order of allOrders()) {
    const labels = await segmentScan(reorderScan(base, order), {
      predictor: oneHotPredictor(4),
      preprocessing: preprocessing(SPACING),
      window: [4, 4, 4],
      postprocessing: [{ organ: 1, largest: true, minimumMm3: 0 }, {
        organ: 2,
        largest: false,
        minimumMm3: 11.9,
      }],
    });
    assertEquals([...labels.data], [...reorder(wanted, SHAPE, order).data], JSON.stringify(order));
  }
});

Deno.test("a structure comes back where it was through a finer and a coarser grid", async () => {
  const shape: Shape = [12, 12, 12];
  const inside = (v: number) => [v % 12, Math.floor(v / 12) % 12, Math.floor(v / 144)] as const;
  const data = Float32Array.from({ length: 1728 }, (_, v) => {
    const [x, y, z] = inside(v);
    return +(x >= 6 && y >= 2 && y < 8 && z < 6);
  });
  const affine = [[-2, 0, 0, 5], [0, 0, 2, -9], [0, -2, 0, 4], [0, 0, 0, 1]];
  const scan = scanOf(data, shape, affine);
  // The network's probabilities are the image's own: ½ lies where the edges are.
  const soft = {
    classes: 2,
    predict: (window: Parameters<ReturnType<typeof oneHotPredictor>["predict"]>[0]) =>
      window.neg().add(1).concat(window, 4) as never,
  };
  for (const spacing of [[1, 1, 1], [2, 2, 2], [4, 2, 2], [2, 4, 1], [1, 2, 4]] as Spacing[]) {
    const options = { predictor: soft, preprocessing: preprocessing(spacing), window: [8, 8, 8] as Shape };
    const { data: labels } = await segmentScan(scan, options);
    assertEquals([...labels], [...data], `${spacing} mm`);
  }
});

Deno.test("a scan with a voxel that is not finite is refused by name", async () => {
  const scan = baseScan();
  scan.data[17] = NaN;
  const options = {
    predictor: oneHotPredictor(4),
    preprocessing: preprocessing(SPACING),
    window: [4, 4, 4] as Shape,
  };
  await assertRejects(() => segmentScan(scan, options), RangeError, "1 of 210 are not (scan.nii)");
});
