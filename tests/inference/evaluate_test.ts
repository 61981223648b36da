import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { StudyCase } from "../../lib/data/cohorts/study.ts";
import type { Affine, Shape, Volume } from "../../lib/imaging/volume.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import { evaluateCases, withSubjects } from "../../lib/inference/evaluate.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";

const SHAPE: Shape = [4, 5, 6];
const AFFINE: Affine = [[-1, 0, 0, 3], [0, 2, 0, 0], [0, 0, 3, 7], [0, 0, 0, 1]];
const organs = [1, 2, 3].map((number) => ({ number, name: `organ ${number}`, nsdToleranceMm: 2 }));

/** A map with a block of each value: [value, z, y, x, edge in voxels]. */
function blocks(
  ...list: [value: number, z: number, y: number, x: number, edge: number][]
): Volume<Uint8Array> {
  const data = new Uint8Array(4 * 5 * 6);
  for (const [value, z0, y0, x0, edge] of list) {
    for (let z = z0; z < z0 + edge; z++) {
      for (let y = y0; y < y0 + edge; y++) {
        for (let x = x0; x < x0 + edge; x++) data[(z * 5 + y) * 6 + x] = value;
      }
    }
  }
  return { data, shape: SHAPE, affine: AFFINE };
}

/** In the file organ 1 is 7 and organ 2 is 4; 9 is hidden. */
async function testCase(folder: string, labelSet: number[]): Promise<StudyCase> {
  const label = join(folder, "label.nii.gz");
  await writeNifti(label, blocks([7, 0, 0, 0, 2], [4, 2, 3, 4, 2], [9, 2, 0, 0, 1]));
  const values = Object.fromEntries(
    ([[7, 1], [4, 2]] as const).filter(([, organ]) => labelSet.includes(organ)),
  );
  return {
    id: "case_1",
    dataset: "full",
    subject: "s",
    image: "none.nii",
    label,
    labelSet,
    values,
    declared: [4, 7, 9],
  };
}

const right = () => blocks([1, 0, 0, 0, 2], [2, 2, 3, 4, 2]);

Deno.test("evaluateCases scores each organ of the label set in mm", () =>
  inTempFolder(async (folder) => {
    const test = await testCase(folder, [1, 2, 3]);
    const moved = blocks([1, 1, 0, 0, 2], [2, 2, 3, 4, 2]);
    const progress: number[] = [];
    const scores = await evaluateCases([test, { ...test, id: "case_2" }], {
      organs,
      predict: ({ id }) => Promise.resolve(id === "case_1" ? right() : moved),
      onProgress: (done, total) => progress.push(done, total),
    });
    assertEquals(progress, [1, 2, 2, 2]);
    const rows = scores.map(({ case: id, organ, dice, hd95 }) => [id, organ, dice, hd95]);
    // One voxel along z is 3 mm.
    assertEquals(rows, [
      ["case_1", "organ 1", 1, 0],
      ["case_1", "organ 2", 1, 0],
      ["case_1", "organ 3", NaN, NaN],
      ["case_2", "organ 1", 0.5, 3],
      ["case_2", "organ 2", 1, 0],
      ["case_2", "organ 3", NaN, NaN],
    ]);
  }));

Deno.test("organs that are not annotated are not scored, whatever the prediction says of them", () =>
  inTempFolder(async (folder) => {
    const test = await testCase(folder, [2]);
    const scores = await evaluateCases([test], { organs, predict: () => Promise.resolve(right()) });
    assertEquals(scores.map(({ organ, dice }) => [organ, dice]), [["organ 2", 1]]);
  }));

Deno.test("a prediction on another grid is refused with its case", () =>
  inTempFolder(async (folder) => {
    const test = await testCase(folder, [1]);
    const flipped = AFFINE.map(([x, ...others]) => [-x!, ...others]);
    const wrong: [Volume<Uint8Array>, string][] = [
      [
        { ...right(), shape: [4, 6, 5] },
        "the prediction must have the image's shape [4,5,6], it has [4,6,5]",
      ],
      [
        { ...right(), affine: flipped },
        "the prediction must lie on the image's grid, a corner is 10.00 mm away",
      ],
    ];
    for (const [prediction, message] of wrong) {
      const run = () => evaluateCases([test], { organs, predict: () => Promise.resolve(prediction) });
      const error = await assertRejects(run, Error, `Cannot evaluate case case_1: ${message}`);
      assert(error.message.includes(test.label));
    }
  }));

Deno.test("evaluateCases stops between two cases", () =>
  inTempFolder(async (folder) => {
    const test = await testCase(folder, [1]);
    const stop = new AbortController();
    let predicted = 0;
    const run = evaluateCases([test, test, test], {
      organs,
      signal: stop.signal,
      predict() {
        predicted++;
        stop.abort(new Error("enough"));
        return Promise.resolve(right());
      },
    });
    await assertRejects(() => run, Error, "enough");
    assertEquals(predicted, 1);
  }));

Deno.test("rows say which cases are of one person, by its first case; where all are apart they say nothing", () => {
  const rows = [["1", "full"], ["2", "full"], ["3", "full"], ["1", "more"]].map(([id, dataset]) => ({
    case: id!,
    dataset: dataset!,
    organ: "liver",
    dice: 1,
  }));
  const cases = (subjects: string[]) =>
    rows.map((row, i) => ({ id: row.case, dataset: row.dataset, subject: subjects[i]! }));
  assertEquals(withSubjects(rows, cases(["/scans/a/p1", "/scans/a/p2", "b", "c"])), rows);
  const people = withSubjects(rows, cases(["/scans/a/p1", "/scans/a/p2", "/scans/a/p1", "/scans/a/p2"]));
  assertEquals(people.map(({ subject }) => subject), ["1", "2", "1", "2"]);
});
