import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { contentHash } from "../../../lib/files/content_hash.ts";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { makePhantom } from "../../../lib/data/phantom/phantom.ts";
import { drawAnatomy, PHANTOM_LABELS } from "../../../lib/data/phantom/phantom_anatomy.ts";
import { scannerFleet } from "../../../lib/data/phantom/phantom_fleet.ts";
import {
  phantomName,
  type PhantomOptions,
  phantomSettings,
} from "../../../lib/data/phantom/phantom_options.ts";
import { scanAnatomy } from "../../../lib/data/phantom/phantom_scan.ts";
import { type Scanner, SCANNERS } from "../../../lib/data/phantom/phantom_scanner.ts";
import { createRandom } from "../../../lib/data/random.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";

const fleetOf = (options: Omit<PhantomOptions, "seed">) =>
  scannerFleet(phantomSettings({ seed: 1, ...options }));

function scan(scanner: Scanner, seed = 1) {
  const random = createRandom(seed);
  return scanAnatomy(drawAnatomy(random), { scanner, random });
}

Deno.test("without options the scanners are the phantom's own, to the last bit, and so is the folder's name", () => {
  for (
    const options of [{}, {
      scannerDifference: 1,
      scanners: 3,
      fieldsOfView: "whole",
      voxelScale: 1,
    }] as const
  ) {
    assertEquals(fleetOf(options), { training: [...SCANNERS], test: [...SCANNERS] });
  }
  assertEquals(phantomName({ seed: 7 }, 1), "phantom_v1_seed_7");
  assertEquals(
    phantomName({ seed: 7, scans: 12, fieldsOfView: "whole", voxelScale: undefined }, 1),
    "phantom_v1_seed_7",
  );
});

Deno.test("every option that is not the default has its own folder", () => {
  const chosen: Omit<PhantomOptions, "seed">[] = [
    { scans: 4 },
    { validationScans: 4 },
    { testScans: 4 },
    { scanners: 2 },
    { scannerDifference: 2 },
    { scannerDifference: 0 },
    { fieldsOfView: "partial" },
    { voxelScale: 1.5 },
  ];
  const names = [{}, ...chosen].map((options) => phantomName({ seed: 7, ...options }, 1));
  assertEquals(new Set(names).size, names.length);
  assertEquals(names[1], "phantom_v1_seed_7_scans_4");
});

Deno.test("a whole scan of the default phantom is what it always was", async () => {
  const { image, labels } = scan(SCANNERS[1]);
  const hash = await contentHash([[...image.data], [...labels.data], image.shape, image.affine]);
  assertEquals(hash.slice(0, 12), "7c36028b56e7");
});

Deno.test("scanners' difference: by hand, from their mean", () => {
  // Liver 112, 82, 92: mean 95 1/3; of the first two 97.
  const cases: [options: Parameters<typeof fleetOf>[0], liver: number[]][] = [
    [{ scannerDifference: 0 }, [286 / 3, 286 / 3, 286 / 3]],
    [{ scannerDifference: 2 }, [112 + 50 / 3, 82 - 40 / 3, 92 - 10 / 3]],
    [{ scannerDifference: 2, scanners: 2 }, [127, 67]],
    [{ scannerDifference: 0.5, scanners: 2 }, [104.5, 89.5]],
  ];
  for (const [options, liver] of cases) {
    const { training } = fleetOf(options);
    assertEquals(training.length, liver.length);
    training.forEach(({ tissueHu }, index) => assert(Math.abs(tissueHu.Liver - liver[index]!) < 1e-9));
  }
  const { training: [a, b, c] } = fleetOf({ scannerDifference: 2 });
  const near = (found: number, wanted: number) => assert(Math.abs(found - wanted) < 1e-9, `${found}`);
  near(a!.noiseHu, 16 - 22 / 3);
  near(b!.gain, 1.16);
  near(c!.gain, 0.84);
});

Deno.test("with a difference of 0 scanners are alike in all but voxels and directions", () => {
  const { training: [first, ...others] } = fleetOf({ scannerDifference: 0 });
  for (const { tissueHu, gain, noiseHu } of others) {
    assertEquals({ tissueHu, gain, noiseHu }, {
      tissueHu: first!.tissueHu,
      gain: first!.gain,
      noiseHu: first!.noiseHu,
    });
  }
  assertEquals(others.map(({ voxelMm }) => voxelMm), SCANNERS.slice(1).map(({ voxelMm }) => voxelMm));
});

Deno.test("the largest difference that a cohort may have leaves every scanner its noise", () => {
  for (const scanners of [2, 3] as const) {
    for (const { noiseHu, gain } of fleetOf({ scannerDifference: 3, scanners }).training) {
      assert(noiseHu > 0 && gain > 0, `${noiseHu} ${gain}`);
    }
  }
});

/** Lowest and highest point of a scan's voxels, mm. */
function heights({ shape, affine }: ReturnType<typeof scan>["image"]): [number, number] {
  const row = affine[2]!;
  const ends = [0, 1].flatMap((i) =>
    [0, 1].flatMap((j) =>
      [0, 1].map((k) => {
        return row[0]! * i * (shape[2] - 1) + row[1]! * j * (shape[1] - 1) + row[2]! * k * (shape[0] - 1) +
          row[3]!;
      })
    )
  );
  return [Math.min(...ends), Math.max(...ends)];
}

const voxelsOf = ({ labels }: ReturnType<typeof scan>, organ: keyof typeof PHANTOM_LABELS) =>
  labels.data.filter((value) => value === PHANTOM_LABELS[organ]).length;

Deno.test("partial fields of view: upper, middle, lower part, each overlapping its neighbours; organs are cut or gone", () => {
  const { training, test } = fleetOf({ fieldsOfView: "partial", scannerDifference: 0 });
  assertEquals(training.map(({ field }) => field!.map((share) => Math.round(share * 10) / 10)), [
    [0.4, 1],
    [0.2, 0.8],
    [0, 0.6],
  ]);
  assertEquals(test, fleetOf({ scannerDifference: 0 }).test, "test scans are whole");
  const [upper, middle, lower] = training.map((scanner) => scan(scanner)) as [Scan, Scan, Scan];
  const whole = scan(test[0]!);
  const [a, b, c] = [upper, middle, lower].map(({ image }) => heights(image)) as [Range, Range, Range];
  assert(c[0] < b[0] && b[0] < a[0] && a[0] < c[1] && c[1] < b[1] && b[1] < a[1], `${a} ${b} ${c}`);
  assert(upper.image.data.length < 0.65 * whole.image.data.length);
  // The body is the same: what the upper part has of an organ is what the whole scan has of it there, at most.
  assert(voxelsOf(upper, "Liver") > 0.8 * voxelsOf(whole, "Liver"));
  assert(voxelsOf(lower, "Liver") < 0.5 * voxelsOf(whole, "Liver"), "the liver is cut");
  assert(voxelsOf(upper, "RightKidney") < 0.6 * voxelsOf(whole, "RightKidney"), "the kidney is cut");
  assert(voxelsOf(lower, "Spleen") < 0.2 * voxelsOf(whole, "Spleen"), "the spleen is gone, or nearly");
});

type Scan = ReturnType<typeof scan>;
type Range = [number, number];

Deno.test("two scanners see the upper and the lower part", () => {
  const { training } = fleetOf({ fieldsOfView: "partial", scanners: 2 });
  assertEquals(training.map(({ name, field }) => [name, ...field!]), [["a", 0.4, 1], ["b", 0, 0.6]]);
});

Deno.test("coarser voxels: as many fewer along each axis", () => {
  const [fine, coarse] = [scan(SCANNERS[0]), scan(fleetOf({ voxelScale: 2 }).training[0]!)];
  fine.image.shape.forEach((size, axis) => assert(Math.abs(coarse.image.shape[axis]! - size / 2) <= 1));
  const share = voxelsOf(coarse, "Liver") * 8 / voxelsOf(fine, "Liver");
  assert(share > 0.9 && share < 1.1, `${share}`);
});

async function filesOf(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) { for (const [file, text] of await filesOf(path)) files.set(`${name}/${file}`, text); }
    else files.set(name, (await Deno.readFile(path)).toHex());
  }
  return files;
}

Deno.test("makePhantom with options: numbers of scans, splits, equal files for equal options, test scans whatever the fields", () =>
  inTempFolder(async (folder) => {
    const options = {
      seed: 5,
      scans: 2,
      validationScans: 1,
      testScans: 3,
      scanners: 2,
      voxelScale: 2,
    } as const;
    const folders = ["one", "two", "partial"].map((name) => join(folder, name)) as [string, string, string];
    await makePhantom(folders[0], options);
    await makePhantom(folders[1], options);
    await makePhantom(folders[2], { ...options, fieldsOfView: "partial" });
    const [one, two, partial] = await Promise.all(folders.map(filesOf)) as [Files, Files, Files];
    assertEquals(one, two);
    const same = [...one].filter(([name, content]) => partial.get(name) === content).map(([name]) => name);
    assertEquals(
      same.filter((name) => name.endsWith(".gz")).sort(),
      [...one.keys()].filter((name) => /^test.*gz$/.test(name)).sort(),
    );
    assertEquals([...Deno.readDirSync(folders[0])].map(({ name }) => name).sort(), ["a", "b", "test"]);
    for (const [name, count] of [["a", 3], ["b", 3], ["test", 3]] as const) {
      assertEquals((await readDataset(join(folders[0], name))).cases.length, count);
    }
    const { splits } = JSON.parse(await Deno.readTextFile(join(folders[0], "b", "dataset.json")));
    assertEquals(splits, { train: ["b_01", "b_02"], validation: ["b_03"] });
    const affines = await Promise.all(["test_01", "test_02", "test_03"].map(async (id) => {
      return (await loadScan(join(folders[0], "test", "imagesTr", `${id}.nii.gz`))).affine[0]![0]! > 0;
    }));
    assertEquals(affines, [true, false, true], "scanners in turn");
    assertNotEquals(one.get("a/imagesTr/a_01.nii.gz"), one.get("a/imagesTr/a_02.nii.gz"));
  }));

type Files = Map<string, string>;
