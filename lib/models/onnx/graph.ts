/**
 * A graph of ONNX's operators, built node after node.
 *
 * @module
 */
import {
  attributeTypes,
  dataTypes,
  encodeOnnx,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx_format.ts";

/** Operators as of 2022, which programs of before know, too, and converters for other runtimes. */
export const OPSET = 17;

/** The version of the format that came with them. */
const IR_VERSION = 8;

export interface NodeOptions {
  /** Of the node, and of its one output. */
  name: string;
  inputs: readonly string[];
  /** Attributes that are whole numbers, or lists of them. @default none */
  ints?: Record<string, number | readonly number[]>;
  /** @default none */
  floats?: Record<string, number>;
}

/** An input or output of the graph. */
export interface GraphEnd {
  name: string;
  /** Sizes, or their names where they may be any. */
  shape: readonly (number | string)[];
}

export class Graph {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: OnnxTensor[] = [];

  /** Adds a node after those whose outputs it takes; returns the name of its output. */
  add(operator: string, { name, inputs, ints = {}, floats = {} }: NodeOptions): string {
    const attribute: OnnxAttribute[] = [
      ...Object.entries(ints).map(([name, value]) =>
        typeof value === "number"
          ? { name, type: attributeTypes.int, i: value }
          : { name, type: attributeTypes.ints, ints: [...value] }
      ),
      ...Object.entries(floats).map(([name, f]) => ({ name, type: attributeTypes.float, f })),
    ];
    this.#nodes.push({ name, opType: operator, input: [...inputs], output: [name], attribute });
    return name;
  }

  /** Adds float32 numbers; returns their name. */
  numbers(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#constant(name, { dims: [...shape], dataType: dataTypes.float32, values });
  }

  /** Adds whole numbers, [values.length]; returns their name. */
  integers(name: string, values: readonly number[]): string {
    const integers = BigInt64Array.from(values, BigInt);
    return this.#constant(name, { dims: [values.length], dataType: dataTypes.int64, values: integers });
  }

  #constant(
    name: string,
    { values, ...rest }: { dims: number[]; dataType: number; values: Float32Array | BigInt64Array },
  ): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.push({ name, ...rest, rawData });
    return name;
  }

  /** The bytes of an ONNX file. */
  encode(
    { name, note, inputs, outputs }: {
      name: string;
      /** For people. */
      note: string;
      inputs: readonly GraphEnd[];
      outputs: readonly GraphEnd[];
    },
  ): Uint8Array {
    return encodeOnnx({
      irVersion: IR_VERSION,
      producerName: "consilium",
      opsetImport: [{ domain: "", version: OPSET }],
      graph: {
        name,
        docString: note,
        node: this.#nodes,
        initializer: this.#constants,
        input: inputs.map(valueOf),
        output: outputs.map(valueOf),
      },
    });
  }
}

function valueOf({ name, shape }: GraphEnd): OnnxValue {
  const dim = shape.map((size) => typeof size === "number" ? { dimValue: size } : { dimParam: size });
  return { name, type: { tensorType: { elemType: dataTypes.float32, shape: { dim } } } };
}
