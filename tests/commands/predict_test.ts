import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { findBundle } from "../../lib/workbench/prediction/find_bundle.ts";
import { predict } from "../../lib/commands/predict.ts";
import { readNifti } from "../../lib/imaging/nifti/read_nifti.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";
import { tinyRun, writeOddScan } from "../support/commands/tiny_run.ts";
import { codeOf } from "../../lib/terminal/exit_with.ts";
import { typed } from "../../lib/setup/typed.ts";
import { withOutput } from "../support/commands/with_output.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function inScene(
  test: (scene: { run: string; scan: string; out: string; folder: string }) => Promise<void>,
) {
  await inTempFolder(async (folder) => {
    const { result: run } = await withOutput(() => tinyRun(join(folder, "results")));
    await Deno.mkdir(join(folder, "scans"));
    const scan = join(folder, "scans", "odd.nii.gz");
    await writeOddScan(scan);
    await test({ run, scan, out: join(folder, "out"), folder });
  });
}

Deno.test("predict writes label maps onto the scans' own grids, with their codes and names of organs", () =>
  inScene(async ({ run, out, scan, folder }) => {
    const other = join(folder, "other.nii");
    await writeOddScan(other, { shape: [4, 12, 5] });
    const before = tf.memory().numTensors;
    const { result, text } = await withOutput(() =>
      predict(["--run", run, join(folder, "scans"), other, "--out", out])
    );
    assertEquals(result, 0, text);
    assertEquals(tf.memory().numTensors, before);
    assertEquals(names(out), ["odd.nii.gz", "organs.ctbl", "organs.label.txt", "other.nii"]);
    for (const [path, name] of [[scan, "odd.nii.gz"], [other, "other.nii"]]) {
      const [image, labels] = [await readNifti(path), await readNifti(join(out, name))];
      assertEquals(labels.shape, image.shape);
      assertEquals(labels.affine, image.affine);
      assertEquals([labels.header.sformCode, labels.header.qformCode, labels.header.datatype], [
        4,
        2,
        "uint8",
      ]);
      labels.header.quaternion.forEach((q, i) => assertAlmostEquals(q, image.header.quaternion[i], 1e-6));
      assert(new Set(labels.data).size > 1, "an untrained network says more than one thing");
      assert(labels.data.every((value) => value <= 2));
    }
    const snap = await Deno.readTextFile(join(out, "organs.label.txt"));
    assert(/^ +1 +0 +114 +178 .*"Liver"$/m.test(snap) && /^ +2 +213 +94 +0 .*"Spleen"$/m.test(snap), snap);
    assert(text.includes(join(out, "odd.nii.gz")), text);
  }));

Deno.test("a tiny budget changes nothing; best is the model of the highest score, mean is another", () =>
  inScene(async ({ run, scan, folder }) => {
    const results = new Map<string, string>();
    for (const extra of ["", "--byte-budget 0.001", "--inference best", "--inference mean"]) {
      const out = join(folder, extra.replaceAll(" ", "_") || "plain");
      const args = ["--run", run, scan, "--out", out, ...extra ? extra.split(" ") : []];
      assertEquals((await withOutput(() => predict(args))).result, 0);
      results.set(extra, String((await readNifti(join(out, "odd.nii.gz"))).data));
    }
    assertEquals(results.get("--byte-budget 0.001"), results.get(""));
    assertEquals(results.get("--inference best"), results.get(""));
    assert(results.get("--inference mean") !== results.get(""));
  }));

Deno.test("all problems of the inputs are said at once, and nothing is written", () =>
  inScene(async ({ run, scan, out, folder }) => {
    await Deno.writeTextFile(join(folder, "text.nii"), "no scan");
    await writeOddScan(join(folder, "nan.nii"), { nan: 3 });
    await Deno.mkdir(join(folder, "empty"));
    await Deno.mkdir(join(folder, "twin"));
    await writeOddScan(join(folder, "twin", "odd.nii.gz"));
    const inputs = ["text.nii", "nan.nii", "empty", "missing.nii.gz", join("twin", "odd.nii.gz")].map((
      name,
    ) => join(folder, name));
    const error = await assertRejects(() => predict(["--run", run, scan, ...inputs, "--out", out]), Error);
    for (
      const words of [
        `text.nii)`,
        "1 of 378 are not",
        "no file of the folder ends in .nii",
        "there is no such file",
        "odd.nii.gz would be written for each of",
      ]
    ) assert(error.message.includes(words), `${words}: ${error.message}`);
    assertEquals(error.message.split("\n").length, 6);
    assertEquals(await Deno.stat(out).catch(() => "nothing"), "nothing");
    const name = join(folder, "label.nii.gz");
    await assertRejects(
      () => predict(["--run", run, scan, "--out", name]),
      Error,
      "--out must be a folder, its name is a scan's",
    );
    await assertRejects(
      () => predict(["--run", run, scan, "--out", scan]),
      Error,
      "there is a file of that name",
    );
  }));

Deno.test("scans are never overwritten, label maps only when asked", () =>
  inScene(async ({ run, scan, out, folder }) => {
    const args = ["--run", run, scan, "--out"];
    const bytes = await Deno.readFile(scan);
    await Deno.symlink(join(folder, "scans"), join(folder, "link"));
    for (const same of [join(folder, "scans"), join(folder, "link")]) {
      for (const extra of [[], ["--overwrite"]]) {
        await assertRejects(() => predict([...args, same, ...extra]), Error, "is a scan to segment");
      }
    }
    assertEquals(await Deno.readFile(scan), bytes);
    assertEquals(names(join(folder, "scans")), ["odd.nii.gz"]);
    await withOutput(() => predict([...args, out]));
    await assertRejects(() => predict([...args, out]), Error, "--overwrite replaces label maps");
    assertEquals((await withOutput(() => predict([...args, out, "--overwrite"]))).result, 0);
  }));

Deno.test("a run without weights says what makes them", () =>
  inScene(async ({ scan, out, folder }) => {
    const results = join(folder, "bare");
    const asked = (run: string) => predict(["--run", run, scan, "--out", out]);
    const { result: bare } = await withOutput(() => tinyRun(results, { weights: false }));
    const error = await assertRejects(
      () => asked(bare),
      Error,
      "the run has no weights; git does not keep them",
    );
    assert(error.message.includes(`type: ${typed("run mutual ")}`), error.message);
    assert(error.message.includes("--set seed=2"), error.message);
    const { result: broken } = await withOutput(() => tinyRun(results, { weights: false, finished: false }));
    await assertRejects(
      () => asked(broken),
      Error,
      `it is not finished, and goes on with: ${typed("run mutual")}`,
    );
    await assertRejects(() => asked(broken.replace(".partial", "")), Error, "an unfinished run lies in");
    await assertRejects(
      () => asked(folder),
      Error,
      "must be a folder such as results/phantom/mutual/default/v001",
    );
  }));

Deno.test("an unfinished run's models are used and named so; merged models leave no choice of inference", () =>
  inScene(async ({ scan, out, folder }) => {
    const make = (options: Parameters<typeof tinyRun>[1]) =>
      withOutput(() => tinyRun(join(folder, "more"), options)).then(({ result }) => result);
    const merged = await make({ inference: "merged", finished: false });
    const args = ["--run", merged, scan, "--out", out];
    await assertRejects(
      () => predict([...args, "--inference", "mean"]),
      Error,
      "--inference must be left out",
    );
    const { result, text } = await withOutput(() => predict(args));
    assertEquals(result, 0);
    assert(text.includes("has not finished, its status is failed"), text);
  }));

Deno.test("predict called wrongly exits 2; stopped, 130", () =>
  inScene(async ({ run, scan, out }) => {
    const wrong = [[], ["--run", run, scan], [scan, "--out", out], ["--run", run, "--out", out]];
    for (const extra of [["--inference", "worst"], ["--byte-budget", "0"], ["--byte-budget", "much"]]) {
      wrong.push(["--run", run, scan, "--out", out, ...extra]);
    }
    for (const args of wrong) {
      assertEquals((await withOutput(() => codeOf(predict, args))).result, 2, String(args));
    }
    assertEquals(
      (await withOutput(() => predict(["--help"]))).result,
      0,
    );
    const stopped = await withOutput(() =>
      predict(["--run", run, scan, "--out", out], { signal: AbortSignal.abort(new Error("Ctrl-C")) })
    );
    assertEquals([stopped.result, await Deno.stat(out).catch(() => "nothing")], [130, "nothing"]);
  }));

Deno.test("a run's models are found by its folder and by its name in the results; else the nearest is named", () =>
  inScene(async ({ run, folder }) => {
    const results = join(folder, "results");
    const name = run.slice(results.length + 1);
    const wanted = { folder: join(run, "weights") };
    assertEquals(await findBundle(run, { results }), wanted);
    assertEquals(await findBundle(name, { results }), wanted);
    await assertRejects(
      () => findBundle(name.replace("v001", "v002"), { results }),
      Error,
      `did you mean ${name}?`,
    );
  }));
