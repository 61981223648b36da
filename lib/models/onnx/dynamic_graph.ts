/**
 * The head whose layers are made for the scan, as a graph: heads/dynamic_head.ts.
 *
 * @module
 */
import { type DynamicLayer, dynamicLayers } from "../heads/dynamic_layers.ts";
import type { Graph } from "./graph.ts";
import type { GraphTensor, NetworkEnds } from "./network_graph.ts";
import type { WeightReader } from "./weight_reader.ts";

export interface DynamicGraphOptions extends NetworkEnds {
  weights: WeightReader;
  organs: number;
}

/**
 * The rows θ = gᵀK + E_o are made part by part, each with its output channels first, and organs go through the layers side by side:
 * h is [batch, organ, channel, voxel], and of the features [batch, 1, channel, voxel].
 */
export function addDynamicLogits(
  graph: Graph,
  { weights, features, deepest, organs }: DynamicGraphOptions,
): GraphTensor {
  const { layers, length } = dynamicLayers(features.channels);
  const controller = weights("logits/controller", [deepest.channels, length]);
  const rows = weights("logits/organs", [organs, length]);
  const pooled = graph.add("ReduceMean", {
    name: "pooled",
    inputs: [deepest.name],
    ints: { axes: [2, 3, 4], keepdims: 0 },
  });

  /** Places of θ for every sample and organ, [batch, organ, …shape]. */
  function part(
    name: string,
    { places, shape }: { places: readonly number[]; shape: readonly number[] },
  ): string {
    const size = places.length;
    const cut = (values: Float32Array, count: number) =>
      Float32Array.from(
        { length: count * size },
        (_, i) => values[Math.floor(i / size) * length + places[i % size]!]!,
      );
    const k = graph.numbers(
      `${name}/controller`,
      [deepest.channels, size],
      cut(controller, deepest.channels),
    );
    const e = graph.numbers(`${name}/organs`, [1, organs, size], cut(rows, organs));
    const fromScan = graph.add("MatMul", { name: `${name}_of_scan`, inputs: [pooled, k] });
    const axis = graph.integers(`${name}_organ_axis`, [1]);
    const wide = graph.add("Unsqueeze", { name: `${name}_of_scan_wide`, inputs: [fromScan, axis] });
    const both = graph.add("Add", { name: `${name}_row`, inputs: [wide, e] });
    // 0: as many samples as there are.
    const wanted = graph.integers(`${name}_shape`, [0, organs, ...shape]);
    return graph.add("Reshape", { name, inputs: [both, wanted] });
  }

  function layer(h: string, { inputs, outputs, from }: DynamicLayer, name: string): string {
    const kernel = part(`${name}_kernel`, {
      places: Array.from(
        { length: inputs * outputs },
        (_, i) => from + (i % inputs) * outputs + Math.floor(i / inputs),
      ),
      shape: [outputs, inputs],
    });
    const bias = part(`${name}_bias`, {
      places: Array.from({ length: outputs }, (_, i) => from + inputs * outputs + i),
      shape: [outputs, 1],
    });
    const product = graph.add("MatMul", { name: `${name}_product`, inputs: [kernel, h] });
    return graph.add("Add", { name: `${name}_sum`, inputs: [product, bias] });
  }

  const flat = graph.integers("flat_shape", [0, 1, features.channels, -1]);
  let h = graph.add("Reshape", { name: "flat_features", inputs: [features.name, flat] });
  layers.forEach((one, index) => {
    const name = `dynamic${index}`;
    h = layer(h, one, name);
    if (index < layers.length - 1) h = graph.add("Relu", { name, inputs: [h] });
  });
  const sizes = graph.add("Shape", {
    name: "feature_sizes",
    inputs: [features.name],
    ints: { start: 2, end: 5 },
  });
  const samples = graph.integers("samples_and_organs", [0, organs]);
  const shape = graph.add("Concat", { name: "logits_shape", inputs: [samples, sizes], ints: { axis: 0 } });
  return { name: graph.add("Reshape", { name: "logits", inputs: [h, shape] }), channels: organs };
}
