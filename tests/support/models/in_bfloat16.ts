/** Tests of bfloat16, where there is such arithmetic. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { cast } from "../../../lib/models/layers.ts";
import { hasBfloat16 } from "../../../lib/tensors/bfloat16.ts";
import { BFLOAT16, FLOAT32, handleOf, KernelScope } from "../../../lib/tensors/kernels.ts";
import { tf } from "../../../lib/tensors/tf.ts";

/** bfloat16 has 8 bits of precision: a rounding moves a number by 2⁻⁹ of itself at most. */
export const ROUNDING = 2 ** -9;

/** A test that is skipped, and says so, where there is no such arithmetic. */
export function inBfloat16(name: string, fn: () => void | Promise<void>): void {
  const ignore = !hasBfloat16();
  Deno.test({ name: ignore ? `${name} (skipped: no bfloat16 here)` : name, ignore, fn });
}

/** |a − b| / |b|, Euclidean. */
export function relativeDistance(a: Tensor, b: Tensor): number {
  return tf.tidy(() => tf.div(tf.norm(tf.sub(a, b)), tf.norm(b)).dataSync()[0]!);
}

/** To the nearest bfloat16, still float32; and so its gradient. */
export function rounded(x: Tensor): Tensor {
  return tf.customGrad((...args: unknown[]) => ({
    value: nearest(args[0] as Tensor),
    gradFunc: (dy: Tensor) => nearest(dy),
  }))(x);
}

function nearest(x: Tensor): Tensor {
  const scope = new KernelScope();
  const result = scope.adopt(cast(scope, cast(scope, handleOf(x), BFLOAT16), FLOAT32));
  scope.dispose();
  return result;
}
