import { assertEquals } from "@std/assert";
import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { stopGradient } from "../../lib/losses/stop_gradient.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { assertNoLeak } from "../support/losses/tiny_batch.ts";

Deno.test("stopGradient keeps the values and shares their memory", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([1, 2]);
    const buffers = tf.memory().numDataBuffers;
    assertEquals([...stopGradient(x).dataSync()], [1, 2]);
    assertEquals(tf.memory().numDataBuffers, buffers);
  });
});

Deno.test("stopGradient makes a constant", () => {
  tf.tidy(() => {
    const gradient = tf.grad((x) => tf.mul(x, stopGradient(tf.square(x))))(tf.scalar(3));
    assertEquals(gradient.dataSync()[0], 9);
  });
});

Deno.test("stopGradient leaves no backward work for what lies behind it", async () => {
  const student = tf.variable(tf.randomNormal([4, 4])), teacher = tf.variable(tf.randomNormal([4, 4]));
  const products = async (use: (x: Tensor) => Tensor) => {
    const profile = await tf.profile(() =>
      tf.tidy(() => {
        // The teacher's own weights are asked for as well, and reached by a term of their own.
        tf.variableGrads(() => {
          const deep = tf.exp(tf.matMul(tf.sin(tf.matMul(teacher, teacher)), teacher));
          return tf.add(tf.sum(tf.mul(student, use(deep))), tf.sum(teacher)) as Scalar;
        }, [student, teacher]);
      })
    );
    return profile.kernels.filter((kernel) => /MatMul/.test(kernel.name)).length;
  };
  assertEquals(await products(stopGradient), 2, "the two matrix products of the forward pass alone");
  assertEquals(await products((x) => x), 6, "and without it four more");
  tf.dispose([student, teacher]);
});

Deno.test("stopGradient leaks nothing", () => {
  const x = tf.scalar(3);
  assertNoLeak(() => tf.grad((x) => tf.mul(x, stopGradient(tf.square(x))))(x));
  x.dispose();
});
