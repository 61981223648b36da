import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { alongAxis, type SliceAxis } from "../../../lib/labels/scribbles/slice_axis.ts";
import { scribbleFolder } from "../../../lib/workbench/scribbles/scribble_folder.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const SHAPE: Shape = [6, 20, 24];
/** Slices are thick along y of the file: columns of the affine are x, y, z. */
const AFFINE = [[1, 0, 0, 5], [0, 4, 0, -3], [0, 0, 1, 7], [0, 0, 0, 1]];

/** Two cases with a block of label 2, 3 for what is not annotated, and perhaps another value; one scan without labels. */
async function writeDataset(folder: string, other = 0) {
  for (const name of ["imagesTr", "labelsTr"]) await Deno.mkdir(join(folder, name), { recursive: true });
  const labels = new Uint8Array(6 * 20 * 24);
  labels.forEach((_, i) => {
    const y = Math.floor(i / 24) % 20, x = i % 24;
    if (x > 3 && x < 20) labels[i] = 2;
    if (x === 0) labels[i] = other;
    if (y === 0) labels[i] = 3;
  });
  // deno-lint-ignore no-explicit-any
  const affine = AFFINE as any;
  for (const id of ["a", "b"]) {
    await writeNifti(join(folder, `imagesTr/${id}_0000.nii.gz`), {
      data: new Int16Array(labels.length),
      shape: SHAPE,
      affine,
    });
    await writeNifti(join(folder, `labelsTr/${id}.nii.gz`), { data: labels, shape: SHAPE, affine });
  }
  await writeNifti(join(folder, "imagesTr/c_0000.nii.gz"), {
    data: new Int16Array(labels.length),
    shape: SHAPE,
    affine,
  });
  await Deno.writeTextFile(
    join(folder, "dataset.json"),
    JSON.stringify({
      name: "Toy",
      channel_names: { "0": "CT" },
      labels: { background: 0, Liver: 1, Spleen: 2, ignore: 3 },
      file_ending: ".nii.gz",
      annotated: { a: ["Spleen"] },
      splits: { train: ["a", "c"], validation: ["b"] },
    }),
  );
  return labels;
}

Deno.test("scribbles are a dataset with the same scans, grids, splits and annotations, and with what is not annotated", () =>
  withFolder(async (folder) => {
    const labels = await writeDataset(join(folder, "dense"));
    const out = join(folder, "scribbles");
    const options = { out, seed: 1, length: 1, thickness: 1 };
    const report = await scribbleFolder(join(folder, "dense"), options);
    const { cases, ignored, labels: names, splits } = await readDataset(out);
    assertEquals(cases.map(({ id, annotated }) => [id, annotated]), [["a", ["Spleen"]], ["b", [
      "Liver",
      "Spleen",
    ]]]);
    assertEquals([ignored, [...names], splits], [3, [[1, "Liver"], [2, "Spleen"]], {
      train: ["a"],
      validation: ["b"],
    }]);
    const scan = await loadScan(cases[0]!.label!),
      dense = await loadScan(join(folder, "dense/labelsTr/a.nii.gz"));
    assertEquals([scan.affine, scan.shape], [dense.affine, dense.shape]);
    const counts = { Spleen: 0, background: 0 };
    scan.data.forEach((value, i) => {
      if (value === 3) return;
      assertEquals(value, labels[i]);
      counts[value === 2 ? "Spleen" : "background"]++;
    });
    // The largest spacing is y's: each of its 19 annotated planes [z, x] has a line in the block, and one on either side of it.
    for (let y = 1; y < 20; y++) {
      const drawn = scan.data.filter((value, i) => value === 2 && Math.floor(i / 24) % 20 === y).length;
      assert(drawn > 3 && drawn < 96, `${drawn} pixels at y ${y}`);
    }
    const spleen = report.find(({ label }) => label === "Spleen")!;
    assertEquals(report.map(({ label, voxels }) => [label, voxels]), [["background", 2 * 8 * 19 * 6], [
      "Liver",
      0,
    ], [
      "Spleen",
      2 * 16 * 19 * 6,
    ]]);
    assert(spleen.scribbled > counts.Spleen && spleen.inBand <= spleen.scribbled); // of both cases
    assert((await Deno.readTextFile(cases[0]!.image).catch(() => "binary")) !== "");
    await assertRejects(() => scribbleFolder(join(folder, "dense"), options), Error, "must not be there yet");
  }));

Deno.test("a damaged label map leaves nothing behind", () =>
  withFolder(async (folder) => {
    await writeDataset(join(folder, "dense"));
    await Deno.writeTextFile(join(folder, "dense/labelsTr/b.nii.gz"), "no scan");
    const out = join(folder, "scribbles");
    await assertRejects(() =>
      scribbleFolder(join(folder, "dense"), { out, seed: 1, length: 1, thickness: 1 })
    );
    assertEquals(await exists(out), false);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["dense"]);
  }));

Deno.test("labels that leave no value for what is not annotated, and scans of two endings, are refused", () =>
  withFolder(async (folder) => {
    await writeDataset(join(folder, "dense"));
    const file = join(folder, "dense/dataset.json"), out = join(folder, "scribbles");
    const options = { out, seed: 1, length: 1, thickness: 1 };
    const json = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(
      file,
      JSON.stringify({ ...json, labels: { background: 0, Spleen: 2, Liver: 255 } }),
    );
    await assertRejects(() => scribbleFolder(join(folder, "dense"), options), Error, "the largest is 255");
    const training = [["a_0000.nii.gz", "a"], ["b_0000.nii", "b"]].map(([image, id]) => ({
      image: `imagesTr/${image}`,
      label: `labelsTr/${id}.nii.gz`,
    }));
    await Deno.writeTextFile(file, JSON.stringify({ ...json, annotated: {}, splits: {}, training }));
    await assertRejects(
      () => scribbleFolder(join(folder, "dense"), options),
      Error,
      "all .nii.gz or all .nii",
    );
    assertEquals(await exists(out), false);
  }));

Deno.test("slices across an axis come first and go back where they were", () => {
  const map = Uint8Array.from({ length: 24 }, (_, i) => i), shape: Shape = [2, 3, 4];
  const expected: Record<SliceAxis, [Shape, number[]]> = {
    z: [[2, 3, 4], [0, 1, 2, 3]],
    y: [[3, 2, 4], [0, 1, 2, 3]],
    x: [[4, 2, 3], [0, 4, 8, 12]],
  };
  for (const axis of ["x", "y", "z"] as const) {
    const back = alongAxis(map, { shape, axis }, (slices, turned) => {
      assertEquals([turned, [...slices.slice(0, 4)]], expected[axis]);
      return slices;
    });
    assertEquals(back, map);
  }
});

Deno.test("what is no dense label map of its dataset is refused, and nothing is left", () =>
  withFolder(async (folder) => {
    const options = { seed: 1, length: 1, thickness: 1 }, dense = join(folder, "dense");
    await writeDataset(join(folder, "odd"), 5);
    const undeclared = () => scribbleFolder(join(folder, "odd"), { ...options, out: join(folder, "out") });
    await assertRejects(undeclared, Error, "not declared: 5");
    await writeDataset(dense);
    const inside = () => scribbleFolder(dense, { ...options, out: join(dense, "labelsTr/out") });
    await assertRejects(inside, Error, "must lie outside of the dataset's");
    await scribbleFolder(dense, { ...options, out: join(folder, "once") });
    const twice = () => scribbleFolder(join(folder, "once"), { ...options, out: join(folder, "out") });
    await assertRejects(twice, Error, "labels must be dense");
    const stop = AbortSignal.abort(new Error("enough"));
    const stopped = () => scribbleFolder(dense, { ...options, signal: stop, out: join(folder, "out") });
    await assertRejects(stopped, Error, "enough");
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(left, ["dense", "odd", "once"]);
  }));
