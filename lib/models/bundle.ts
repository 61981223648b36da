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
import { AXES } from "../imaging/each_axis.ts";
import type { Shape } from "../imaging/volume.ts";
import { fileHash, writeSealed } from "../files/seal.ts";
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

const finite = z.number();
const size = z.int().min(1).max(4096);
const triple = z.tuple([finite, finite, finite]);
const sizes = z.tuple([size, size, size]);
const organ = z.int().min(1).max(255);

/** Of an organ, which stands in files of label names, a line each. */
const name = z.string().min(1).max(200).regex(
  /^[^\p{Cc}\u2028\u2029]+$/u,
  "must be of one line, without control characters",
);

/** Of a file beside models.json, and in no other folder. */
const fileName = name.regex(/^(?!\.{1,2}$)[^/\\]+$/, "must be the name of a file, without / and \\");

/** Of a window: 512³, more than any network here has memory for. */
const MOST_VOXELS = 2 ** 27;

const schema = z.object({
  organs: z.array(z.object({ number: organ, name })).min(1).refine(
    (organs) => organs.every(({ number }, index) => number === index + 1),
    "must be numbered from 1 on, in their order",
  ).refine(
    (organs) => new Set(organs.map(({ name }) => name)).size === organs.length,
    "must have a name each",
  ),
  preprocessing: z.object({
    spacingMm: triple.refine((spacing) => spacing.every((length) => length > 0), "must be above 0"),
    intensity: z.discriminatedUnion("scheme", [
      z.object({
        scheme: z.literal("ct"),
        clipHu: z.tuple([finite, finite]).refine(([low, high]) => low < high, "must rise"),
        mean: finite,
        std: finite.positive(),
      }),
      z.object({ scheme: z.literal("mr") }),
    ]),
  }),
  window: sizes,
  network: z.object({
    widths: z.array(size).min(1).max(12),
    strides: z.array(sizes),
    kernels: z.array(sizes).optional(),
    projection: size.optional(),
    precision: z.enum(["float32", "bfloat16"]).optional(),
  }),
  inference: z.enum(inferences),
  // Files do not say what is as usual: nothing is taken away.
  postprocessing: postprocessing.optional(),
  models: z.array(z.object({
    name: fileName,
    /** SHA-256 of its file. Bundles of before have none. */
    sha256: z.string().optional(),
    organs: z.array(organ),
    joint: z.array(organ).optional(),
    // Files do not say what is as usual; those older than the other heads name none.
    head: headPlan.default(SOFTMAX),
    prompts: z.int().min(0).default(0),
    decoders: z.union([z.literal(1), z.literal(2)]).default(1),
    // JSON writes -Infinity as null.
    validationDice: z.number().nullable().transform((dice) => dice ?? -Infinity),
  })).refine(
    (models) => new Set(models.map(({ name }) => name)).size === models.length,
    "must have a name each",
  ),
}).superRefine(({ organs, models, window, network: { strides } }, context) => {
  const voxels = window.reduce((product, size) => product * size, 1);
  if (voxels > MOST_VOXELS) {
    context.addIssue({
      code: "custom",
      path: ["window"],
      message: `must have at most ${MOST_VOXELS} voxels, has ${window.join(" × ")}`,
    });
  }
  AXES.forEach((axis) => {
    const factor = strides.reduce((product, stride) => product * stride[axis], 1);
    if (window[axis] % factor !== 0) {
      context.addIssue({
        code: "custom",
        path: ["window", axis],
        message: `must be a multiple of the product of the strides (${factor}), is ${window[axis]}`,
      });
    }
  });
  models.forEach((model, index) => {
    for (const key of ["organs", "joint"] as const) {
      const odd = model[key]?.find((organ, place, all) =>
        organ > organs.length || all.indexOf(organ) < place
      );
      if (odd !== undefined) {
        context.addIssue({
          code: "custom",
          path: ["models", index, key],
          message: `must be organs of the list, each once, has ${odd}`,
        });
      }
    }
  });
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
  const listed = [];
  for (const { model, ...about } of models) {
    const { head, prompts, decoders } = model, { lower } = headNames(model);
    const weights = Object.entries(model.weights).filter(([name]) => !lower.includes(name));
    const tensors = snapshotWeights({ weights: Object.fromEntries(weights) });
    const path = join(folder, `${about.name}.safetensors`);
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
  const path = join(folder, "models.json");
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new Error(`Cannot load models: ${reasonOf(cause)} (${path})`, { cause });
  });
  const parsed = parseOwnJson(text, { schema, path, action: "load models" });
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
  { head, prompts, decoders, sha256, ...about }: z.infer<typeof schema>["models"][number],
  network: NetworkForm,
): Promise<BundledModel> {
  const file = join(folder, `${about.name}.safetensors`);
  const { tensors } = await loadTensors(file);
  if (sha256 !== undefined && await fileHash(file) !== sha256) {
    tf.dispose(tensors);
    throw new Error(`Cannot load models: the file is not the one that models.json names (${file})`);
  }
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
