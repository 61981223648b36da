import { assertAlmostEquals } from "@std/assert";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import { handleOf, KernelScope } from "../../../lib/tensors/kernels.ts";
import { tf } from "../../../lib/tensors/tf.ts";

Deno.test("an organ's logit is the cosine of its vector and the features, times the scale, however long both are", () => {
  const head = createHead({ kind: "cosines", scale: 8 }, { classes: 3, features: 2 });
  const vectors = [[3, 4], [0, -0.1]], features = [[1, 0], [-6, 8], [0, 0]];
  tf.tidy(() => {
    const scope = new KernelScope();
    const x = tf.tensor5d(features.flat(), [1, 1, 1, 3, 2]), kernel = tf.tensor2d(vectors);
    const { logits } = head.pass(scope, { features: handleOf(x) }, () => handleOf(kernel));
    const found = scope.adopt(logits).dataSync();
    scope.dispose();
    // Of vectors (0.6, 0.8) and (0, -1) with (1, 0), (-0.6, 0.8) and nothing.
    [8 * 0.6, 0, 8 * 0.28, -8 * 0.8, 0, 0].forEach((value, i) => assertAlmostEquals(found[i]!, value, 1e-4));
  });
});
