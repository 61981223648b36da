/**
 * A small network for each organ whose weights depend on the scan and on which organ is asked for (METHOD section 13).
 *
 * @module
 */
import { type Handle, type KernelScope, OF_FLOAT32 } from "../../tensors/kernels.ts";
import { added, biased, biasGradient, channels, concatenated, reshaped, sliced } from "../layers.ts";
import { matrixProduct } from "../matrices.ts";
import { freeing, sum } from "../passes/consuming.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "../pointwise.ts";
import { type DynamicLayer, dynamicLayers, HIDDEN } from "./dynamic_layers.ts";
import type { Head, HeadForm, HeadInputs, HeadPass, HeadWeights } from "./head.ts";
import { sigmoidReadout } from "./sigmoid_head.ts";

const CONTROLLER = "logits/controller", ORGANS = "logits/organs";

/**
 * θ = gᵀK + E_o, with g the pooled features of a sample, [channel], K, [channel, weight], and E_o the organ's row: K and E together are the
 * linear map of [g, one-hot o]. θ is the kernels and biases of three convolutions 1×1×1 with ReLU between them, from the features to the
 * organ's logit. Initially the kernels of an organ's first two layers have about the variance of He's rule (I).
 *
 * @throws Error when the network's form does not say how many pooled features there are
 */
export function dynamicHead({ classes, features, pooled }: HeadForm): Head {
  if (pooled === undefined) throw new Error("Cannot create dynamic head: the form must have pooled features");
  const { layers, length } = dynamicLayers(features), organs = classes - 1;
  return {
    plan: { kind: "dynamic" },
    readout: sigmoidReadout,
    pooled: true,
    weights: [
      // Pooled features are positive and of the order of a half: what the scan adds begins smaller than the organ's own row.
      { name: CONTROLLER, shape: [pooled, length], initial: { variance: 1 / (HIDDEN * pooled) } },
      { name: ORGANS, shape: [organs, length], initial: { variance: 1 / HIDDEN } },
    ],
    // A row is an organ's, along the first axis: the engine moves rows of the last one.
    rowsOf: () => undefined,
    pass: (scope, inputs, weight) => dynamicPass(scope, inputs, { weight, layers, organs }),
  };
}

interface DynamicOptions {
  weight: HeadWeights;
  layers: readonly DynamicLayer[];
  organs: number;
}

/** What the way back of one organ of one sample wants. */
interface OrganPass {
  logit: Handle;
  /** The gradients by the features, [1, depth, height, width, F], and by θ, [1, length], from that by the logit. */
  backward(dy: Handle): { features: Handle; row: Handle };
}

function dynamicPass(
  scope: KernelScope,
  { features, pooled }: HeadInputs,
  { weight, layers, organs }: DynamicOptions,
): HeadPass {
  const controller = weight(CONTROLLER), rows = weight(ORGANS);
  const batch = features.shape[0]!;
  const box = (x: Handle, sample: number) =>
    sliced(scope, x, {
      from: x.shape.map((_, axis) => axis === 0 ? sample : 0),
      size: [1, ...x.shape.slice(1)],
    });
  const samples = Array.from({ length: batch }, (_, sample) => {
    const x = box(features, sample), g = box(pooled!, sample);
    const fromScan = matrixProduct(scope, [g, controller]);
    const passes = Array.from({ length: organs }, (_, organ) => {
      const row = scope.run("AddV2", [fromScan, box(rows, organ)], OF_FLOAT32)[0];
      return organPass(scope, { x, row, layers });
    });
    return { g, passes };
  });
  const logits = joined(
    scope,
    samples.map(({ passes }) => joined(scope, passes.map(({ logit }) => logit), 4)),
    0,
  );
  return { logits, backward };

  function backward(dy: Handle) {
    const byOrgan: Handle[][] = Array.from({ length: organs }, () => []);
    const [byFeatures, byPooled, byController]: [Handle[], Handle[], Handle[]] = [[], [], []];
    samples.forEach(({ g, passes }, sample) => {
      const ofSample = box(dy, sample);
      let features: Handle | undefined;
      const slopes = passes.map(({ backward }, organ) => {
        const slope = backward(channels(scope, ofSample, [organ, organ + 1]));
        // As large as the features of the sample: only the sum over organs is kept.
        features = features ? sum(scope, features, slope.features) : slope.features;
        byOrgan[organ]!.push(slope.row);
        return slope.row;
      });
      byFeatures.push(features!);
      // θ of all organs depends on the sample by the same rows gᵀK: their gradients add up.
      const byScan = total(slopes);
      byPooled.push(matrixProduct(scope, [byScan, controller], { transposed: true }));
      byController.push(matrixProduct(scope, [reshaped(scope, g, [g.shape[1]!, 1]), byScan]));
    });
    return {
      inputs: { features: joined(scope, byFeatures, 0), pooled: joined(scope, byPooled, 0) },
      weights: {
        [CONTROLLER]: total(byController),
        [ORGANS]: joined(scope, byOrgan.map(total), 0),
      },
    };
  }

  function total(terms: readonly Handle[]): Handle {
    return terms.length === 1 ? terms[0]! : added(scope, terms);
  }
}

/** One part is its own whole, which TensorFlow refuses to join. */
function joined(scope: KernelScope, parts: readonly Handle[], axis: number): Handle {
  return parts.length === 1 ? parts[0]! : concatenated(scope, parts, axis);
}

/** The three convolutions of one organ on one sample. */
function organPass(
  scope: KernelScope,
  { x, row, layers }: { x: Handle; row: Handle; layers: readonly DynamicLayer[] },
): OrganPass {
  const part = (from: number, shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b);
    return reshaped(scope, sliced(scope, row, { from: [0, from], size: [1, size] }), shape);
  };
  const seen: { x: Handle; filter: Handle }[] = [];
  let h = x;
  layers.forEach(({ inputs, outputs, from }, index) => {
    const filter = part(from, [1, 1, 1, inputs, outputs]), bias = part(from + inputs * outputs, [outputs]);
    seen.push({ x: h, filter });
    const unbiased = pointwise(scope, { x: h, filter });
    h = biased(scope, unbiased, bias);
    scope.free(unbiased);
    if (index < layers.length - 1) {
      const before = h;
      h = scope.run("Relu", [before], OF_FLOAT32)[0];
      scope.free(before);
    }
  });
  return {
    logit: h,
    backward(dy) {
      const parts: Handle[] = [];
      let d = dy;
      for (let index = layers.length - 1; index >= 0; index--) {
        const { inputs, outputs } = layers[index]!, { x, filter } = seen[index]!;
        const byFilter = pointwiseFilterGradient(scope, { x, dy: d, filter });
        parts.unshift(
          reshaped(scope, byFilter, [1, inputs * outputs]),
          reshaped(scope, biasGradient(scope, d), [1, outputs]),
        );
        const before = freeing(scope, [d], pointwiseInputGradient(scope, { x, dy: d, filter }));
        // A layer's input is the ReLU of the one before: where that is 0, nothing came through.
        d = index === 0
          ? before
          : freeing(scope, [before, x], scope.run("ReluGrad", [before, x], OF_FLOAT32)[0]);
      }
      return { features: d, row: concatenated(scope, parts, 1) };
    },
  };
}
