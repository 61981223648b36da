/**
 * Each organ by itself, by the angle between a voxel's features and a vector that is learnt for the organ (METHOD section 8).
 *
 * @module
 */
import { type Handle, type KernelScope, numbers, OF_FLOAT32, scalar } from "../../tensors/kernels.ts";
import { reshaped } from "../layers.ts";
import { matrixProduct, rowSums } from "../matrices.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "../pointwise.ts";
import { COSINE_EPSILON } from "./cosine_vectors.ts";
import type { Head, HeadForm, HeadInputs, HeadPass, HeadWeights } from "./head.ts";
import type { CosinesPlan } from "./head_plan.ts";
import { sigmoidReadout } from "./sigmoid_head.ts";

const KERNEL = "logits/kernel";

/** z_o = s cos(w_o, h). W, [organ, feature], is learnt. */
export function cosinesHead(plan: CosinesPlan, { classes, features }: HeadForm): Head {
  return {
    plan,
    readout: sigmoidReadout,
    weights: [{ name: KERNEL, shape: [classes - 1, features], initial: { variance: 1 / features } }],
    // A row is an organ's, along the first axis: the engine moves rows of the last one.
    rowsOf: () => undefined,
    pass: (scope, inputs, weight) => cosinesPass(scope, inputs, { ...plan, weight }),
  };
}

/**
 * With Ŵ = W / |w_o| and i = 1/|h|: z = s i (Ŵ h). Backward, d = dL/dz, e = s i d:
 *
 *     dL/dh = Ŵᵀe − h i² Σ_o d_o z_o                   ∂i/∂h = −i³ h
 *     dL/dŴ = Σ_v e hᵀ,   dL/dw_o = (dL/dŵ_o − ŵ_o (ŵ_o · dL/dŵ_o)) / |w_o|
 */
function cosinesPass(
  scope: KernelScope,
  { features: h }: HeadInputs,
  { scale, weight }: CosinesPlan & { weight: HeadWeights },
): HeadPass {
  const run = (name: string, ...inputs: Handle[]) => scope.run(name, inputs, OF_FLOAT32)[0];
  const inverseLength = (x: Handle) =>
    run("Rsqrt", run("AddV2", rowSums(scope, run("Mul", x, x)), scalar(scope, COSINE_EPSILON)));
  const w = weight(KERNEL), [organs, features] = w.shape as [number, number];
  const ofVectors = inverseLength(w), unit = run("Mul", w, ofVectors);
  const filter = reshaped(scope, transposed(unit, features), [1, 1, 1, features, organs]);
  const inverse = inverseLength(h), factor = run("Mul", inverse, scalar(scope, scale));
  const along = pointwise(scope, { x: h, filter });
  const logits = run("Mul", along, factor);
  scope.free(along);
  return { logits, backward };

  /** Aᵀ, [column, row], of a small A, [row, column]: a product with the unit matrix. */
  function transposed(a: Handle, columns: number): Handle {
    const values = Float32Array.from(
      { length: columns * columns },
      (_, i) => i % (columns + 1) === 0 ? 1 : 0,
    );
    return matrixProduct(scope, [numbers(scope, values, [columns, columns]), a], { transposed: true });
  }

  function backward(d: Handle) {
    const q = rowSums(scope, run("Mul", d, logits));
    const e = run("Mul", d, factor);
    const through = pointwiseInputGradient(scope, { x: h, dy: e, filter });
    const shrink = run("Mul", h, run("Mul", q, run("Mul", inverse, inverse)));
    const byFilter = reshaped(scope, pointwiseFilterGradient(scope, { x: h, dy: e, filter }), [
      features,
      organs,
    ]);
    const byUnit = transposed(byFilter, organs);
    const radial = run("Mul", unit, rowSums(scope, run("Mul", unit, byUnit)));
    return {
      inputs: { features: run("Sub", through, shrink) },
      weights: { [KERNEL]: run("Mul", run("Sub", byUnit, radial), ofVectors) },
    };
  }
}
