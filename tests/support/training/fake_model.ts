/** Networks whose answers are known. */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import { SOFTMAX } from "../../../lib/models/heads/head_plan.ts";
import type { Unet, UnetOutputs } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import type { OrganModel } from "../../../lib/inference/predictor.ts";

export interface FakeOptions {
  /** @default 0.9 */
  sure?: number;
  /** Takes anything brighter for this. @default Infinity */
  brightest?: number;
}

/**
 * A model whose probability of the organ of a voxel's intensity (rounded: 1.04 is organ 1) is `sure` if it owns the
 * organ, and whose background has the rest. Its features are [intensity, 1].
 */
export function fakeModel(
  name: string,
  organs: number[],
  { sure = 0.9, brightest = Infinity }: FakeOptions = {},
): OrganModel & { calls: () => number } {
  let calls = 0;
  const predict = (image: Tensor5D): UnetOutputs => {
    calls++;
    return tf.tidy(() => {
      const nearest = tf.round(tf.minimum(image, brightest));
      const channels = organs.map((organ) => tf.mul(tf.cast(tf.equal(nearest, organ), "float32"), sure));
      const rest = tf.sub(1, tf.addN(channels));
      const logits = tf.log(tf.add(tf.concat([rest, ...channels], 4), 1e-9)) as Tensor5D;
      return { logits, features: tf.concat([image, tf.onesLike(image)], 4) as Tensor5D };
    });
  };
  const head = createHead(SOFTMAX, { classes: organs.length + 1, features: 2 });
  return { name, organs, model: { predict, head } as unknown as Unet, calls: () => calls };
}
