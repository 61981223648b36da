import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import type { Head } from "../../../lib/models/heads/head.ts";
import type { HeadPlan } from "../../../lib/models/heads/head_plan.ts";
import { identity } from "../../../lib/models/layers.ts";
import { type Handle, handleOf, KernelScope } from "../../../lib/tensors/kernels.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import { assertNoLeak, seededNormal } from "../../support/losses/tiny_batch.ts";

const embeddings = [[1, 0, 0.5, -1], [0, 2, 0.3, 0.1], [0.4, -0.2, 1, 0]];
const cosine: HeadPlan = { kind: "cosine", embeddings, temperature: 0.5 };
const plans: Record<string, HeadPlan> = {
  softmax: { kind: "softmax" },
  sigmoid: { kind: "sigmoid" },
  cosines: { kind: "cosines", scale: 8 },
  datasets: { kind: "datasets", owners: [1, 2, 1] },
  levels: { kind: "levels", groups: 2 },
  dynamic: { kind: "dynamic" },
  "cosine, fixed temperature": cosine,
  "cosine, learnt temperature": { ...cosine, learnTemperature: true },
};
const form = { classes: 3, features: 3, pooled: 2 };

/** Features, for heads that ask for them pooled ones, and weights. */
type Inputs = [features: Tensor, ...others: Tensor[]];

/** Names of the inputs, in their order. */
const namesOf = (
  head: Head,
) => ["features", ...head.pooled ? ["pooled"] : [], ...head.weights.map(({ name }) => name)];

/** A head as an operation that tfjs's tape knows: of its inputs, in their order. */
function operation(head: Head): (...inputs: Tensor[]) => Tensor5D {
  const names = namesOf(head);
  return tf.customGrad((...args: unknown[]) => {
    const inputs = args.slice(0, -1) as Inputs;
    const save = args.at(-1) as (tensors: Tensor[]) => void;
    save(inputs);
    const pass = (scope: KernelScope, inputs: Inputs) => {
      const byName = new Map(names.map((name, i) => [name, handleOf(inputs[i]!)]));
      const seen = { features: byName.get("features")!, pooled: byName.get("pooled") };
      return head.pass(scope, seen, (name) => byName.get(name)!);
    };
    return {
      value: inScope((scope) => scope.adopt(identity(scope, pass(scope, inputs).logits)) as Tensor5D),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        inScope((scope) => {
          const { inputs, weights } = pass(scope, saved as Inputs).backward(handleOf(dy));
          const all: Record<string, Handle | undefined> = { ...weights, ...inputs };
          return names.map((name) => scope.adopt(all[name]!));
        }),
    };
  }) as unknown as (...inputs: Tensor[]) => Tensor5D;
}

function inScope<T>(run: (scope: KernelScope) => T): T {
  const scope = new KernelScope();
  try {
    return run(scope);
  } finally {
    scope.dispose();
  }
}

/** Features of two samples, and weights, drawn. */
function inputsOf(head: Head): Inputs {
  const weights = head.weights.map(({ shape, initial }, i) =>
    "value" in initial && initial.value !== 0
      ? tf.fill(shape, initial.value)
      : tf.randomNormal(shape, 0, 1, "float32", 10 + i)
  );
  const pooled = head.pooled ? [tf.randomNormal([2, form.pooled], 0, 1, "float32", 2)] : [];
  return [seededNormal([2, 1, 2, 2, form.features], 1), ...pooled, ...weights];
}

for (const [name, plan] of Object.entries(plans)) {
  const head = createHead(plan, form);
  namesOf(head).forEach((input, i) => {
    Deno.test(`${name} head: gradient by ${input} equals finite differences`, () => {
      tf.tidy(() => {
        const inputs = inputsOf(head);
        const run = operation(head);
        const slopes = seededNormal(run(...inputs).shape, 5);
        const loss = (x: Tensor) => tf.mean(tf.mul(run(...inputs.with(i, x)), slopes)) as Scalar;
        // A pooled feature moves all weights of the dynamic head at once: with a longer step a ReLU's kink lies within it.
        checkGradient(loss, inputs[i]!, { step: input === "pooled" ? 1e-3 : 1e-2 });
      });
    });
  });

  Deno.test(`${name} head: passes leave no tensors behind`, () => {
    assertNoLeak(() =>
      tf.tidy(() => {
        const inputs = inputsOf(head);
        tf.grads((...inputs) => tf.sum(operation(head)(...inputs)))(inputs);
      })
    );
  });
}

Deno.test("cosine head: logits are cosines by the temperature, however long features and vectors are", () => {
  tf.tidy(() => {
    const head = createHead(cosine, form);
    const [features, kernel] = inputsOf(head) as [Tensor, Tensor];
    const logits = operation(head)(features, kernel).dataSync();
    const longer = operation(head)(tf.mul(features, 7), tf.mul(kernel, 2)).dataSync();
    const h = features.dataSync(), w = kernel.dataSync();
    for (let voxel = 0; voxel < 8; voxel++) {
      const u = [0, 1, 2, 3].map((d) =>
        [0, 1, 2].reduce((sum, f) => sum + h[voxel * 3 + f]! * w[f * 4 + d]!, 0)
      );
      embeddings.forEach((t, c) => {
        const dot = u.reduce((sum, value, d) => sum + value * t[d]!, 0);
        const expected = dot / (Math.hypot(...u) * Math.hypot(...t) * 0.5);
        assertAlmostEquals(logits[voxel * 3 + c]!, expected, 1e-5);
        assertAlmostEquals(longer[voxel * 3 + c]!, expected, 1e-5);
      });
    }
  });
});

Deno.test("cosine head: features that are nothing give finite logits and gradients", () => {
  tf.tidy(() => {
    const head = createHead(cosine, form);
    const [features, kernel] = inputsOf(head) as [Tensor, Tensor];
    const run = operation(head);
    const gradients = tf.grads((x, w) => tf.sum(run(x, w)))([tf.zerosLike(features), kernel]);
    for (const tensor of [run(tf.zerosLike(features), kernel), ...gradients]) {
      assert(tensor.dataSync().every(Number.isFinite));
    }
  });
});

Deno.test("cosine head: wants a vector of each class, of one dimension, none of them nothing", () => {
  const make = (embeddings: number[][]) => () => createHead({ ...cosine, embeddings }, form);
  for (const wrong of [[[1, 0], [0, 1]], [[1, 0], [0, 1], [1]], [[1, 0], [0, 1], [0, 0]]]) {
    assertThrows(make(wrong), Error, "embeddings must be 3 vectors of one dimension, none of length 0");
  }
});

Deno.test("heads have a channel for each class, or each dataset's organ; those of organs by themselves none for background", () => {
  tf.tidy(() => {
    const channels = Object.values(plans).map((plan) => {
      const head = createHead(plan, form);
      return operation(head)(...inputsOf(head)).shape[4];
    });
    assertEquals(channels, [3, 2, 2, 3, 4, 2, 3, 3]);
  });
});
