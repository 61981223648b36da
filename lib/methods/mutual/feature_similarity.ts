/**
 * Dynamic feature similarity (DFS), stage 2: accurate features are shared.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { OrganNumber } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import type { LabelTargets } from "../../losses/allowed.ts";
import { rowCosines } from "../../losses/cosine.ts";
import { joined, selectVoxels, voxelsOf } from "../../losses/select_voxels.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";

/** Who teaches an organ, and how much. */
export interface Lesson {
  organ: OrganNumber;
  /** The teacher's features on the same batch, [batch, depth, height, width, feature]. */
  features: Tensor5D;
  /** A number, so no gradient can flow into it; see `teachers.ts`. */
  weight: number;
}

/**
 * DFS_i = Σ_o w_o · mean_{y = o} (1 − cos(h_i, h_teacher(o))) over the voxels truly labelled as o. No gradient flows into a
 * teacher.
 *
 * @param features of model i, [batch, depth, height, width, feature]
 * @param lessons at most one an organ
 * @param options.targets the batch's labels
 * @returns a scalar; 0 without gradient when there is nothing to learn
 */
export function featureSimilarity(
  features: Tensor5D,
  lessons: Lesson[],
  options: { targets: LabelTargets },
): Scalar {
  return tf.tidy(() => {
    const taught = lessons.filter((lesson) => lesson.weight > 0)
      .map((lesson) => ({ ...lesson, voxels: voxelsOf(options.targets, lesson.organ) }))
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
    for (const { weight, voxels: { length } } of taught) {
      shares.fill(weight / length, start, start + length);
      start += length;
    }
    return tf.sum(tf.mul(tf.sub(1, rowCosines(student, teacher as Tensor2D)), tf.tensor1d(shares))) as Scalar;
  });
}
