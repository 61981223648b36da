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
import { z } from "zod";
import { parseOwnJson } from "../data/own_json.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { Shape } from "../imaging/volume.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { reasonOf } from "../text/error_text.ts";
import { tf } from "../tensors/tf.ts";
import { type Inference, inferences } from "./inference_rule.ts";
import { loadTensors, saveTensors } from "./checkpoint.ts";
import { headPlan, SOFTMAX } from "./heads/head_plan.ts";
import { type OrganRule, postprocessing } from "./postprocessing_rule.ts";
import { predictionPrecision } from "./prediction_precision.ts";
import { createUnet, type Unet } from "./unet.ts";
import type { NetworkForm } from "./unet_options.ts";
import { headNames } from "./unet_weights.ts";
import { restoreWeights, snapshotWeights } from "./weights.ts";

const triple = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.object({
  organs: z.array(z.object({ number: z.number(), name: z.string() })),
  preprocessing: z.object({
    spacingMm: triple,
    intensity: z.discriminatedUnion("scheme", [
      z.object({
        scheme: z.literal("ct"),
        clipHu: z.tuple([z.number(), z.number()]),
        mean: z.number(),
        std: z.number(),
      }),
      z.object({ scheme: z.literal("mr") }),
    ]),
  }),
  window: triple,
  network: z.object({
    widths: z.array(z.number()),
    strides: z.array(triple),
    kernels: z.array(triple).optional(),
    projection: z.number().optional(),
    precision: z.enum(["float32", "bfloat16"]).optional(),
  }),
  inference: z.enum(inferences),
  // Files do not say what is as usual: nothing is taken away.
  postprocessing: postprocessing.optional(),
  models: z.array(z.object({
    name: z.string(),
    organs: z.array(z.number()),
    joint: z.array(z.number()).optional(),
    // Files do not say what is as usual; those older than the other heads name none.
    head: headPlan.default(SOFTMAX),
    prompts: z.int().min(0).default(0),
    decoders: z.union([z.literal(1), z.literal(2)]).default(1),
    // JSON writes -Infinity as null.
    validationDice: z.number().nullable().transform((dice) => dice ?? -Infinity),
  })),
});

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
  for (const { name, model } of models) {
    const { lower } = headNames(model);
    const weights = Object.entries(model.weights).filter(([name]) => !lower.includes(name));
    const tensors = snapshotWeights({ weights: Object.fromEntries(weights) });
    await saveTensors(join(folder, `${name}.safetensors`), { tensors, meta: {} });
    tf.dispose(tensors);
  }
  const listed = models.map(({ model: { head, prompts, decoders }, ...about }) => ({
    ...about,
    head: head.plan,
    ...prompts > 0 && { prompts },
    ...decoders > 1 && { decoders },
  }));
  const { deepSupervision: _, ...network } = rest.network;
  // Last, so that a folder with models.json is whole.
  await writeWholeFile(
    join(folder, "models.json"),
    JSON.stringify({ ...rest, network, models: listed }, null, 1) + "\n",
  );
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
  const path = join(folder, "models.json");
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new Error(`Cannot load models: ${reasonOf(cause)} (${path})`, { cause });
  });
  const parsed = parseOwnJson(text, { schema, path, action: "load models" });
  const { precision } = predictionPrecision(parsed.network.precision);
  const models: BundledModel[] = [];
  for (const { head, prompts, decoders, ...about } of parsed.models) {
    const { tensors } = await loadTensors(join(folder, `${about.name}.safetensors`));
    const classes = about.organs.length + 1;
    const model = createUnet({ classes, head, prompts, decoders, ...parsed.network, precision, seed: 0 });
    restoreWeights(model, tensors);
    tf.dispose(tensors);
    models.push({ ...about, model });
  }
  return { ...parsed, models };
}
