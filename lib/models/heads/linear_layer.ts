/**
 * The layer of most heads: z = Wᵀh + b at each voxel.
 *
 * @module
 */
import type { KernelScope } from "../../tensors/kernels.ts";
import { biased, biasGradient } from "../layers.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "../pointwise.ts";
import type { HeadInputs, HeadPass, HeadWeight, HeadWeights } from "./head.ts";

const KERNEL = "logits/kernel", BIAS = "logits/bias";

/** W, He-normal, and b. */
export function linearWeights({ inputs, outputs }: { inputs: number; outputs: number }): HeadWeight[] {
  return [
    { name: KERNEL, shape: [1, 1, 1, inputs, outputs], initial: { variance: 2 / inputs } },
    { name: BIAS, shape: [outputs], initial: { value: 0 } },
  ];
}

export function linearPass(scope: KernelScope, { features }: HeadInputs, weight: HeadWeights): HeadPass {
  const filter = weight(KERNEL);
  const unbiased = pointwise(scope, { x: features, filter });
  const logits = biased(scope, unbiased, weight(BIAS));
  scope.free(unbiased);
  return {
    logits,
    backward(dy) {
      scope.free(logits);
      const inputs = { x: features, dy, filter };
      const weights = {
        [BIAS]: biasGradient(scope, dy),
        [KERNEL]: pointwiseFilterGradient(scope, inputs),
      };
      return { inputs: { features: pointwiseInputGradient(scope, inputs) }, weights };
    },
  };
}
