/**
 * Which head a network has, as plans, stages and saved models name it. Nothing here loads TensorFlow.
 *
 * @module
 */
import { z } from "zod";

const cosine = z.object({
  kind: z.literal("cosine"),
  /** A vector of each class, background first, then the network's organs: [class][dimension]. */
  embeddings: z.array(z.array(z.number()).readonly()).readonly(),
  /** τ, by which cosines are divided; what it begins with where it is learnt. */
  temperature: z.number().positive(),
  /** Whether the temperature is a weight. @default false */
  learnTemperature: z.boolean().optional(),
});

const cosines = z.object({
  kind: z.literal("cosines"),
  /** By which cosines are multiplied. */
  scale: z.number().positive(),
});

const datasets = z.object({
  kind: z.literal("datasets"),
  /** Of each channel its organ's place among the network's, from 1 on; an organ may have several. */
  owners: z.array(z.number()).readonly(),
});

const levels = z.object({
  kind: z.literal("levels"),
  /** Number of groups, whose channels stand behind the organs'. */
  groups: z.number(),
});

/** As it stands in files. */
export const headPlan = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("softmax") }),
  z.object({ kind: z.literal("sigmoid") }),
  cosine,
  cosines,
  datasets,
  levels,
  z.object({ kind: z.literal("dynamic") }),
]);

/**
 *     softmax    one of background and organs at each voxel
 *     sigmoid    each organ by itself, yes or no
 *     cosine     one of the classes: that whose given vector points where the voxel's features do
 *     cosines    each organ by itself, by the angle between the voxel's features and a vector that is learnt
 *     datasets   each dataset's organs by themselves, yes or no; of an organ the mean of its channels
 *     levels     each organ, and each group of organs, by itself
 *     dynamic    each organ by itself, by layers that are made for it and for the scan
 */
export type HeadPlan = z.infer<typeof headPlan>;

export type CosinePlan = z.infer<typeof cosine>;

export type CosinesPlan = z.infer<typeof cosines>;

export type LevelsPlan = z.infer<typeof levels>;

export type DatasetsPlan = z.infer<typeof datasets>;

/** What a network has where nothing is said. */
export const SOFTMAX: HeadPlan = { kind: "softmax" };
