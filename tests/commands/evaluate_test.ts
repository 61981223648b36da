import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { armWarnings, readArms } from "../../lib/comparison/arms.ts";
import { evaluatePredictions } from "../../lib/commands/evaluate.ts";
import type { Affine, Shape } from "../../lib/imaging/volume.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import { listRuns } from "../../lib/runs/folder/list_runs.ts";
import { readMetrics } from "../../lib/runs/folder/read_run.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";
import { codeOf } from "../../lib/terminal/exit_with.ts";
import { withOutput } from "../support/commands/with_output.ts";

const diagonal = (edge: number): Affine => [[edge, 0, 0, 0], [0, edge, 0, 0], [0, 0, edge, 0], [0, 0, 0, 1]];

/** As tiny_dataset writes label maps: 4×4×4 voxels of 2 mm, of which the first have these values. */
async function writeMap(path: string, first: number[], { shape = [4, 4, 4] as Shape, edge = 2 } = {}) {
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  data.set(first);
  await writeNifti(path, { data, shape, affine: diagonal(edge) });
}

interface Scene {
  cohort: string;
  predictions: string;
  results: string;
  run: (...extra: string[]) => Promise<{ result: number; text: string }>;
}

/** Test cases case_41 (1 is Liver, 2 Spleen) and case_42 of the folder `full`. */
async function inScene(test: (scene: Scene) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    await writeDecathlon(join(folder, "one"), tinyCases(20, 1));
    await writeDecathlon(join(folder, "two"), tinyCases(20, 21));
    await writeDecathlon(join(folder, "full"), tinyCases(2, 41));
    const json = tinyCohort((json) => json.organs[1].aliases = ["Milz"]);
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
    const [cohort, predictions, results] = ["tiny.json", "predictions", "results"].map((n) =>
      join(folder, n)
    );
    await Deno.writeTextFile(cohort, JSON.stringify(json));
    await Deno.mkdir(predictions);
    const run = (...extra: string[]) =>
      withOutput(() =>
        evaluatePredictions([predictions, "--cohort", cohort, "--name", "nnunet", ...extra], { results })
      );
    await test({ cohort, predictions, results, run });
  });
}

Deno.test("evaluate scores somebody's predictions into a run folder", () =>
  inScene(async ({ predictions, results, run }) => {
    await writeMap(join(predictions, "case_41.nii.gz"), [1, 2]);
    await writeMap(join(predictions, "case_42.nii"), [1, 0, 0, 1]);
    const { result, text } = await run();
    assertEquals(result, 0, text);
    assert(
      /Liver[^\n]*0\.833/.test(text) && text.includes(`${results}/tiny/nnunet/default/v001/metrics.csv`),
      text,
    );
    const found = (await listRuns("tiny", { results }))[0]!;
    assertEquals([found.name, found.record.cases], ["tiny/nnunet/default/v001", {
      test: ["case_41", "case_42"],
    }]);
    assert(/^[0-9a-f]{64}$/.test(found.record.inputs.predictions!));
    const rows = (await readMetrics(found)).map((row) => [row.case, row.organ, row.dice, row.hd95]);
    const far = rows[2]![3] as number;
    assertEquals(rows, [
      ["case_41", "Liver", 1, 0],
      ["case_41", "Spleen", 1, 0],
      // One voxel right, one 6 mm away: 2·1/(1 + 2); the 95th percentile of [0, 6].
      ["case_42", "Liver", 2 / 3, far],
      ["case_42", "Spleen", 0, Infinity],
    ]);
    assert(Math.abs(far - 5.7) < 1e-6, `${far}`);
  }));

Deno.test("with predictions of validation scans stray components are taken away, as of the project's own arms", () =>
  inScene(async ({ predictions, results, run }) => {
    const folder = join(predictions, ".."), validation = join(folder, "validation");
    await Deno.mkdir(validation);
    const cases = (count: number, first: number) =>
      tinyCases(count, first).map((scan) => ({ ...scan, labels: [1, 1, 2] }));
    for (const [name, count, first] of [["one", 20, 1], ["two", 20, 21], ["full", 2, 41]] as const) {
      await Deno.remove(join(folder, name), { recursive: true });
      await writeDecathlon(join(folder, name), cases(count, first));
    }
    // A stray voxel of the liver in the last corner.
    const stray = [1, 1, 2, ...Array(60).fill(0), 1];
    for (const id of ["case_41", "case_42"]) await writeMap(join(predictions, `${id}.nii.gz`), stray);
    const raw = await run();
    assertEquals(raw.result, 0, raw.text);
    await assertRejects(
      () => run("--validation", validation),
      Error,
      "there is no .nii.gz, .nii, .nrrd or .mha file",
    );
    for (let k = 1; k <= 40; k++) await writeMap(join(validation, `case_${k}.nii.gz`), stray);
    const { result, text } = await run("--validation", validation);
    assertEquals(result, 0, text);
    assert(text.includes("Postprocessing: Liver keeps"), text);
    const scores = await Promise.all((await listRuns("tiny", { results })).map(readMetrics));
    const liver = scores.map((rows) => rows.filter(({ organ }) => organ === "Liver").map(({ dice }) => dice));
    assertEquals(liver, [[0.8, 0.8], [1, 1]]); // 2·2 / (3 + 2), and all of it
    const decided = await Deno.readTextFile(join(results, "tiny/nnunet/default/v002/postprocessing.csv"));
    assert(/^Liver,true,/m.test(decided) && /^Spleen,false,/m.test(decided), decided);
  }));

Deno.test("the same predictions are scored once, others become another version", () =>
  inScene(async ({ predictions, results, run }) => {
    for (const id of ["case_41", "case_42"]) await writeMap(join(predictions, `${id}.nii.gz`), [1, 2]);
    const first = await run();
    const again = await run();
    assert(again.text.includes("was finished before") && again.text.includes("1.000"), again.text);
    assertEquals((await listRuns("tiny", { results })).length, 1);
    await writeMap(join(predictions, "case_42.nii.gz"), [1]);
    await run();
    const runs = (await listRuns("tiny", { results })).map(({ name }) => name);
    assertEquals([first.result, again.result, runs.at(-1)], [0, 0, "tiny/nnunet/default/v002"]);
  }));

Deno.test("labels of other names and values, files of nnU-Net's names", () =>
  inScene(async ({ predictions, results, run }) => {
    await writeMap(join(predictions, "case_41_0000.nii.gz"), [7, 3]);
    await writeMap(join(predictions, "case_42.nii.gz"), [7, 3, 5]);
    const labels = join(predictions, "dataset.json");
    const write = (json: unknown) => Deno.writeTextFile(labels, JSON.stringify(json));
    const dices = async () =>
      (await readMetrics((await listRuns("tiny", { results })).at(-1)!)).map((row) => row.dice);
    await write({
      labels: { background: 0, milz: 3, LIVER: 7, Kidney: 5, ignore: 9 },
      file_ending: ".nii.gz",
    });
    const { result, text } = await run("--labels", labels);
    assertEquals([result, await dices()], [0, [1, 1, 1, 1]], text);
    await write({ "3": "Kidney", "5": "Heart", "7": "Liver" });
    const partial = await run("--labels", labels);
    assert(partial.text.includes("Warning: no label is called Spleen"), partial.text);
    assertEquals(await dices(), [1, 0, 1, 0]);
    await write({ Liver: 7, Spleen: 3, Livers: 5 });
    assertEquals(
      (await run("--labels", labels)).result,
      0,
      "near an organ that is there: a label of its own",
    );
    const wrong: [unknown, string][] = [
      [{ Kidney: 1 }, "no label is an organ of the cohort (Liver, Spleen), they are Kidney"],
      [[1, 2], "must be an object of names and values"],
      [{ Liver: [1, 2] }, "regions"],
      [{ Livr: 1, Spleen: 2 }, "1 problem (" + labels + ")\n  - Livr: did you mean Liver?"],
      [{ Livr: 1, Splen: 2, Kidney: 3 }, "  - Livr: did you mean Liver?\n  - Splen: did you mean Spleen?"],
    ];
    for (const [json, message] of wrong) {
      await write(json);
      await assertRejects(() => run("--labels", labels), Error, message);
    }
  }));

Deno.test("folds of a cohort are one arm, whatever was predicted in each; other folds are another", () =>
  inScene(async ({ cohort, predictions, results }) => {
    const folder = await writeDecathlon(join(predictions, "..", "shared"), tinyCases(24));
    const ids = tinyCases(24).map(({ id }) => id);
    const json = tinyCohort((json) => {
      for (const entry of [...json.datasets, ...json.test]) entry.folder = folder;
      for (const [i, dataset] of json.datasets.entries()) {
        dataset.training = ids.slice(10 * i, 10 * i + 6);
        dataset.validation = ids.slice(10 * i + 6, 10 * i + 10);
      }
      json.test[0].cases = ids.slice(20);
    });
    // Each fold has predictions of its own.
    for (const [i, id] of ids.entries()) {
      await writeMap(join(predictions, `${id}.nii.gz`), i % 2 ? [1, 2] : [1, 1]);
    }
    const score = async (part: number) => {
      const args = [predictions, "--cohort", `${cohort}@${part}/3`, "--name", "nnunet"];
      const { result, text } = await withOutput(() => evaluatePredictions(args, { results }));
      assertEquals(result, 0, text);
    };
    await Deno.writeTextFile(cohort, JSON.stringify(json));
    for (const part of [1, 2, 3]) await score(part);
    const [arm, ...others] = await readArms("tiny", { results });
    assertEquals([arm!.name, others], ["nnunet/3_folds", []]);
    assertEquals(armWarnings([arm!]), []);
    assertEquals(arm!.runs.map(({ name, record: { parameters } }) => [name, parameters.cohort]), [
      ["tiny/nnunet/fold_1_of_3/v001", "tiny@1/3"],
      ["tiny/nnunet/fold_2_of_3/v001", "tiny@2/3"],
      ["tiny/nnunet/fold_3_of_3/v001", "tiny@3/3"],
    ]);
    assertEquals(arm!.rows.length, 2 * 24, "each case once");
    await Deno.writeTextFile(cohort, JSON.stringify({ ...json, splitSeed: 2 }));
    await score(1);
    assertEquals((await readArms("tiny", { results })).map(({ runs }) => runs.length).sort(), [1, 3]);
  }));

Deno.test("all problems of the predictions are said at once, and nothing is written", () =>
  inScene(async ({ predictions, results, run }) => {
    const none = await assertRejects(() => run(), Error, "1 problem");
    assert(none.message.includes("wanted are 2, case_41.nii.gz to case_42.nii.gz"), none.message);
    await Deno.writeTextFile(join(predictions, "another.nii.gz"), "");
    const missing = await assertRejects(() => run(), Error, "2 problems");
    assert(missing.message.includes("case case_42: there is no case_42.nii.gz"), missing.message);
    await writeMap(join(predictions, "case_41.nii"), [1, 9, 8]);
    await writeMap(join(predictions, "case_42.nii.gz"), [1, 2], { edge: 3 });
    const odd = await assertRejects(() => run(), Error, "2 problems");
    for (
      const words of ["case case_41: values must be among 0, 1, 2, found 9, 8", "a corner is 5.20 mm away"]
    ) {
      assert(odd.message.includes(words), odd.message);
    }
    await writeMap(join(predictions, "case_42.nii.gz"), [1, 2], { shape: [4, 4, 5] });
    await Deno.writeTextFile(join(predictions, "case_41.nii"), "no scan");
    const broken = await assertRejects(() => run(), Error, "2 problems");
    for (const words of ["case case_41: Cannot read scan", "the prediction must have the image's shape"]) {
      assert(broken.message.includes(words), broken.message);
    }
    await writeMap(join(predictions, "case_41.nii.gz"), [1]);
    await assertRejects(() => run(), Error, "there are both case_41.nii.gz and case_41.nii");
    assertEquals(await Deno.stat(results).catch(() => "nothing"), "nothing");
  }));

Deno.test("evaluate called wrongly exits 2, and takes no name of the project's own", () =>
  inScene(async ({ cohort, predictions }) => {
    const wrong = [[], [predictions], [predictions, "--cohort", cohort], [predictions, "--name", "x"]];
    for (const args of wrong) {
      assertEquals((await withOutput(() => codeOf(evaluatePredictions, args))).result, 2, String(args));
    }
    for (const name of ["mutual", "stages", "tables", "a b", "../up"]) {
      await assertRejects(
        () => evaluatePredictions([predictions, "--cohort", cohort, "--name", name]),
        Error,
        "Cannot evaluate: --name must",
      );
    }
    await assertRejects(
      () => evaluatePredictions(["no_folder", "--cohort", cohort, "--name", "x"]),
      Error,
      "Cannot read predictions",
    );
  }));

Deno.test("evaluate never loads TensorFlow", async () => {
  // Its library could not be loaded without this permission.
  const args = [
    "run",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    "--deny-ffi",
    "lib/commands/evaluate.ts",
    "-h",
  ];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
  assert(success, new TextDecoder().decode(stderr));
});
