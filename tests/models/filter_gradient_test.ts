import { assert, assertEquals } from "@std/assert";
import {
  filterGradient,
  filterGradientAtOnce,
  filterGradientByPlanes,
} from "../../lib/models/filter_gradient.ts";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { cast, type Strides } from "../../lib/models/layers.ts";
import { chosenForms } from "../../lib/tensors/quickest.ts";
import { BFLOAT16, FLOAT32, handleOf, KernelScope } from "../../lib/tensors/kernels.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { countKernels } from "../support/training/kernel_count.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";
import { inBfloat16, relativeDistance } from "../support/models/in_bfloat16.ts";

type Size = [depth: number, height: number, width: number];

/** Gradients of both ways by random inputs; the filter's own numbers do not matter. */
function bothWays(
  { batch, size, kernel, strides }: { batch: number; size: Size; kernel: Size; strides: Strides },
) {
  const outputs = size.map((length, axis) => Math.ceil(length / strides[axis]!));
  const x = tf.randomNormal([batch, ...size, 3], 0, 1, "float32", 1);
  const dy = tf.randomNormal([batch, ...outputs, 2], 0, 1, "float32", 2);
  const filter = tf.zeros([...kernel, 3, 2]);
  const scope = new KernelScope();
  const inputs = { x: handleOf(x), dy: handleOf(dy), filter: handleOf(filter) };
  const options = { strides, padding: "SAME" } as const;
  const atOnce = scope.adopt(filterGradientAtOnce(scope, inputs, options));
  const byPlanes = scope.adopt(filterGradientByPlanes(scope, inputs, options));
  scope.dispose();
  tf.dispose([x, dy, filter]);
  return { atOnce, byPlanes };
}

Deno.test("the gradient by a filter is the same at once and by planes", async () => {
  const cases: Parameters<typeof bothWays>[0][] = [
    { batch: 1, size: [4, 5, 6], kernel: [3, 3, 3], strides: [1, 1, 1] },
    { batch: 3, size: [4, 5, 6], kernel: [3, 3, 3], strides: [1, 1, 1] },
    { batch: 2, size: [2, 3, 3], kernel: [3, 3, 3], strides: [1, 1, 1] },
    { batch: 2, size: [7, 6, 5], kernel: [5, 3, 1], strides: [1, 1, 1] },
    { batch: 2, size: [4, 6, 8], kernel: [3, 3, 3], strides: [1, 2, 2] },
    // From here on it is what a training computes where it is quicker.
    { batch: 2, size: [16, 16, 16], kernel: [3, 3, 3], strides: [1, 1, 1] },
  ];
  for (const given of cases) {
    await assertLeavesNoTensors(() => {
      const { atOnce, byPlanes } = bothWays(given);
      assertEquals(byPlanes.shape, atOnce.shape);
      const error = relativeDistance(byPlanes, atOnce);
      assert(error < 1e-5, `${JSON.stringify(given)}: ${error}`);
      tf.dispose([atOnce, byPlanes]);
    });
  }
});

Deno.test("by planes no plane of one sample meets one of another", () =>
  tf.tidy(() => {
    const { byPlanes } = bothWays({ batch: 2, size: [2, 1, 1], kernel: [3, 1, 1], strides: [1, 1, 1] });
    const x = tf.randomNormal([2, 2, 3], 0, 1, "float32", 1),
      dy = tf.randomNormal([2, 2, 2], 0, 1, "float32", 2);
    const at = (n: number, zOfX: number, zOfDy: number) =>
      tf.matMul(
        tf.reshape(tf.slice(x, [n, zOfX, 0], [1, 1, 3]), [3, 1]),
        tf.reshape(tf.slice(dy, [n, zOfDy, 0], [1, 1, 2]), [1, 2]),
      );
    const expected = tf.stack([
      tf.add(at(0, 0, 1), at(1, 0, 1)),
      tf.addN([at(0, 0, 0), at(0, 1, 1), at(1, 0, 0), at(1, 1, 1)]),
      tf.add(at(0, 1, 0), at(1, 1, 0)),
    ]);
    assert(relativeDistance(tf.reshape(byPlanes, [3, 3, 2]), expected) < 1e-6);
  }));

Deno.test("one of the two ways is chosen for large volumes, and told; small ones and strided ones go at once", () => {
  const planes = (size: number, strides: Strides) => {
    const scope = new KernelScope();
    const x = tf.ones([1, size, size, size, 1]);
    const dy = tf.ones([1, ...strides.map((stride) => size / stride), 1]);
    const filter = tf.ones([3, 3, 3, 1, 1]);
    const counting = countKernels();
    filterGradient(scope, { x: handleOf(x), dy: handleOf(dy), filter: handleOf(filter) }, {
      strides,
      padding: "SAME",
    });
    counting.stop();
    scope.dispose();
    tf.dispose([x, dy, filter]);
    return counting.calls.has("Conv2DBackpropFilter");
  };
  planes(16, [1, 1, 1]); // may measure
  const { "filter gradient": form } = chosenForms();
  assert(form === "at once" || form === "by planes", form);
  assertEquals(planes(16, [1, 1, 1]), form === "by planes");
  assertEquals(planes(14, [1, 1, 1]), false);
  assertEquals(planes(16, [2, 2, 2]), false);
});

inBfloat16("in bfloat16 the gradient by a filter is right on volumes smaller than it", () => {
  const cases: { size: Size; strides: Strides }[] = [
    { size: [2, 4, 4], strides: [1, 1, 1] },
    { size: [2, 2, 2], strides: [1, 2, 2] },
    { size: [4, 1, 4], strides: [2, 2, 2] },
    { size: [3, 1, 8], strides: [1, 2, 2] },
    { size: [4, 4, 4], strides: [1, 1, 1] },
  ];
  for (const { size, strides } of cases) {
    for (const [batch, width] of [[1, 32], [2, 4], [3, 16]] as const) {
      const outputs = size.map((length, axis) => Math.ceil(length / strides[axis]!));
      const x = tf.randomNormal([batch, ...size, width], 0, 1, "float32", 1);
      const dy = tf.randomNormal([batch, ...outputs, width], 0, 1, "float32", 2);
      const filter = tf.zeros([3, 3, 3, width, width]);
      const scope = new KernelScope();
      const rounded = (t: Tensor) => cast(scope, handleOf(t), BFLOAT16);
      const whole = (t: Tensor) => cast(scope, rounded(t), FLOAT32);
      const options = { strides, padding: "SAME" } as const;
      const small = { x: rounded(x), dy: rounded(dy), filter: handleOf(filter) };
      const large = { x: whole(x), dy: whole(dy), filter: handleOf(filter) };
      const actual = scope.adopt(cast(scope, filterGradient(scope, small, options), FLOAT32));
      const wanted = scope.adopt(filterGradientAtOnce(scope, large, options));
      const apart = relativeDistance(actual, wanted);
      // Rounded once at the end, to eight bits.
      assert(apart < 0.01, `${size}, strides ${strides}, batch ${batch}, ${width} channels: ${apart}`);
      scope.dispose();
      tf.dispose([x, dy, filter, actual, wanted]);
    }
  }
});
