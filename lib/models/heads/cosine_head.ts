/**
 * Classes are given vectors, such as the embeddings of their names (METHOD section 9), and a voxel is of the class whose vector
 * points where its features do.
 *
 * @module
 */
import { type Handle, type KernelScope, numbers, OF_FLOAT32, scalar } from "../../tensors/kernels.ts";
import { reshaped } from "../layers.ts";
import { matrixProduct, rowSums } from "../matrices.ts";
import { freeing } from "../passes/consuming.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "../pointwise.ts";
import type { Head, HeadForm, HeadInputs, HeadPass, HeadWeights } from "./head.ts";
import type { CosinePlan } from "./head_plan.ts";
import { COSINE_EPSILON, unitVectors } from "./cosine_vectors.ts";
import { softmaxReadout } from "./softmax_head.ts";

const KERNEL = "logits/kernel", LOG_TEMPERATURE = "logits/log_temperature";

/**
 * z_c = (T_c · Wᵀh) / (|Wᵀh| |T_c| τ), and softmax over the classes. W, [feature, dimension], is learnt, T, [class, dimension],
 * is given, and τ given or learnt as ln τ, which keeps it positive.
 *
 * @throws Error when the vectors do not fit the classes
 */
export function cosineHead(plan: CosinePlan, { classes, features }: HeadForm): Head {
  const unit = unitVectors(plan, classes);
  const dimension = unit.length / classes;
  return {
    plan,
    readout: softmaxReadout,
    weights: [
      { name: KERNEL, shape: [1, 1, 1, features, dimension], initial: { variance: 2 / features } },
      ...plan.learnTemperature
        ? [{ name: LOG_TEMPERATURE, shape: [1], initial: { value: Math.log(plan.temperature) } }]
        : [],
    ],
    rowsOf: () => undefined,
    pass: (scope, inputs, weight) => cosinePass(scope, inputs, { ...plan, weight, unit, classes }),
  };
}

interface CosinePassOptions extends CosinePlan {
  weight: HeadWeights;
  /** [class, dimension] */
  unit: Float32Array;
  classes: number;
}

/**
 * A text's vector has hundreds of dimensions, so nothing of that size is made per voxel. With T̂_c = T_c / |T_c|,
 *
 *     A = W T̂ᵀ / τ,   G = W Wᵀ,   g = Gh,   n² = |Wᵀh|² = h · g,   z_c = (Aᵀh)_c / n,
 *
 * where A is [feature, class] and G [feature, feature]. Where Wᵀh nearly vanishes, rounding may make n² negative: it counts as 0
 * there, and ε keeps the quotient finite. Backward, with d = dL/dz, q = Σ_c d_c z_c, s = q/n² (0 where n² counts as 0):
 *
 *     dL/dh = A(d/n) − s g                   ∂n²/∂h = 2g and ∂z/∂n² = −z/(2n²)
 *     dL/dW = (dL/dA) T̂/τ − M W              dL/dA = Σ_v h (d/n)ᵀ,   M = Σ_v h (s h)ᵀ = −2 dL/dG
 *     dL/d ln τ = −Σ_v q = −⟨dL/dA, A⟩
 */
function cosinePass(
  scope: KernelScope,
  { features: h }: HeadInputs,
  { weight, unit, classes, temperature, learnTemperature }: CosinePassOptions,
): HeadPass {
  const kernel = weight(KERNEL);
  const run = (name: string, ...inputs: Handle[]) => scope.run(name, inputs, OF_FLOAT32)[0];
  /** The same of large tensors that nothing needs afterwards. */
  const consume = (name: string, ...inputs: Handle[]) => freeing(scope, inputs, run(name, ...inputs));
  const filterOf = (matrix: Handle) => reshaped(scope, matrix, [1, 1, 1, ...matrix.shape]);
  const matrixOf = (filter: Handle) => reshaped(scope, filter, filter.shape.slice(3));

  const w = matrixOf(kernel);
  const vectors = numbers(scope, unit, [classes, unit.length / classes]);
  const scale = learnTemperature
    ? run("Exp", run("Neg", weight(LOG_TEMPERATURE)))
    : scalar(scope, 1 / temperature);
  const a = filterOf(run("Mul", matrixProduct(scope, [w, vectors], { transposed: true }), scale));
  const gram = filterOf(matrixProduct(scope, [w, w], { transposed: true }));
  const g = pointwise(scope, { x: h, filter: gram });
  const squares = run("Mul", h, g);
  const squared = freeing(scope, [squares], rowSums(scope, squares));
  const inverse = run("Rsqrt", run("AddV2", run("Relu", squared), scalar(scope, COSINE_EPSILON)));
  const along = pointwise(scope, { x: h, filter: a });
  const logits = freeing(scope, [along], run("Mul", along, inverse));
  return { logits, backward };

  function backward(d: Handle) {
    const shares = run("Mul", d, logits);
    const q = freeing(scope, [logits, shares], rowSums(scope, shares));
    const s = run("ReluGrad", run("Mul", q, run("Mul", inverse, inverse)), squared);
    const dAlong = run("Mul", d, inverse);
    const dA = pointwiseFilterGradient(scope, { x: h, dy: dAlong, filter: a });
    const dx = freeing(scope, [dAlong], pointwiseInputGradient(scope, { x: h, dy: dAlong, filter: a }));
    const scaled = run("Mul", h, s);
    const m = freeing(scope, [scaled], pointwiseFilterGradient(scope, { x: h, dy: scaled, filter: gram }));
    const features = consume("Sub", dx, consume("Mul", g, s));
    const products = reshaped(scope, run("Mul", dA, a), [1, a.shape[3]! * a.shape[4]!]);
    const byVectors = matrixProduct(scope, [run("Mul", matrixOf(dA), scale), vectors]);
    const dW = filterOf(run("Sub", byVectors, matrixProduct(scope, [matrixOf(m), w])));
    const byTemperature = () => reshaped(scope, run("Neg", rowSums(scope, products)), [1]);
    return {
      inputs: { features },
      weights: { [KERNEL]: dW, ...learnTemperature && { [LOG_TEMPERATURE]: byTemperature() } },
    };
  }
}
