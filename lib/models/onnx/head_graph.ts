/**
 * Heads as graphs: from features to logits.
 *
 * @module
 */
import { channelShares } from "../heads/channel_shares.ts";
import { COSINE_EPSILON, unitVectors } from "../heads/cosine_vectors.ts";
import type { CosinePlan, CosinesPlan, HeadPlan } from "../heads/head_plan.ts";
import { addDynamicLogits } from "./dynamic_graph.ts";
import type { Graph } from "./graph.ts";
import { addPointwise, type GraphTensor, type NetworkEnds } from "./network_graph.ts";
import { firstColumns, transposed, type WeightReader } from "./weight_reader.ts";

export interface HeadGraphOptions extends NetworkEnds {
  weights: WeightReader;
  plan: HeadPlan;
  /** Number of organs. */
  organs: number;
}

/** What the graph says of each voxel, [batch, 1 + organs, depth, height, width]. */
export interface HeadOutputs {
  /** Readout's `probabilities`. */
  probabilities: string;
  /** Readout's `votes` where they are others: the class of the largest one is the decision. */
  votes?: string;
}

/** Adds a head and what its logits say. @throws Error when its weights or its plan do not fit */
export function addHead(graph: Graph, options: HeadGraphOptions): HeadOutputs {
  const { plan, organs, features, weights } = options;
  const linear = (outputs: number, kept = outputs) => {
    const matrix = { rows: features.channels, columns: outputs };
    const values = weights("logits/kernel", [1, 1, 1, features.channels, outputs]);
    return addPointwise(graph, features, {
      name: "logits",
      filter: transposed({
        rows: matrix.rows,
        columns: kept,
        values: firstColumns({ ...matrix, values }, kept),
      }),
      bias: weights("logits/bias", [outputs]).slice(0, kept),
      outputs: kept,
    });
  };
  switch (plan.kind) {
    case "softmax":
      return addSoftmax(graph, linear(organs + 1));
    case "sigmoid":
      return addOrgans(graph, addSigmoid(graph, linear(organs)));
    case "levels":
      // What groups say is no prediction.
      return addOrgans(graph, addSigmoid(graph, linear(organs + plan.groups, organs)));
    case "datasets": {
      const shares = channelShares(plan.owners, organs);
      const each = addSigmoid(graph, linear(plan.owners.length));
      const filter = transposed({ rows: shares.length, columns: organs, values: shares.flat() });
      return addOrgans(graph, addPointwise(graph, each, { name: "organs", filter, outputs: organs }));
    }
    case "cosine":
      return addSoftmax(graph, addCosineLogits(graph, { ...options, plan }));
    case "cosines":
      return addOrgans(graph, addSigmoid(graph, addCosinesLogits(graph, { ...options, plan })));
    case "dynamic":
      return addOrgans(graph, addSigmoid(graph, addDynamicLogits(graph, options)));
  }
}

function addSoftmax(graph: Graph, { name }: GraphTensor): HeadOutputs {
  return {
    probabilities: graph.add("Softmax", { name: "probabilities", inputs: [name], ints: { axis: 1 } }),
  };
}

function addSigmoid(graph: Graph, { name, channels }: GraphTensor): GraphTensor {
  return { name: graph.add("Sigmoid", { name: `${name}_sigmoid`, inputs: [name] }), channels };
}

/** Organs each by itself: p_0 = Π_o (1 − p_o), and one half is what the largest must exceed. */
function addOrgans(graph: Graph, { name: organs }: GraphTensor): HeadOutputs {
  const one = graph.numbers("one", [1], Float32Array.of(1));
  const none = graph.add("Sub", { name: "not_organ", inputs: [one, organs] });
  const background = graph.add("ReduceProd", {
    name: "background",
    inputs: [none],
    ints: { axes: [1], keepdims: 1 },
  });
  const half = graph.numbers("half", [1], Float32Array.of(0.5));
  const shape = graph.add("Shape", { name: "background_shape", inputs: [background] });
  const least = graph.add("Expand", { name: "least", inputs: [half, shape] });
  const before = (name: string, first: string) =>
    graph.add("Concat", { name, inputs: [first, organs], ints: { axis: 1 } });
  return { probabilities: before("probabilities", background), votes: before("votes", least) };
}

/** z_c = (Aᵀh)_c / √(max(h · Gh, 0) + ε), with A = W T̂ᵀ / τ and G = W Wᵀ: heads/cosine_head.ts. */
function addCosineLogits(
  graph: Graph,
  { weights, features, plan, organs }: HeadGraphOptions & { plan: CosinePlan },
): GraphTensor {
  const classes = organs + 1, unit = unitVectors(plan, classes), dimension = unit.length / classes;
  const rows = features.channels, w = weights("logits/kernel", [1, 1, 1, rows, dimension]);
  const temperature = plan.learnTemperature
    ? Math.exp(weights("logits/log_temperature", [1])[0]!)
    : plan.temperature;
  const dot = (a: Float32Array, b: Float32Array, [i, j]: [i: number, j: number]) => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += a[i * dimension + d]! * b[j * dimension + d]!;
    return sum;
  };
  const product = (a: Float32Array, outputs: number) =>
    Float32Array.from({ length: outputs * rows }, (_, i) => dot(a, w, [Math.floor(i / rows), i % rows]));
  const along = addPointwise(graph, features, {
    name: "along",
    filter: product(unit, classes).map((value) => value / temperature),
    outputs: classes,
  });
  const gram = addPointwise(graph, features, { name: "gram", filter: product(w, rows), outputs: rows });
  const length = addLength(graph, [features.name, gram.name]);
  return { name: graph.add("Div", { name: "logits", inputs: [along.name, length] }), channels: classes };
}

/** z_o = s (ŵ_o · h) / √(|h|² + ε): heads/cosines_head.ts. */
function addCosinesLogits(
  graph: Graph,
  { weights, features, plan, organs }: HeadGraphOptions & { plan: CosinesPlan },
): GraphTensor {
  const size = features.channels, w = weights("logits/kernel", [organs, size]);
  const squares = Array.from({ length: organs }, (_, o) => {
    const row = w.subarray(o * size, (o + 1) * size);
    return row.reduce((sum, value) => sum + value * value, 0);
  });
  const filter = w.map((value, i) =>
    plan.scale * value / Math.sqrt(squares[Math.floor(i / size)]! + COSINE_EPSILON)
  );
  const along = addPointwise(graph, features, { name: "along", filter, outputs: organs });
  const length = addLength(graph, [features.name, features.name]);
  return { name: graph.add("Div", { name: "logits", inputs: [along.name, length] }), channels: organs };
}

/** √(max(a · b, 0) + ε) at each voxel. */
function addLength(graph: Graph, inputs: [a: string, b: string]): string {
  const products = graph.add("Mul", { name: "squares", inputs });
  const axes = graph.integers("channel_axis", [1]);
  const sum = graph.add("ReduceSum", { name: "squared", inputs: [products, axes], ints: { keepdims: 1 } });
  const positive = graph.add("Relu", { name: "squared_or_0", inputs: [sum] });
  const epsilon = graph.numbers("epsilon", [1], Float32Array.of(COSINE_EPSILON));
  const kept = graph.add("Add", { name: "squared_above_0", inputs: [positive, epsilon] });
  return graph.add("Sqrt", { name: "length", inputs: [kept] });
}
