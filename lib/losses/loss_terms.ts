/**
 * A weighted sum of loss terms, of which each stays readable.
 *
 * @module
 */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";
import { stopGradient } from "./stop_gradient.ts";

export interface LossTerms {
  /**
   * Notes a term's value under a name (terms of the same name are added up) and returns weight · term, for the tape.
   * What is noted is the term without its weight.
   */
  add(name: string, term: Scalar, weight?: number): Scalar;
  /** The values noted since the last call, read in one go. Disposes everything it kept. */
  read(): Record<string, number>;
}

/**
 * @example
 * const terms = createLossTerms();
 * const { value, grads } = tf.variableGrads(() =>
 *   tf.addN([terms.add("own", supervision(logits, targets)), terms.add("pd", pd, 0.3)]), variables);
 * terms.read(); // { own: 0.81, pd: 0.02 }
 */
export function createLossTerms(): LossTerms {
  let noted: { name: string; value: Scalar }[] = [];
  return {
    add(name, term, weight = 1) {
      noted.push({ name, value: tf.keep(stopGradient(term)) });
      return (weight === 1 ? term : tf.mul(term, weight)) as Scalar;
    },
    read() {
      if (noted.length === 0) return {};
      const values = tf.tidy(() => tf.stack(noted.map((term) => term.value)).dataSync());
      const result: Record<string, number> = {};
      noted.forEach(({ name, value }, i) => {
        result[name] = (result[name] ?? 0) + values[i];
        value.dispose();
      });
      noted = [];
      return result;
    },
  };
}
