/**
 * Nodes and tensors as they stand in an ONNX file.
 *
 * @module
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Node } from "./graph.ts";
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType as DataType,
  type TensorProtoSchema,
} from "./onnx_pb.ts";
import type { ElementType, Shape, TensorData, Value } from "./value.ts";

/** A `TensorProto` to be. */
export type Tensor = MessageInitShape<typeof TensorProtoSchema>;

/** How values are called in a file. */
export type Names = ReadonlyMap<Value, string>;

/** ONNX's numbers for types of elements. */
export const DATA_TYPES: Readonly<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** Attributes that ONNX takes as inputs, in their order after the node's own. */
const AS_INPUTS: Readonly<Record<string, readonly string[]>> = {
  Clip: ["min", "max"],
  Expand: ["shape"],
  Pad: ["pads"],
  ReduceMax: ["axes"],
  ReduceSum: ["axes"],
  Reshape: ["shape"],
  Slice: ["starts", "ends", "axes", "steps"],
};

/** The few attributes that ONNX itself spells in camelCase. */
const CAMEL_CASE = new Set(["transA", "transB"]);

/**
 * A node as it stands in an ONNX file.
 *
 * @param lowered Initialisers that attributes became, by name; new ones are
 *   added.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { encodeNode } from "./onnx_node.ts";
 * import { reshape } from "./operators/shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const x = graph.input("x", "float32", [2, 3]);
 * const flat = reshape(x, [6]);
 * const names = new Map([[x, "x"], [flat, "flat"]]);
 * const { input } = encodeNode(graph.nodes[0]!, names, new Map());
 * deepStrictEqual(input, ["x", "attribute shape 6"]);
 * ```
 */
export function encodeNode(
  { name, operator, inputs, attributes, outputs }: Node,
  names: Names,
  lowered: Map<string, Tensor>,
): MessageInitShape<typeof NodeProtoSchema> {
  const asInputs = AS_INPUTS[operator.name] ?? [];
  const extra = asInputs.map((key) => lower(key, attributes[key], lowered));
  return {
    name,
    opType: operator.name,
    ...(operator.domain !== undefined && { domain: operator.domain }),
    input: [...inputs.map((input) => names.get(input)!), ...extra],
    output: outputs.map((output) => names.get(output)!),
    attribute: Object.entries(attributes)
      .filter(([key]) => !asInputs.includes(key))
      .map(([key, attribute]) => encodeAttribute(key, attribute)),
  };
}

type Attribute = Node["attributes"][string];

/**
 * An attribute as an initialiser, equal ones once; `""`, ONNX's word for an
 * input left out, if the node has none.
 */
function lower(
  key: string,
  attribute: Attribute | undefined,
  lowered: Map<string, Tensor>,
): string {
  if (attribute === undefined) return "";
  const name = `attribute ${key} ${attribute}`;
  if (!lowered.has(name)) {
    const data = typeof attribute === "number"
      ? Float32Array.of(attribute)
      : BigInt64Array.from(attribute as readonly number[], BigInt);
    const shape = typeof attribute === "number" ? [] : [data.length];
    lowered.set(name, encodeTensor(name, shape, data));
  }
  return name;
}

function encodeAttribute(
  key: string,
  attribute: Attribute,
): MessageInitShape<typeof AttributeProtoSchema> {
  const name = CAMEL_CASE.has(key)
    ? key
    : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (typeof attribute === "number") {
    return { name, type: AttributeType.INT, i: BigInt(attribute) };
  }
  if (typeof attribute !== "string") {
    return { name, type: AttributeType.INTS, ints: attribute.map(BigInt) };
  }
  if (name === "to") {
    const i = BigInt(DATA_TYPES[attribute as ElementType]);
    return { name, type: AttributeType.INT, i };
  }
  const s = new TextEncoder().encode(attribute);
  return { name, type: AttributeType.STRING, s };
}

/**
 * A tensor as it stands in an ONNX file.
 *
 * @example
 * ```ts
 * import { encodeTensor } from "./onnx_node.ts";
 *
 * const initialiser = encodeTensor("weight", [2], Float32Array.of(1, 2));
 * ```
 */
export function encodeTensor(
  name: string,
  shape: Shape,
  data: TensorData,
): Tensor {
  const type = data instanceof Float32Array
    ? DataType.FLOAT
    : data instanceof BigInt64Array
    ? DataType.INT64
    : DataType.BOOL;
  return {
    name,
    dims: shape.map(BigInt),
    dataType: type,
    // ONNX is little-endian, as is every machine that Deno runs on.
    rawData: bytesOf(data),
  };
}

/** The same memory; protobuf takes none that is shared. */
function bytesOf({ buffer, byteOffset, byteLength }: TensorData) {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength).slice();
}
