import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import { largestComponent } from "../../../lib/imaging/components.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { readNifti } from "../../../lib/imaging/nifti/read_nifti.ts";
import { predictorOf } from "../../../lib/inference/predictor.ts";
import { segmentScan } from "../../../lib/inference/segment_scan.ts";
import { loadBundle } from "../../../lib/models/bundle.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { readPostprocessing } from "../../../lib/runs/folder/read_run.ts";
import { type PostprocessingRow, postprocessingToCsv } from "../../../lib/runs/tables/postprocessing.ts";
import type { Run } from "../../../lib/runs/open_run.ts";
import type { Parameters } from "../../../lib/runs/notebooks/parameters.ts";
import type { TrainedModel } from "../../../lib/training/train.ts";
import { segmentScans } from "../../../lib/workbench/prediction/segment_scans.ts";
import { evaluate } from "../../../lib/workbench/session/evaluate.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import { type MemoryRecorder, memoryRecorder } from "../../support/training/memory_recorder.ts";
import { assertLeavesNoTensors } from "../../support/training/tiny_learners.ts";
import { loadTiny, runInMemory } from "../../support/workbench/tiny_session.ts";

const shape: [number, number, number] = [8, 8, 8];

interface Scene {
  folder: string;
  study: Awaited<ReturnType<typeof loadTiny>>;
  models: TrainedModel[];
  run(recorder: MemoryRecorder, parameters?: Parameters): Run;
}

/** Noise, and a network that was never trained. Of organ 1 the truth is the largest component of what it finds, of organ 2 all. */
async function inScene(test: (scene: Scene) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const random = createRandom("postprocessing");
    const cases = (count: number, from: number) =>
      tinyCases(count, from).map((one) => ({
        ...one,
        shape,
        intensities: Array.from({ length: 512 }, () => uniform(random, [-1, 1])),
      }));
    const all = { one: cases(4, 1), two: cases(4, 21), full: cases(2, 41) };
    const write = async () => {
      for (const [name, scans] of Object.entries(all)) await writeDecathlon(join(folder, name), scans);
    };
    await write();
    const model = createUnet({ classes: 3, widths: [4, 8], strides: [[2, 2, 2]], seed: 1 });
    const models = [{ name: "net", organs: [1, 2], model, validationDice: 0.5 }] as unknown as TrainedModel[];
    const load = () =>
      loadTiny(folder, (json) => {
        json.datasets.forEach((dataset: Record<string, unknown>, i: number) => {
          const ids = [all.one, all.two][i]!.map(({ id }) => id);
          Object.assign(dataset, { training: ids.slice(0, 2), validation: ids.slice(2) });
        });
      });
    const draft = await load();
    const predictor = predictorOf(models, { inference: "best", organCount: 2 });
    for (const [name, scans] of Object.entries(all)) {
      for (const scan of scans) {
        const image = await loadScan(join(folder, name, "imagesTr", `${scan.id}.nii.gz`));
        const { data } = await segmentScan(image, { ...draft, predictor, window: draft.patch });
        const largest = largestComponent(data.map((code) => +(code === 1)), shape);
        scan.labels = [...data].map((code, voxel) => code === 2 ? 2 : largest[voxel]!);
      }
    }
    await write();
    const study = await load();
    const run = (recorder: MemoryRecorder, parameters: Parameters = { postprocessing: true }) =>
      Object.assign(runInMemory("mutual", { study, recorder, folder }), {
        parameters,
        writePostprocessing: (rows: readonly PostprocessingRow[]) =>
          Deno.writeTextFile(join(folder, "postprocessing.csv"), postprocessingToCsv(rows)),
      });
    await test({ folder, study, models, run });
    model.dispose();
  });
}

const codes = async (path: string) => [...(await readNifti(path)).data];

Deno.test("the largest component is decided on validation, kept with the models, and what predict does to a bare scan", () =>
  inScene(async ({ folder, study, models, run }) => {
    const recorder = memoryRecorder({ folder });
    const { result: rows, text } = await withOutput(() => evaluate(study, run(recorder), models));
    assertEquals(recorder.stages.map(({ name }) => name), ["postprocessing", "test"]);
    const [liver, spleen, ...more] = await readPostprocessing({ folder });
    assertEquals(more, []);
    assertEquals([liver!.organ, liver!.largest, liver!.minimumMm3, liver!.cases], ["Liver", true, 0, 2]);
    assert(liver!.before < liver!.after && liver!.after === 1, JSON.stringify(liver));
    assertEquals(spleen, { organ: "Spleen", largest: false, minimumMm3: 0, cases: 2, before: 1, after: 1 });
    assert(text.includes("Liver keeps the largest component (validation Dice"), text);
    assert(!text.includes("Spleen"), text);
    // All test cases have the truth that the rule makes.
    assertEquals(rows.map(({ dice }) => dice), [1, 1, 1, 1]);

    const rule = { organ: 1, largest: true, minimumMm3: 0 };
    assertEquals(recorder.stages[1]!.inputs.postprocessing, [rule]);
    const bundle = await loadBundle(join(folder, "weights"));
    assertEquals(bundle.postprocessing, [rule]);
    bundle.models.forEach(({ model }) => model.dispose());

    const predict = async (options: { raw?: boolean; inference?: "best" | "mean" } = {}) => {
      const prediction = join(folder, "bare.nii.gz");
      const { text } = await withOutput(() =>
        segmentScans([{ scan: study.test[0]!.image, prediction }], {
          folder: join(folder, "weights"),
          out: join(folder, "out"),
          byteBudget: 2 ** 20,
          ...options,
        })
      );
      return { codes: await codes(prediction), text };
    };
    const stored = await codes(join(folder, "predictions", `${study.test[0]!.id}.nii.gz`));
    const bare = await predict();
    assertEquals(bare.codes, stored);
    assert(bare.text.includes("Note: postprocessing: Liver keeps the largest component"), bare.text);
    const raw = await predict({ raw: true });
    assert(raw.codes.filter((code) => code === 1).length > stored.filter((code) => code === 1).length);
    assert(raw.text.includes("postprocessing is left out, --raw"), raw.text);
    const mean = await predict({ inference: "mean" });
    assertEquals(mean.codes, raw.codes, "one network's mean is itself, and no rule was decided for the mean");
    assert(mean.text.includes("it was decided for --inference best"), mean.text);
  }));

Deno.test("a decision that was stopped goes on with the next case, and is found again", () =>
  inScene(async ({ folder, study, models, run }) => {
    const steps: string[] = [];
    const recorder: MemoryRecorder = memoryRecorder({
      folder,
      onProgress({ stage, step, steps: of }) {
        steps.push(`${stage} ${step} of ${of}`);
        if (steps.length === 3) recorder.stop();
      },
    });
    const score = () => withOutput(() => evaluate(study, run(recorder), models));
    await assertRejects(score, DOMException, "Stopped");
    assertEquals(recorder.stages.map(({ finished }) => finished), [false]);
    recorder.restart();
    const { result } = await score();
    assertEquals(steps.filter((step) => step.startsWith("postprocessing")), [
      ...["0 of 4", "1 of 4", "2 of 4", "2 of 4", "3 of 4", "4 of 4"].map((step) => `postprocessing ${step}`),
    ]);
    const decided = await readPostprocessing({ folder });
    const whole = memoryRecorder({ folder });
    await withOutput(() => evaluate(study, run(whole), models));
    assertEquals(await readPostprocessing({ folder }), decided);
    const before = steps.length;
    assertEquals((await score()).result, result);
    assertEquals(steps.length, before, "nothing is computed anew");
  }));

Deno.test("without the parameter, as in older runs, or with false, predictions stay, and so does the test stage", () =>
  inScene(async ({ folder, study, models, run }) => {
    for (const parameters of [{}, { postprocessing: false }]) {
      const recorder = memoryRecorder({ folder });
      const { result: rows } = await withOutput(() => evaluate(study, run(recorder, parameters), models));
      assertEquals(recorder.stages.map(({ name, inputs }) => [name, "postprocessing" in inputs]), [[
        "test",
        false,
      ]]);
      assert(rows.some(({ organ, dice }) => organ === "Liver" && dice < 1));
      assertEquals(await readPostprocessing({ folder }), []);
      const bundle = await loadBundle(join(folder, "weights"));
      assertEquals(bundle.postprocessing, undefined);
      bundle.models.forEach(({ model }) => model.dispose());
    }
  }));

Deno.test("a decision leaves no tensor", () =>
  inScene(async ({ folder, study, models, run }) => {
    await assertLeavesNoTensors(async () => {
      const recorder = memoryRecorder({ folder });
      await withOutput(() => evaluate(study, run(recorder), models));
      recorder.dispose();
    });
  }));
