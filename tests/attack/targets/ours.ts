/** Readers of what we write ourselves. */
import { join } from "@std/path";
import { canonicalJson } from "../../../lib/files/content_hash.ts";
import { filesBelow } from "../../../lib/files/folder_contents.ts";
import { bytesHash } from "../../../lib/files/seal.ts";
import { readStoredImage, readStoredLabels } from "../../../lib/data/store/store.ts";
import { preprocessCase } from "../../../lib/data/store/preprocess.ts";
import { storedPrint } from "../../../lib/data/store/stored_print.ts";
import { loadBundle, saveBundle } from "../../../lib/models/bundle.ts";
import { loadTensors, saveTensors } from "../../../lib/models/checkpoint.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { weightsHash } from "../../../lib/models/weights.ts";
import { readHistory, readMetrics, readPseudoLabels } from "../../../lib/runs/folder/read_run.ts";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { openRun } from "../../../lib/runs/open_run.ts";
import { readFinished } from "../../../lib/runs/stages/finished_stage.ts";
import { jsonStorage } from "../../../lib/runs/stages/json_storage.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { tinyBundle, tinyForm } from "../../support/models/tiny_bundle.ts";
import { fakeOptions, fakeTraining } from "../../support/runs/fake_training.ts";
import { tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import type { Form } from "../mutations.ts";
import type { Target } from "../target.ts";

const formOf = (path: string): Form => /\.(json|csv|ipynb)$|\/state$/.test(path) ? "text" : "bytes";

async function filesIn(folder: string): Promise<{ path: string; form: Form }[]> {
  const paths = (await Array.fromAsync(filesBelow(folder))).filter((path) => !path.endsWith("lock")).sort();
  return paths.map((path) => ({ path, form: formOf(path) }));
}

const digest = (value: unknown) => bytesHash(canonicalJson(value));

async function finishedRun(folder: string) {
  const run = await openRun("mutual", { cohort: "toy", seed: 1 }, fakeOptions(folder));
  await run.writePseudoLabels([]);
  await fakeTraining(run);
  return run;
}

export const ours: Target[] = [
  {
    name: "checkpoint",
    owes: "ours",
    async prepare(folder) {
      const path = join(folder, "a.safetensors");
      const tensors = { one: tf.tensor2d([[1, 2], [3, 4]]), two: tf.tensor1d([5, 6], "int32") };
      await saveTensors(path, { tensors, meta: { step: 3, name: "a" } });
      tf.dispose(tensors);
      return {
        files: [{ path, form: "bytes" }],
        async read() {
          const { tensors, meta } = await loadTensors(path);
          const told = Object.entries(tensors).map((
            [name, tensor],
          ) => [name, tensor.shape, tensor.dtype, [...tensor.dataSync()]]);
          tf.dispose(tensors);
          return digest([told, meta]);
        },
      };
    },
  },
  {
    name: "bundle",
    owes: "ours",
    async prepare(folder) {
      const model = createUnet({ ...tinyForm, classes: 3, seed: 1 });
      await saveBundle(folder, tinyBundle([{ name: "net", organs: [1, 2], validationDice: 0.5, model }]));
      model.dispose();
      return {
        files: await filesIn(folder),
        async read() {
          const { models, ...rest } = await loadBundle(folder);
          const told = models.map(({ model, ...about }) => {
            const hash = weightsHash(model);
            model.dispose();
            return [about, hash];
          });
          return digest([told, rest]);
        },
      };
    },
  },
  {
    name: "run and its tables",
    owes: "ours",
    async prepare(folder) {
      const run = await finishedRun(folder), place = { folder: run.folder };
      return {
        files: await filesIn(run.folder),
        read: async () =>
          digest([
            await readRunRecord(run.folder),
            await readMetrics(place),
            await readHistory(place),
            await readPseudoLabels(place),
          ]),
      };
    },
  },
  {
    name: "finished stage",
    owes: "ours",
    async prepare(folder) {
      await finishedRun(folder);
      const root = join(folder, "toy/stages");
      const name = (await Array.fromAsync(Deno.readDir(root))).filter(({ isDirectory }) => isDirectory).map((
        { name },
      ) => name).sort()[0]!;
      const stage = join(root, name);
      return {
        files: await filesIn(stage),
        async read() {
          const found = await readFinished(stage, jsonStorage);
          if (!found) throw new Error(`It is not finished (${stage})`);
          return digest([found.record, found.history, found.state.meta]);
        },
      };
    },
  },
  {
    name: "stored case",
    owes: "remade",
    async prepare(folder) {
      const data = await writeDecathlon(join(folder, "data"), tinyCases(1)), store = join(folder, "store");
      const studyCase = {
        id: "case_1",
        dataset: "a",
        subject: "case_1",
        image: join(data, "imagesTr/case_1.nii.gz"),
        label: join(data, "labelsTr/case_1.nii.gz"),
        labelSet: [1, 2],
        values: { 1: 1, 2: 2 },
        declared: [0, 1, 2],
      };
      const preprocessing = {
        spacingMm: [2, 2, 2] as [number, number, number],
        intensity: { scheme: "mr" as const },
      };
      const stored = () => preprocessCase(studyCase, { preprocessing, folder: store });
      await stored();
      return {
        files: await filesIn(store),
        async read() {
          const one = await stored();
          const [image, labels] = [await readStoredImage(one), await readStoredLabels(one)];
          return digest([one.shape, one.locations, one.labelSet, [...image], [...labels]]);
        },
      };
    },
  },
  {
    name: "scan's print",
    owes: "remade",
    async prepare(folder) {
      const data = await writeDecathlon(join(folder, "data"), tinyCases(1)), store = join(folder, "store");
      const read = async () =>
        digest(await storedPrint(join(data, "imagesTr/case_1.nii.gz"), { folder: store }));
      await read();
      return { files: await filesIn(store), read };
    },
  },
];
