/**
 * A trained model as an ONNX file: one window goes in, probabilities of classes come out.
 *
 * @module
 */
import type { ListedModel } from "../bundle_file.ts";
import type { StoredTensor } from "../safetensors.ts";
import { checkForm, type NetworkForm } from "../unet_options.ts";
import { Graph, type GraphEnd } from "./graph.ts";
import { addHead } from "./head_graph.ts";
import { addNetwork } from "./network_graph.ts";
import { weightReader } from "./weight_reader.ts";

/** Name of the input. */
export const IMAGE = "image";

export interface OnnxModelOptions {
  network: NetworkForm;
  model: Pick<ListedModel, "name" | "organs" | "head" | "prompts" | "decoders">;
  tensors: Readonly<Record<string, StoredTensor>>;
  /** Where the tensors are from, for errors. */
  path: string;
}

export interface OnnxFile {
  bytes: Uint8Array;
  /** Names of the outputs, [batch, 1 + organs, depth, height, width] each; votes stand behind probabilities where they are others. */
  outputs: string[];
}

/**
 * The model that predicts, without what only training needs: the second decoder, and heads of lower levels. Weights are float32 in any
 * case. Batch and sizes may be any; sizes must be multiples of the product of the strides.
 *
 * @throws Error when the weights do not fit the network's form
 */
export function onnxModel({ network, model, tensors, path }: OnnxModelOptions): OnnxFile {
  const { name, organs, head: plan, prompts, decoders } = model;
  checkForm({ ...network, prompts, decoders });
  const graph = new Graph(), weights = weightReader(tensors, path);
  const ends = addNetwork(graph, { weights, network, prompts, images: IMAGE });
  const { probabilities, votes } = addHead(graph, { ...ends, weights, plan, organs: organs.length });
  const outputs = [probabilities, ...votes === undefined ? [] : [votes]];
  const end = (name: string, channels: number): GraphEnd => ({
    name,
    shape: ["batch", channels, "depth", "height", "width"],
  });
  const bytes = graph.encode({
    name,
    note: "What images must be and what outputs mean stands in model.json beside this file.",
    inputs: [end(IMAGE, 1)],
    outputs: outputs.map((name) => end(name, organs.length + 1)),
  });
  return { bytes, outputs };
}
