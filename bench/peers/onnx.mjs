// A graph in ONNX's file format: the few messages of onnx.proto that a graph of plain nodes needs, with the
// field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

import protobuf from "protobufjs/light.js";

const FLOAT = 1; // TensorProto.DataType
const INT64 = 7;
const ATTRIBUTE_INT = 2; // AttributeProto.AttributeType
const ATTRIBUTE_INTS = 7;
/** Version 8 of the format came with operator set 17; any runtime of the last years reads both. */
const IR_VERSION = 8;
const OPERATORS = 17;

const one = (type, id) => ({ type, id });
const many = (type, id) => ({ rule: "repeated", type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    Model: { fields: { irVersion: one("int64", 1), graph: one("Graph", 7), opsetImport: many("Opset", 8) } },
    Opset: { fields: { domain: one("string", 1), version: one("int64", 2) } },
    Graph: {
      fields: {
        node: many("Node", 1),
        name: one("string", 2),
        initializer: many("Tensor", 5),
        input: many("ValueInfo", 11),
        output: many("ValueInfo", 12),
      },
    },
    Node: {
      fields: {
        input: many("string", 1),
        output: many("string", 2),
        opType: one("string", 4),
        attribute: many("Attribute", 5),
      },
    },
    Attribute: {
      fields: { name: one("string", 1), i: one("int64", 3), ints: many("int64", 8), type: one("int32", 20) },
    },
    Tensor: {
      fields: {
        dims: many("int64", 1),
        dataType: one("int32", 2),
        name: one("string", 8),
        rawData: one("bytes", 9),
      },
    },
    ValueInfo: { fields: { name: one("string", 1), type: one("Type", 2) } },
    Type: { fields: { tensorType: one("TensorType", 1) } },
    TensorType: { fields: { elemType: one("int32", 1), shape: one("Shape", 2) } },
    Shape: { fields: { dim: many("Dimension", 1) } },
    Dimension: { fields: { dimValue: one("int64", 1) } },
  },
});

/** A node of a graph; attributes are whole numbers or lists of them. */
export function node(opType, input, output, attributes = {}) {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    Array.isArray(value)
      ? { name, ints: value, type: ATTRIBUTE_INTS }
      : { name, i: value, type: ATTRIBUTE_INT },
  );
  return { opType, input, output, attribute };
}

const valueInfo = (elemType, name, dims) => ({
  name,
  type: { tensorType: { elemType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
});

/** An input or output of float32. */
export const floats = (name, dims) => valueInfo(FLOAT, name, dims);
/** An output of int64. */
export const integers = (name, dims) => valueInfo(INT64, name, dims);

/** A constant of float32. */
export function constant(name, dims, numbers) {
  const rawData = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { name, dims, dataType: FLOAT, rawData };
}

/** A constant of int64: a shape, mostly. */
export function shapeConstant(name, numbers) {
  const rawData = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
  return { name, dims: [numbers.length], dataType: INT64, rawData };
}

/** The bytes of an .onnx file with this graph: { name, node, initializer, input, output }. */
export function model(graph) {
  const Model = root.lookupType("Model");
  return Model.encode(
    Model.fromObject({ irVersion: IR_VERSION, graph, opsetImport: [{ domain: "", version: OPERATORS }] }),
  ).finish();
}
