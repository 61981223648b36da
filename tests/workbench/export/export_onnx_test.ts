import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { exportResults } from "../../../lib/commands/export.ts";
import { fileHash } from "../../../lib/files/seal.ts";
import { decodeOnnx } from "../../../lib/models/onnx/onnx_format.ts";
import { codeOf } from "../../../lib/terminal/exit_with.ts";
import { startTask } from "../../support/commands/tasks.ts";
import { tinyRun, type TinyRunOptions } from "../../support/commands/tiny_run.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** A run, and what exports it into the folder `out`. */
async function inScene(
  options: TinyRunOptions,
  test: (scene: { run: string; out: string; start: (...more: string[]) => Promise<number> }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const { result: run } = await withOutput(() => tinyRun(join(folder, "results"), options));
    const out = join(folder, "out");
    const start = async (...more: string[]) =>
      (await withOutput(() => exportResults(["onnx", run, "--out", out, ...more]))).result;
    await test({ run, out, start });
  });
}

// deno-lint-ignore no-explicit-any -- a foreign program reads it so
const described = (out: string): any => JSON.parse(Deno.readTextFileSync(join(out, "model.json")));

Deno.test("the network that is best on validation is written, with all that a program must do around it", () =>
  inScene({}, async ({ out, start }) => {
    assertEquals(await start(), 0);
    assertEquals(names(out), ["model.json", "two.onnx"]);
    const said = described(out), [file] = said.files;
    assertEquals(said.run, "phantom/mutual/seed_2/v001");
    assertEquals(said.organs, [{ number: 1, name: "Liver" }, { number: 2, name: "Spleen" }]);
    assertEquals([file.channels, file.organs_of_channels], [["background", "Liver", "Spleen"], [0, 1, 2]]);
    assertEquals([file.head, file.outputs, file.validation_dice], ["softmax", ["probabilities"], 0.5]);
    assertEquals(file.sha256, await fileHash(join(out, "two.onnx")));
    assertEquals([said.input.window, said.input.sizes_are_multiples_of], [[8, 8, 8], [2, 2, 2]]);
    assertEquals([said.preprocessing.spacing_mm, said.preprocessing.intensity.scheme], [[2, 2, 2], "mr"]);
    const { size, overlap, weights, sigma_of_size, outside } = said.windows;
    assertEquals({ size, overlap, weights, sigma_of_size, outside }, {
      size: [8, 8, 8],
      overlap: 0.5,
      weights: "gaussian",
      sigma_of_size: 0.125,
      outside: 0,
    });
    assertEquals([said.combination.rule, said.combination.models], ["best", ["two"]]);
    assertEquals([said.decision.output, said.postprocessing], ["probabilities", []]);
    assertEquals(said.precision, { weights: "float32", trained_in: "float32" });
    const { graph } = decodeOnnx(await Deno.readFile(join(out, "two.onnx")));
    assertEquals([graph.input[0]!.name, graph.output[0]!.name], [said.input.name, said.decision.output]);
  }));

Deno.test("all networks where it is asked for; the one that predicts stays the one that is named", () =>
  inScene({}, async ({ out, start }) => {
    assertEquals(await start("--models", "all"), 0);
    assertEquals(names(out), ["model.json", "one.onnx", "two.onnx"]);
    const { files, combination } = described(out);
    // No validation case showed an organ of it.
    assertEquals(files.map((file: { validation_dice: unknown }) => file.validation_dice), [null, 0.5]);
    assertEquals([combination.rule, combination.models], ["best", ["two"]]);
  }));

Deno.test("networks that predict together are all written, with how they do", async () => {
  await inScene({ inference: "mean" }, async ({ out, start }) => {
    assertEquals(await start(), 0);
    assertEquals(described(out).combination.models, ["one", "two"]);
  });
  await inScene({ inference: "merged", precision: "bfloat16" }, async ({ out, start }) => {
    assertEquals(await start(), 0);
    assertEquals(names(out), ["model.json", "one.onnx", "two.onnx"]);
    const { files, combination, decision, precision } = described(out);
    assertEquals(files[1].channels, ["background", "Spleen"]);
    assertEquals(combination.owners, [
      { organ: 1, channels: [{ model: "one", channel: 1 }] },
      { organ: 2, channels: [{ model: "two", channel: 1 }] },
    ]);
    assertEquals(decision.output, "combination");
    assertMatch(precision.note, /^Consilium computes the convolutions in bfloat16/);
  });
});

Deno.test("an unfinished run, one without weights and damaged ones are refused, and nothing is written", async () => {
  await inScene({ finished: false }, async ({ out, start }) => {
    await assertRejects(() => start(), Error, "the run must be finished, its status is failed");
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  });
  await inScene({ weights: false }, async ({ start }) => {
    await assertRejects(() => start(), Error, "Cannot export onnx: the run has no weights");
  });
  await inScene({}, async ({ run, out, start }) => {
    const file = (name: string) => join(run, "weights", name);
    await Deno.copyFile(file("one.safetensors"), file("two.safetensors"));
    await assertRejects(() => start(), Error, "the file is not the one that models.json names");
    await Deno.truncate(file("two.safetensors"), 500);
    await assertRejects(() => start(), Error, "Cannot load tensors");
    await Deno.writeTextFile(file("models.json"), "{");
    await assertRejects(() => start(), Error, "models.json is damaged");
    assertEquals(names(join(out, "..")), ["results"]);
  });
});

Deno.test("a folder that is there stays as it is", () =>
  inScene({}, async ({ out, start }) => {
    await Deno.mkdir(out);
    await assertRejects(() => start(), Error, "--out must be a folder that is not there yet");
    assertEquals(names(out), []);
  }));

Deno.test("called wrongly, it exits 2; a run that is not there is told as `predict` tells it", () =>
  inScene({}, async ({ run, out }) => {
    for (const args of [[], [run], ["--out", out], [run, "--out", out, "--models", "best"]]) {
      const { result } = await withOutput(() => codeOf(exportResults, ["onnx", ...args]));
      assertEquals(result, 2, String(args));
    }
    const missing = run.replace("v001", "v002");
    await assertRejects(
      () => exportResults(["onnx", missing, "--out", out]),
      Error,
      "Cannot export onnx: there is no such run",
    );
  }));

Deno.test("with the rights of the task, which loads no native code, help is told and networks are written", () =>
  inScene({}, async ({ run, out }) => {
    const help = await startTask("export", ["onnx", "--help"]);
    assertEquals([help.code, help.stderr], [0, ""]);
    assert(help.stdout.split("\n").every((line) => [...line].length <= 80), help.stdout);
    const { code, stdout, stderr } = await startTask("export", ["onnx", run, "--out", out]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.trim().split("\n"), [join(out, "two.onnx"), join(out, "model.json")]);
  }));
