/**
 * The networks of a run in a folder, for programs that know ONNX.
 *
 *     <name>.onnx   each network
 *     model.json    what to do around them: preprocessing, windows, how networks combine, decision, postprocessing
 *
 * @module
 */
import { join } from "@std/path";
import { bytesHash } from "../../files/seal.ts";
import { writeJson, writeWholeFile } from "../../files/whole_file.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";
import {
  type BundleFile,
  type ListedModel,
  readBundleFile,
  requireListed,
  weightsPath,
} from "../../models/bundle_file.ts";
import { bestOf, requireAllOrgans, requireOwners } from "../../models/inference_rule.ts";
import { onnxModel } from "../../models/onnx/onnx_model.ts";
import { readSafetensors } from "../../models/safetensors.ts";
import { describeDeployment, type ExportedModel } from "./describe_deployment.ts";

export interface WriteOnnxOptions {
  /** Folder to be made. */
  out: string;
  /** Of the run, as `phantom/mutual/default/v001`. */
  run: string;
  /** All networks, those that do not predict too. @default false */
  all?: boolean | undefined;
}

/**
 * Writes the networks of a bundle, whole or not at all.
 *
 * @param bundleFolder see models/bundle.ts
 * @returns names of the files, model.json last
 * @throws Error when the bundle is damaged, its networks cannot predict together, or there is something at `out`
 */
export async function writeOnnx(
  bundleFolder: string,
  { out, run, all = false }: WriteOnnxOptions,
): Promise<string[]> {
  if (await exists(out)) {
    throw new Error(
      `Cannot export onnx: --out must be a folder that is not there yet, current value is there (${out})`,
    );
  }
  const bundle = await readBundleFile(bundleFolder);
  const predicting = predictingModels(bundle, bundleFolder).map(({ name }) => name);
  const wanted = all ? bundle.models : bundle.models.filter(({ name }) => predicting.includes(name));
  const exported: ExportedModel[] = [];
  await writeWholeFolder(out, async (temporary) => {
    // One after the other: weights of all need not fit into memory.
    for (const model of wanted) exported.push(await writeModel(temporary, { bundle, bundleFolder, model }));
    await writeJson(join(temporary, "model.json"), describeDeployment({ bundle, exported, predicting, run }));
  });
  return [...exported.map(({ file }) => file), "model.json"];
}

function predictingModels(bundle: BundleFile, folder: string): ListedModel[] {
  const { models, inference, organs } = bundle, best = bestOf(models);
  if (!best) {
    throw new Error(`Cannot export onnx: there must be at least one model, current number is 0 (${folder})`);
  }
  if (inference === "merged") requireOwners(models, organs.length);
  else requireAllOrgans(models, { inference, organCount: organs.length });
  return inference === "best" ? [best] : models;
}

async function writeModel(
  folder: string,
  { bundle: { network }, bundleFolder, model }: {
    bundle: BundleFile;
    bundleFolder: string;
    model: ListedModel;
  },
): Promise<ExportedModel> {
  const path = weightsPath(bundleFolder, model);
  const { tensors } = await readSafetensors(path);
  await requireListed(path, model);
  const { bytes, outputs } = onnxModel({ network, model, tensors, path });
  const file = `${model.name}.onnx`;
  await writeWholeFile(join(folder, file), bytes);
  return { model, file, sha256: bytesHash(bytes), outputs };
}
