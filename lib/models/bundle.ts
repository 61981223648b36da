/**
 * Trained models in a folder, with all that a new scan's prediction needs.
 *
 *     models.json          organs, preprocessing, window, rule of inference, postprocessing, and of each model organs, head, prompts
 *                          and decoders
 *     <name>.safetensors   weights of each model
 *
 * @module
 */
import { join } from "@std/path";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { Shape } from "../imaging/volume.ts";
import { fileHash, writeSealed } from "../files/seal.ts";
import { tf } from "../tensors/tf.ts";
import type { Inference } from "./inference_rule.ts";
import { type ListedModel, readBundleFile, requireListed, weightsPath } from "./bundle_file.ts";
import { loadTensors, saveTensors } from "./checkpoint.ts";
import type { OrganRule } from "./postprocessing_rule.ts";
import { predictionPrecision } from "./prediction_precision.ts";
import { createUnet, type Unet } from "./unet.ts";
import type { NetworkForm } from "./unet_options.ts";
import { headNames } from "./unet_weights.ts";
import { restoreWeights, snapshotWeights } from "./weights.ts";

/** A network of a bundle. */
export interface BundledModel {
  /** That of its file: no other network of the bundle has it, it has no "/" and is not empty. */
  name: string;
  model: Unet;
  /** Organs of its channels 1, 2, … */
  organs: readonly number[];
  /** Those of them that it has seen in coarser labels alone. @default none */
  joint?: readonly number[] | undefined;
  /** Mean Dice on the validation cases; -Infinity where these show no organ. */
  validationDice: number;
}

/** Everything a prediction needs. */
export interface Bundle {
  organs: { number: number; name: string }[];
  preprocessing: Preprocessing;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  network: NetworkForm;
  inference: Inference;
  /** What is taken away from predictions by `inference`. @default nothing */
  postprocessing?: readonly OrganRule[] | undefined;
  models: BundledModel[];
}

/**
 * Writes a bundle into a folder, which is made. What training alone has, deep supervision and its heads, is left out.
 *
 * @throws Error before anything is written when two networks have one name, or a name cannot be a file's
 */
export async function saveBundle(folder: string, { models, ...rest }: Bundle): Promise<void> {
  requireFileNames(models);
  await Deno.mkdir(folder, { recursive: true });
  const listed = [];
  for (const { model, ...about } of models) {
    const { head, prompts, decoders } = model, { lower } = headNames(model);
    const weights = Object.entries(model.weights).filter(([name]) => !lower.includes(name));
    const tensors = snapshotWeights({ weights: Object.fromEntries(weights) });
    const path = weightsPath(folder, about);
    await saveTensors(path, { tensors, meta: {} });
    tf.dispose(tensors);
    listed.push({
      ...about,
      head: head.plan,
      ...prompts > 0 && { prompts },
      ...decoders > 1 && { decoders },
      sha256: await fileHash(path),
    });
  }
  const { deepSupervision: _, ...network } = rest.network;
  // Last, so that a folder with models.json is whole.
  await writeSealed(join(folder, "models.json"), { ...rest, network, models: listed });
}

/**
 * Weights are in files that are called after their networks.
 *
 * @throws Error when two networks have one name, or a name cannot be a file's
 */
export function requireFileNames(models: readonly Pick<BundledModel, "name">[]): void {
  const names = models.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(
      `Cannot save models: each must have a name of its own, two are called ${twice}. Where a stage is used twice, give the ` +
        "networks of one of the two other names",
    );
  }
  const odd = names.find((name) => name === "" || name.includes("/") || name.includes("\0"));
  if (odd !== undefined) {
    throw new Error(
      `Cannot save models: a name must be one of a file, without "/" and not empty, current value is ${
        JSON.stringify(odd)
      }`,
    );
  }
}

/**
 * Reads a bundle. The caller disposes the models, which compute in what {@linkcode predictionPrecision} says of theirs.
 *
 * @throws Error with the file when it is missing or damaged
 */
export async function loadBundle(folder: string): Promise<Bundle> {
  const parsed = await readBundleFile(folder);
  const { precision } = predictionPrecision(parsed.network.precision);
  const models: BundledModel[] = [];
  try {
    for (const about of parsed.models) {
      models.push(await loadModel(folder, about, { ...parsed.network, precision }));
    }
  } catch (error) {
    for (const { model } of models) model.dispose();
    throw error;
  }
  return { ...parsed, models };
}

async function loadModel(
  folder: string,
  { head, prompts, decoders, sha256, ...about }: ListedModel,
  network: NetworkForm,
): Promise<BundledModel> {
  const file = weightsPath(folder, about);
  const { tensors } = await loadTensors(file);
  await requireListed(file, { sha256 }).catch((error) => {
    tf.dispose(tensors);
    throw error;
  });
  const classes = about.organs.length + 1;
  const model = createUnet({ classes, head, prompts, decoders, ...network, seed: 0 });
  try {
    restoreWeights(model, tensors);
  } catch (error) {
    model.dispose();
    throw new Error(`Cannot load models: ${(error as Error).message} (${file})`, { cause: error });
  } finally {
    tf.dispose(tensors);
  }
  return { ...about, model };
}
