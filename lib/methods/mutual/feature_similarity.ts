/**
 * Dynamic feature similarity (DFS), stage 2: accurate features are shared.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { OrganNumber } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import type { LabelTargets } from "../../losses/allowed.ts";
import { pairCosines, rowCosines } from "../../losses/cosine.ts";
import { joined, selectVoxels, voxelsOf } from "../../losses/select_voxels.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";
import { labelPrototypes, type PrototypeOptions } from "./prototypes.ts";

/** Who teaches an organ. */
export interface Lesson {
  organ: OrganNumber;
  /** The teacher's features on the same batch, [batch, depth, height, width, feature]. */
  features: Tensor5D;
}

export interface FeatureSimilarityOptions extends PrototypeOptions {
  /** See {@linkcode featureSimilarity}. */
  form: "relations" | "voxel";
}

/**
 * DFS_i = Σ_o d(o) over the organs with a lesson, o truly labelled in the batch.
 *
 * - "relations": R_i(a, b) = cosine of model i's prototypes of a and b, of truly labelled organs and background. How an organ lies
 *   to all others is to be as in its teacher: d(o) = mean over b ≠ o of (R_i(o, b) − R_teacher(o, b))². It means the same in any
 *   basis of either model's features;
 * - "voxel": d(o) = mean_{y = o} (1 − cos(h_i, h_teacher)). Two models' bases are arbitrary, and so is this cosine, unless they
 *   share a space (METHOD section 1).
 *
 * No gradient flows into a teacher.
 *
 * @param features of model i, [batch, depth, height, width, feature]
 * @param lessons at most one an organ
 * @param options.targets the batch's labels
 * @returns a scalar; 0 without gradient when there is nothing to learn
 */
export function featureSimilarity(
  features: Tensor5D,
  lessons: readonly Lesson[],
  options: FeatureSimilarityOptions,
): Scalar {
  // Before the first validation, and of the best model always.
  if (lessons.length === 0) return tf.scalar(0);
  return tf.tidy(() =>
    options.form === "voxel" ? byVoxel(features, lessons, options) : byRelations(features, lessons, options)
  );
}

function byRelations(features: Tensor5D, lessons: readonly Lesson[], options: PrototypeOptions): Scalar {
  const own = relations(features, options);
  const others = own.labels.length - 1;
  const taught = lessons.filter(({ organ }) => own.labels.includes(organ));
  if (others < 1 || taught.length === 0) return tf.scalar(0);
  const byTeacher = Map.groupBy(taught, (lesson) => lesson.features);
  const distances = [...byTeacher].map(([teacher, learnt]) => {
    const organs = learnt.map(({ organ }) => organ);
    const shares = own.labels.map((a) =>
      own.labels.map((b) => organs.includes(a) && a !== b ? 1 / others : 0)
    );
    const theirs = relations(stopGradient(teacher), options);
    return tf.sum(tf.mul(tf.squaredDifference(own.cosines, theirs.cosines), tf.tensor2d(shares))) as Scalar;
  });
  return tf.addN(distances);
}

/** Cosines between all prototypes of a model, [label, label]. */
function relations(features: Tensor5D, options: PrototypeOptions) {
  const { labels, prototypes } = labelPrototypes(features, { ...options, background: true });
  return { labels, cosines: pairCosines(prototypes, prototypes) };
}

function byVoxel(
  features: Tensor5D,
  lessons: readonly Lesson[],
  { targets }: { targets: LabelTargets },
): Scalar {
  const taught = lessons.map((lesson) => ({ ...lesson, voxels: voxelsOf(targets, lesson.organ) }))
    .filter(({ voxels }) => voxels.length > 0);
  if (taught.length === 0) return tf.scalar(0);
  // A voxel has one label, so all organs' voxels are looked up, and their gradient is scattered back, at once.
  const teacher = tf.concat(
    taught.map(({ features, voxels }) => selectVoxels(stopGradient(features), voxels)),
  );
  const voxels = joined(taught.map(({ voxels }) => voxels));
  const student = selectVoxels(features, voxels);
  const shares = new Float32Array(voxels.length);
  let start = 0;
  for (const { voxels: { length } } of taught) {
    shares.fill(1 / length, start, start + length);
    start += length;
  }
  return tf.sum(tf.mul(tf.sub(1, rowCosines(student, teacher as Tensor2D)), tf.tensor1d(shares))) as Scalar;
}
