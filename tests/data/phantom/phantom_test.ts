import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { makePhantom } from "../../../lib/data/phantom/phantom.ts";
import { drawAnatomy, PHANTOM_LABELS } from "../../../lib/data/phantom/phantom_anatomy.ts";
import { scanAnatomy } from "../../../lib/data/phantom/phantom_scan.ts";
import { SCANNERS } from "../../../lib/data/phantom/phantom_scanner.ts";
import { ellipsoid, tube, union, without } from "../../../lib/data/phantom/phantom_shapes.ts";
import { createRandom } from "../../../lib/data/random.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { axisCodes } from "../../../lib/imaging/orientation.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";

Deno.test("distances to the shapes' surfaces, by hand", () => {
  const ball = ellipsoid([1, 0, 0], { radii: [2, 2, 2] });
  const pipe = tube([[0, 0, 0], [10, 0, 0]], { radii: [1, 3] });
  const cases: [string, number, number][] = [
    ["ball's centre", ball.distance(1, 0, 0), -2],
    ["ball's surface", ball.distance(3, 0, 0), 0],
    ["1 outside the ball", ball.distance(1, 3, 0), 1],
    ["pipe's axis in the middle", pipe.distance(5, 0, 0), -2],
    ["beyond the pipe's end", pipe.distance(14, 0, 0), 1],
    ["ball without ball", without(ball, ellipsoid([1, 0, 0], { radii: [1, 1, 1] })).distance(1, 0, 0), 1],
    [
      "far apart, a union is the nearer",
      union(ball, ellipsoid([50, 0, 0], { radii: [1, 1, 1] }), 4).distance(3, 0, 0),
      0,
    ],
  ];
  for (const [what, found, wanted] of cases) {
    assert(Math.abs(found - wanted) < 1e-9, `${what}: ${found}`);
  }
});

Deno.test("a turned ellipsoid fits its box", () => {
  const { low, high, distance } = ellipsoid([0, 0, 0], { radii: [30, 10, 5], axial: Math.PI / 2 });
  // A quarter turn about z: the long axis lies along y.
  high.forEach((reach, axis) => assert(Math.abs(reach - [10, 30, 5][axis]!) < 1e-9));
  low.forEach((reach, axis) => assert(Math.abs(reach + [10, 30, 5][axis]!) < 1e-9));
  assert(Math.abs(distance(0, 30, 0)) < 1e-9);
});

const CODES = ["RAS", "LPS", "RIA"];
for (const [index, scanner] of SCANNERS.entries()) {
  const codes = CODES[index];
  Deno.test(`scanner ${scanner.name} (${codes}): every organ is there, at its HU, and scans are alike only by seed`, () => {
    const scan = (seed: number) => {
      const random = createRandom(seed);
      return scanAnatomy(drawAnatomy(random), { scanner, random });
    };
    const { image, labels } = scan(1);
    assertEquals(axisCodes(image.affine), codes);
    assertEquals(image.affine, labels.affine);
    for (const [organ, value] of Object.entries(PHANTOM_LABELS)) {
      const inside = [...image.data].filter((_, voxel) => labels.data[voxel] === value).sort((a, b) => a - b);
      assert(inside.length > 60, `${organ} has ${inside.length} voxels`);
      const middle = inside[Math.floor(inside.length / 2)]!;
      const hu = scanner.tissueHu[organ as keyof typeof PHANTOM_LABELS];
      assert(Math.abs(middle - hu) < 60, `${organ}: ${middle} HU, wanted about ${hu}`);
    }
    assertEquals(scan(1).image.data, image.data);
    assert(String(scan(2).labels.data) !== String(labels.data));
  });
}

Deno.test("left and right: the liver is on the right, the spleen on the left, whatever the file's axes", () => {
  for (const scanner of SCANNERS) {
    const random = createRandom(3);
    const { labels: { data, shape, affine } } = scanAnatomy(drawAnatomy(random), { scanner, random });
    const toX = affine[0]!;
    const meanX = (value: number) => {
      let [sum, count] = [0, 0];
      data.forEach((label, voxel) => {
        if (label !== value) return;
        const [i, j, k] = [
          voxel % shape[2],
          Math.floor(voxel / shape[2]) % shape[1],
          Math.floor(voxel / shape[2] / shape[1]),
        ];
        sum += toX[0]! * i + toX[1]! * j + toX[2]! * k + toX[3]!;
        count++;
      });
      return sum / count;
    };
    assert(meanX(PHANTOM_LABELS.Liver) > 20 && meanX(PHANTOM_LABELS.Spleen) < -50, scanner.name);
    assert(meanX(PHANTOM_LABELS.RightKidney) > 30 && meanX(PHANTOM_LABELS.LeftKidney) < -30, scanner.name);
  }
});

async function fileHashes(folder: string): Promise<string[]> {
  const hashes: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) hashes.push(...await fileHashes(path));
    else {
      const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
      hashes.push(`${name} ${new Uint8Array(digest).toHex()}`);
    }
  }
  return hashes.sort();
}

Deno.test("makePhantom: whole, readable, equal for equal seeds, once when two start", () =>
  inTempFolder(async (folder) => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await makePhantom(one, { seed: 5 });
    await Promise.all([makePhantom(two, { seed: 5 }), makePhantom(two, { seed: 5 })]);
    assertEquals(await fileHashes(one), await fileHashes(two));
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["one", "two"]);
    for (const name of ["a", "b", "c", "test"]) {
      const { cases, labels } = await readDataset(join(one, name));
      assertEquals(labels.size, 7);
      const { shape } = await loadScan(cases[0]!.image);
      assert(shape.every((size) => size >= 24 && size <= 64), `${shape}`);
    }
  }));
