/**
 * What models.json of a bundle says: how it may be, and how it is read. Nothing here loads TensorFlow.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { parseOwnJson } from "../data/own_json.ts";
import { fileHash } from "../files/seal.ts";
import { AXES } from "../imaging/each_axis.ts";
import { reasonOf } from "../text/error_text.ts";
import { headPlan, SOFTMAX } from "./heads/head_plan.ts";
import { inferences } from "./inference_rule.ts";
import { postprocessing } from "./postprocessing_rule.ts";

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

/** All of a bundle but its weights. */
export type BundleFile = z.infer<typeof schema>;

/** What it says of a model. */
export type ListedModel = BundleFile["models"][number];

/** @throws Error with the file when it is missing or damaged */
export async function readBundleFile(folder: string): Promise<BundleFile> {
  const path = join(folder, "models.json");
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new Error(`Cannot load models: ${reasonOf(cause)} (${path})`, { cause });
  });
  return parseOwnJson(text, { schema, path, action: "load models" });
}

/** Where a model's weights are. */
export function weightsPath(folder: string, { name }: Pick<ListedModel, "name">): string {
  return join(folder, `${name}.safetensors`);
}

/** @throws Error when a file is not the one that models.json names */
export async function requireListed(path: string, { sha256 }: Pick<ListedModel, "sha256">): Promise<void> {
  if (sha256 === undefined || await fileHash(path) === sha256) return;
  throw new Error(`Cannot load models: the file is not the one that models.json names (${path})`);
}
