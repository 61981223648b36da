/**
 * The file format of ONNX: the messages of onnx.proto (github.com/onnx/onnx, IR version 8) with the fields that networks of ours need.
 *
 * @module
 */
import protobuf from "protobufjs/light";

/** A tensor, with its bytes little-endian. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  /** See {@linkcode dataTypes}. */
  dataType: number;
  rawData: Uint8Array;
}

export interface OnnxAttribute {
  name: string;
  /** See {@linkcode attributeTypes}. */
  type: number;
  f?: number;
  i?: number;
  ints?: number[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute?: OnnxAttribute[];
}

/** An input or output of the graph: sizes are numbers, or names where they may be any. */
export interface OnnxValue {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: ({ dimValue: number } | { dimParam: string })[] } } };
}

export interface OnnxModel {
  irVersion: number;
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  graph: {
    name: string;
    docString: string;
    node: OnnxNode[];
    initializer: OnnxTensor[];
    input: OnnxValue[];
    output: OnnxValue[];
  };
}

/** Numbers of types of tensors. */
export const dataTypes = { float32: 1, int64: 7 } as const;

/** Numbers of types of attributes. */
export const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

type Field = [name: string, id: number, type: string, rule?: "repeated"];

// Names are protobufjs's: onnx.proto has `ir_version` for `irVersion`.
const messages: Record<string, Field[]> = {
  ModelProto: [
    ["irVersion", 1, "int64"],
    ["producerName", 2, "string"],
    ["graph", 7, "GraphProto"],
    ["opsetImport", 8, "OperatorSetIdProto", "repeated"],
  ],
  OperatorSetIdProto: [["domain", 1, "string"], ["version", 2, "int64"]],
  GraphProto: [
    ["node", 1, "NodeProto", "repeated"],
    ["name", 2, "string"],
    ["initializer", 5, "TensorProto", "repeated"],
    ["docString", 10, "string"],
    ["input", 11, "ValueInfoProto", "repeated"],
    ["output", 12, "ValueInfoProto", "repeated"],
  ],
  NodeProto: [
    ["input", 1, "string", "repeated"],
    ["output", 2, "string", "repeated"],
    ["name", 3, "string"],
    ["opType", 4, "string"],
    ["attribute", 5, "AttributeProto", "repeated"],
  ],
  AttributeProto: [
    ["name", 1, "string"],
    ["f", 2, "float"],
    ["i", 3, "int64"],
    ["ints", 8, "int64", "repeated"],
    ["type", 20, "int32"],
  ],
  TensorProto: [
    ["dims", 1, "int64", "repeated"],
    ["dataType", 2, "int32"],
    ["name", 8, "string"],
    ["rawData", 9, "bytes"],
  ],
  ValueInfoProto: [["name", 1, "string"], ["type", 2, "TypeProto"]],
  TypeProto: [["tensorType", 1, "TensorTypeProto"]],
  TensorTypeProto: [["elemType", 1, "int32"], ["shape", 2, "TensorShapeProto"]],
  TensorShapeProto: [["dim", 1, "DimensionProto", "repeated"]],
  DimensionProto: [["dimValue", 1, "int64"], ["dimParam", 2, "string"]],
};

const model = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [name, {
      // As onnx.proto is: a number that is 0 is written, which an attribute wants.
      edition: "proto2",
      fields: Object.fromEntries(
        fields.map(([field, id, type, rule]) => [field, { id, type, ...rule && { rule } }]),
      ),
    }]),
  ),
}).lookupType("ModelProto");

/** The bytes of a file. */
export function encodeOnnx(value: OnnxModel): Uint8Array {
  return model.encode(model.fromObject(value)).finish();
}

/** The model of a file's bytes; lists that are empty are there. */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  return model.toObject(model.decode(bytes), { longs: Number, arrays: true }) as unknown as OnnxModel;
}
