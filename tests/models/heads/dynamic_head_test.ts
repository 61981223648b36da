import { assertAlmostEquals, assertThrows } from "@std/assert";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import { handleOf, KernelScope } from "../../../lib/tensors/kernels.ts";
import { tf } from "../../../lib/tensors/tf.ts";

Deno.test("an organ's logit is three layers of the features, by weights of the pooled features and the organ's row", () => {
  const head = createHead({ kind: "dynamic" }, { classes: 3, features: 1, pooled: 2 });
  const length = 1 * 8 + 8 + 8 * 8 + 8 + 8 + 1;
  // The scan writes W_1's first entry, 2 g_1, and b_3, g_2; the organs' rows all else: a way through the first channels alone.
  const controller = new Float32Array(2 * length), rows = new Float32Array(2 * length);
  controller[0] = 2;
  controller[length + length - 1] = 1;
  for (const organ of [0, 1]) {
    rows[organ * length + 8] = -1; // b_1
    rows[organ * length + 16] = organ === 0 ? 3 : -3; // W_2
    rows[organ * length + 16 + 64] = 0.5; // b_2
    rows[organ * length + 16 + 72] = 10; // w_3
  }
  const weights: Record<string, Float32Array> = { "logits/controller": controller, "logits/organs": rows };
  tf.tidy(() => {
    const features = tf.tensor5d([1, 0.1], [1, 1, 1, 2, 1]), pooled = tf.tensor2d([[1.5, 0.25]]);
    const scope = new KernelScope();
    const kept = head.weights.map(({ name, shape }) => [name, tf.tensor(weights[name]!, shape)] as const);
    const byName = new Map(kept);
    const { logits } = head.pass(
      scope,
      { features: handleOf(features), pooled: handleOf(pooled) },
      (name) => handleOf(byName.get(name)!),
    );
    const found = scope.adopt(logits).dataSync();
    scope.dispose();
    // Voxel 1: relu(3 · 1 - 1) = 2; relu(±6 + 0.5); voxel 2: relu(0.3 - 1) = 0; relu(0.5).
    [10 * 6.5 + 0.25, 0.25, 5.25, 5.25].forEach((value, i) => assertAlmostEquals(found[i]!, value, 1e-4));
  });
});

Deno.test("a form without pooled features is refused", () => {
  assertThrows(() => createHead({ kind: "dynamic" }, { classes: 3, features: 1 }), Error, "pooled features");
});
