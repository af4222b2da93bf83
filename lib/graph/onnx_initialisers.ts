/**
 * Weights out of ONNX files that others wrote.
 *
 * A file is never trusted: what does not fit together is an error that names
 * the tensor, not a read past an end or an allocation of what a number says.
 *
 * @module
 */
import { fromBinary } from "@bufbuild/protobuf";
import {
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
} from "./onnx_pb.ts";
import { elementCount, formatShape, type Shape } from "./tensor_type.ts";

/** A tensor of numbers. */
export interface Initialiser {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer>;
}

/**
 * The tensors of numbers that an ONNX model starts from, by name; those of
 * whole numbers, which no weight is, are left out.
 *
 * float16, bfloat16 and float64 become float32.
 *
 * @throws {SyntaxError} When the file is no ONNX model, or a tensor has no
 *   name, that of another, an axis that is no size, more or fewer elements than
 *   its shape, its elements twice or in another file, or halves of more than 16
 *   bits.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { encodeOnnx } from "./onnx_file.ts";
 * import { readOnnxInitialisers } from "./onnx_initialisers.ts";
 * import { neg } from "./operators/arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * graph.output("y", neg(graph.parameter("weight", [2])));
 * const weight = Float32Array.of(1, 2);
 * const bytes = encodeOnnx(graph, { constants: new Map([["weight", weight]]) });
 * const { shape, data } = readOnnxInitialisers(bytes).get("weight")!;
 * deepStrictEqual([shape, data], [[2], weight]);
 * ```
 */
export function readOnnxInitialisers(
  bytes: Uint8Array,
): Map<string, Initialiser> {
  const tensors = decode(bytes);
  const found = new Map<string, Initialiser>();
  const names = new Set<string>();
  for (const tensor of tensors) {
    if (tensor.name === "" || names.has(tensor.name)) {
      throw refusal(
        tensor,
        "name must be there and unlike others",
        tensor.name === "" ? "it is empty" : "it is there twice",
      );
    }
    names.add(tensor.name);
    if (!isOfNumbers(tensor)) continue;
    found.set(tensor.name, readTensor(tensor));
  }
  return found;
}

function decode(bytes: Uint8Array): readonly TensorProto[] {
  try {
    const { graph } = fromBinary(ModelProtoSchema, bytes, {
      readUnknownFields: false,
    });
    if (graph !== undefined) return graph.initializer;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(
      `Cannot read an ONNX file as it must be one: ${why}`,
      {
        cause: error,
      },
    );
  }
  throw new SyntaxError(
    `Cannot read an ONNX file as it must have a graph: there is none`,
  );
}

function isOfNumbers({ dataType }: TensorProto): boolean {
  return dataType === DataType.FLOAT || dataType === DataType.FLOAT16 ||
    dataType === DataType.BFLOAT16 || dataType === DataType.DOUBLE;
}

function readTensor(tensor: TensorProto): Initialiser {
  const shape = tensor.dims.map(Number);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw refusal(tensor, "axes must be sizes", formatShape(shape));
  }
  if (tensor.dataLocation === DataLocation.EXTERNAL) {
    throw refusal(
      tensor,
      "elements must be in the file",
      "they are in another",
    );
  }
  const { rawData, floatData, doubleData, int32Data } = tensor;
  const typed = floatData.length + doubleData.length + int32Data.length;
  if (rawData.length > 0 && typed > 0) {
    throw refusal(
      tensor,
      "elements must be there once",
      `${rawData.length} bytes and ${typed} numbers`,
    );
  }
  const data = rawData.length > 0 ? readRaw(tensor) : readTyped(tensor);
  if (data.length !== elementCount(shape)) {
    throw refusal(
      tensor,
      "elements must fill its shape",
      `${data.length} elements, shape ${formatShape(shape)}`,
    );
  }
  return { shape, data };
}

/** Elements as bytes, the way nearly all files have them. */
function readRaw(tensor: TensorProto): Float32Array<ArrayBuffer> {
  const { rawData, dataType } = tensor;
  const size = dataType === DataType.DOUBLE
    ? 8
    : dataType === DataType.FLOAT
    ? 4
    : 2;
  if (rawData.length % size !== 0) {
    throw refusal(
      tensor,
      `elements must take ${size} bytes each`,
      `${rawData.length} bytes`,
    );
  }
  // A copy, as elements need not lie where their type may be read.
  const { buffer } = rawData.slice();
  if (dataType === DataType.FLOAT) return new Float32Array(buffer);
  if (dataType === DataType.DOUBLE) {
    return Float32Array.from(new Float64Array(buffer));
  }
  return ofHalves(tensor, new Uint16Array(buffer));
}

/** Elements as numbers of the message; halves are bits in whole numbers. */
function readTyped(tensor: TensorProto): Float32Array<ArrayBuffer> {
  const { dataType, floatData, doubleData, int32Data } = tensor;
  if (dataType === DataType.FLOAT) return Float32Array.from(floatData);
  if (dataType === DataType.DOUBLE) return Float32Array.from(doubleData);
  const wide = int32Data.find((bits) => bits < 0 || bits > 0xffff);
  if (wide !== undefined) {
    throw refusal(tensor, "halves must be of 16 bits", String(wide));
  }
  return ofHalves(tensor, Uint16Array.from(int32Data));
}

function ofHalves(
  { dataType }: TensorProto,
  bits: Uint16Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  if (dataType === DataType.FLOAT16) {
    return Float32Array.from(new Float16Array(bits.buffer));
  }
  // bfloat16 is the upper half of a float32.
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}

function refusal(
  { name }: TensorProto,
  must: string,
  found: string,
): SyntaxError {
  return new SyntaxError(
    `Cannot read tensor "${name}" of an ONNX file as its ${must}: ${found}`,
  );
}
