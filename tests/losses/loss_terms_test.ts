import { assertEquals } from "@std/assert";
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { createLossTerms } from "../../lib/losses/loss_terms.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { assertNoLeak } from "./tiny_batch.ts";

Deno.test("createLossTerms weighs, adds up by name, reads once and leaks nothing", () => {
  const variable = tf.variable(tf.scalar(2));
  const terms = createLossTerms();
  const step = () => {
    const { value, grads } = tf.variableGrads(() => {
      const square = tf.square(variable) as Scalar;
      return tf.addN([
        terms.add("a", square, 0.5),
        terms.add("b", variable.mul(3)),
        terms.add("b", tf.scalar(1)),
      ]);
    }, [variable]);
    assertEquals(value.dataSync()[0], 2 + 6 + 1);
    assertEquals(grads[variable.name].dataSync()[0], 2 + 3);
    tf.dispose([value, grads]);
    assertEquals(terms.read(), { a: 4, b: 7 });
    assertEquals(terms.read(), {});
  };
  assertNoLeak(step);
  variable.dispose();
});
