import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, relative } from "@std/path";
import { view } from "../../lib/commands/view.ts";
import { readNifti } from "../../lib/imaging/nifti/read_nifti.ts";
import { errorText } from "../../lib/text/error_text.ts";
import { hashesOfCases } from "../../lib/workbench/hashes/case_hash.ts";
import { findStudy } from "../../lib/workbench/load_study.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import type { Affine, Shape } from "../../lib/imaging/volume.ts";
import { openRun } from "../../lib/runs/open_run.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";
import { typed } from "../../lib/setup/typed.ts";
import { withOutput } from "../support/commands/with_output.ts";

interface Scene {
  folder: string;
  results: string;
  /** The run's folder, and its place in the results. */
  run: string;
  name: string;
  /** Folder of the test cases. */
  full: string;
  /** Calls the command with these arguments. */
  show: (...args: string[]) => Promise<{ result: number; text: string }>;
}

/**
 * A run of the tiny cohort with predictions of its test cases: case_41, of which only Liver is annotated though the file
 * has both organs, and case_42.
 */
async function inScene(
  test: (scene: Scene) => Promise<void>,
  options: Pick<TinyRun, "recorded"> = {},
): Promise<void> {
  await inTempFolder(async (folder) => {
    const [full, results, cohort] = ["full", "results", "tiny.json"].map((name) => join(folder, name));
    await writeDecathlon(join(folder, "one"), tinyCases(20, 1));
    await writeDecathlon(join(folder, "two"), tinyCases(20, 21));
    await writeDecathlon(full, tinyCases(2, 41), { annotated: { case_41: ["Liver"] } });
    const json = tinyCohort();
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
    await Deno.writeTextFile(cohort, JSON.stringify(json));
    const { result: run } = await withOutput(() => tinyRun({ results, cohort, ...options }));
    const show = (...args: string[]) => withOutput(() => view(args, { results }));
    await test({ folder, results, run, name: relative(results, run), full, show });
  });
}

interface TinyRun {
  results: string;
  cohort: string;
  /** The run says what its test cases are, as all do that are not old. @default true */
  recorded?: boolean;
}

async function tinyRun({ results, cohort, recorded = true }: TinyRun): Promise<string> {
  const cases = { test: ["case_41", "case_42"] };
  const run = await openRun("mutual", { cohort, seed: 1 }, {
    results,
    cohort: "tiny",
    methodVersion: 1,
    data: { hash: "", cases, ...recorded && { testHashes: await hashesOfCases(await findStudy(cohort)) } },
  });
  const score = { dataset: "full", hd95: 0, assd: 0, nsd: 1 };
  await run.finish([
    { ...score, case: "case_41", organ: "Liver", dice: 0.75 },
    { ...score, case: "case_42", organ: "Liver", dice: 0.25 },
  ]);
  for (const id of cases.test) await predict(run.folder, id, {});
  return run.folder;
}

async function predict(run: string, id: string, { shape = [4, 4, 4] as Shape, edge = 2 }): Promise<void> {
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  data.set([2, 1]);
  const affine: Affine = [[edge, 0, 0, 0], [0, edge, 0, 0], [0, 0, edge, 0], [0, 0, 0, 1]];
  await Deno.mkdir(join(run, "predictions"), { recursive: true });
  await writeNifti(join(run, "predictions", `${id}.nii.gz`), { data, shape, affine });
}

/** What a page holds under a name: the first voxels of a volume; undefined where there is none. */
async function voxels(page: string, name: string, { folder }: Scene): Promise<number[] | undefined> {
  const [, text] = new RegExp(`<script type="text/plain" id="${name}">([^<]*)</script>`).exec(page) ?? [];
  if (!text) return undefined;
  const path = join(folder, `${name}.nii.gz`);
  await Deno.writeFile(path, Uint8Array.fromBase64(text));
  const { data, shape } = await readNifti(path);
  assertEquals(shape, [4, 4, 4]);
  return [...data.slice(0, 4)];
}

Deno.test("view writes a page of scan, prediction and the truth of the organs annotated in the case", () =>
  inScene(async (scene) => {
    const { run, name, folder, show } = scene;
    const other = join(folder, "new folder", "page.html");
    const byFolder = await show(`${run}/`, "case_41");
    const byName = await show(name, "case_42", "--out", other);
    const own = join(run, "predictions", "case_41.html");
    assertEquals([byFolder.result, byName.result], [0, 0], byFolder.text + byName.text);
    assertEquals([byFolder, byName].map(({ text }) => text.split("\n").at(-1)), [own, other]);
    const wanted = [
      { path: own, truth: [1, 0, 0, 0], notes: 1, dice: "0.750" },
      { path: other, truth: [1, 2, 0, 0], notes: 0, dice: "0.250" },
    ];
    for (const { path, truth, notes, dice } of wanted) {
      const page = await Deno.readTextFile(path);
      assertEquals(await voxels(page, "scan", scene), [1, 2, 3, 0]);
      assertEquals(await voxels(page, "truth", scene), truth);
      assertEquals(await voxels(page, "prediction", scene), [2, 1, 0, 0]);
      assertEquals(page.split("<small>not annotated</small>").length - 1, notes);
      assert(page.includes(`<td>${dice}</td>`) && page.includes(`<p>${name}</p>`));
    }
  }));

Deno.test("a case without a label file is shown without a truth", () =>
  inScene(async (scene) => {
    await Deno.remove(join(scene.full, "labelsTr", "case_42.nii.gz"));
    const { result, text } = await scene.show(scene.run, "case_42");
    assertEquals(result, 0, text);
    const page = await Deno.readTextFile(join(scene.run, "predictions", "case_42.html"));
    assertEquals([await voxels(page, "truth", scene), await voxels(page, "prediction", scene)], [
      undefined,
      [2, 1, 0, 0],
    ]);
  }));

Deno.test("a wrong run, a wrong case and none say what there is", () =>
  inScene(async ({ run, name, show, folder }) => {
    const errors: [string[], string][] = [
      [[run], "must be one of case_41, case_42; none is given"],
      [
        [run, "case_1"],
        'the case must be one of case_41, case_42, current value is "case_1": did you mean case_41?',
      ],
      [[folder, "case_41"], "must be a folder such as results/phantom/mutual/default/v001"],
      [["foo", "case_41"], `; there is ${name} (foo)`],
      [[name.slice(0, -5), "case_41"], `; did you mean ${name}? (`],
    ];
    for (const [args, message] of errors) await assertRejects(() => show(...args), Error, message);
    await Deno.rename(run, `${run}.partial`);
    for (const place of [run, name]) {
      await assertRejects(() => show(place, "case_41"), Error, `an unfinished run lies in ${run}.partial`);
    }
    assertEquals((await show()).result, 2);
    await assertRejects(() => show(run, "case_41", "more"), Error, '"more" is one argument too many');
    assertEquals((await show("--help")).result, 0);
  }));

Deno.test("a missing prediction says what makes it", () =>
  inScene(async ({ run, show, full }) => {
    const predictions = join(run, "predictions");
    await Deno.remove(join(predictions, "case_42.nii.gz"));
    const error = await assertRejects(() => show(run, "case_42"), Error, "the run has no prediction of it");
    const advice = `move the folder away and type: ${typed("run mutual ")}`;
    assert(error.message.includes(advice) && error.message.includes("--set cohort="), error.message);
    await Deno.mkdir(join(run, "weights"));
    await Deno.writeTextFile(join(run, "weights", "models.json"), "{}");
    await assertRejects(
      () => show(run, "case_42"),
      Error,
      typed(`predict --run ${run} ${join(full, "imagesTr", "case_42.nii.gz")} --out ${predictions}`),
    );
    assertEquals([...Deno.readDirSync(predictions)].map(({ name }) => name), ["case_41.nii.gz"]);
  }));

Deno.test("a prediction on another grid, and a case that left the cohort, are refused", () =>
  inScene(async ({ run, show, full }) => {
    await predict(run, "case_41", { edge: 3 });
    await assertRejects(() => show(run, "case_41"), Error, "the prediction must lie on the image's grid");
    await predict(run, "case_41", { shape: [4, 4, 5] });
    await assertRejects(() => show(run, "case_41"), Error, "the prediction must have the image's shape");
    await writeDecathlon(full, tinyCases(1, 42));
    await assertRejects(() => show(run, "case_41"), Error, "it is no test case of cohort tiny any more");
  }));

Deno.test("a scan or a truth that changed since the run is not shown under the run's prediction and scores", () =>
  inScene(async ({ run, show, full }) => {
    await writeDecathlon(full, tinyCases(2, 41)); // in case_41 both organs are annotated now
    const message = "Cannot view case_41: the cohort's data changed since the run";
    await assertRejects(() => show(run, "case_41"), Error, message);
    assertEquals((await show(run, "case_42")).result, 0);
    await writeDecathlon(full, [{ id: "case_42", labels: [2, 2] }]);
    await assertRejects(() => show(run, "case_42"), Error, message.replace("41", "42"));
  }));

Deno.test("of an older run, which does not say what its cases were, only the grid is known, and the page says so", () =>
  inScene(async ({ run, name, show }) => {
    assertEquals((await show(run, "case_42")).result, 0);
    const page = await Deno.readTextFile(join(run, "predictions", "case_42.html"));
    assert(
      page.includes(`<p>${name}; the scan was not compared with the run&#39;s</p>`),
      page.slice(0, 2000),
    );
    await predict(run, "case_42", { shape: [4, 4, 5] });
    const error = await assertRejects(() => show(run, "case_42"), Error, "data changed since the run");
    assert(!errorText(error).includes("fault of Consilium"), errorText(error));
  }, { recorded: false }));

Deno.test("view never loads TensorFlow, nor does consilium/results", async () => {
  // Its library could not be loaded without this permission.
  const permissions = ["--allow-read", "--allow-env", "--allow-sys", "--deny-ffi"];
  for (const program of [["lib/commands/view.ts", "-h"], ["lib/notebook/results.ts"]]) {
    const args = ["run", ...permissions, ...program];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
    assert(success, new TextDecoder().decode(stderr));
  }
});
