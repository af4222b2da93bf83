/**
 * Graphs as ONNX files, which onnxruntime runs and any ONNX viewer shows.
 *
 * Opset 18: the newest whose operators onnxruntime takes natively and on the
 * web alike without converting the file first.
 *
 * @module
 */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { Graph } from "./graph.ts";
import { liveNodes } from "./live_nodes.ts";
import {
  DATA_TYPES,
  encodeNode,
  encodeTensor,
  type Names,
  type Tensor,
} from "./onnx_node.ts";
import {
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx_pb.ts";
import { elementCount, type Value } from "./value.ts";

/** See `encodeOnnx`. */
export interface OnnxOptions {
  /**
   * Values of parameters that the file holds as initialisers, by name; the
   * others are inputs.
   */
  readonly constants?: ReadonlyMap<string, Float32Array>;
}

const OPSET = 18n;
/** Of the file format itself; the version that opset 18 came with. */
const IR_VERSION = 8n;
/** No protobuf message may be longer. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The graph as an ONNX model; nodes that no output needs are left out.
 *
 * @returns Bytes of a `ModelProto`.
 * @throws {RangeError} When `constants` names no parameter or does not fill it,
 *   when an output has the name of an input, or when the file would pass 2 GiB.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { encodeOnnx } from "./onnx_file.ts";
 * import { mul } from "./operators/arithmetic.ts";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * const bytes = encodeOnnx(graph); // Deno.writeFile("square.onnx", bytes)
 * ```
 */
export function encodeOnnx(
  graph: Graph,
  { constants = new Map() }: OnnxOptions = {},
): Uint8Array<ArrayBuffer> {
  assertConstants(graph, constants);
  return encodeModel(encodeGraph(graph, constants));
}

/**
 * A model that gives its input `x`, float32 of any shape, as its output `y`:
 * what moves tensors between the memories of an engine.
 *
 * @example
 * ```ts
 * import { encodeCopy } from "./onnx_file.ts";
 *
 * const bytes = encodeCopy();
 * ```
 */
export function encodeCopy(): Uint8Array<ArrayBuffer> {
  const tensorType = { elemType: DATA_TYPES.float32 };
  const type = { value: { case: "tensorType" as const, value: tensorType } };
  const node = { name: "y", opType: "Identity", input: ["x"], output: ["y"] };
  const input = [{ name: "x", type }];
  return encodeModel({
    name: "copy",
    node: [node],
    input,
    output: [{ name: "y", type }],
  });
}

function encodeModel(
  graph: MessageInitShape<typeof GraphProtoSchema>,
): Uint8Array<ArrayBuffer> {
  const domains = (graph.node ?? []).flatMap(({ domain }) => domain ?? []);
  const others = [...new Set(domains)];
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: "boxfill",
    opsetImport: [
      { domain: "", version: OPSET },
      ...others.map((domain) => ({ domain, version: 1n })),
    ],
    graph,
  });
  return toBinary(ModelProtoSchema, model);
}

function assertConstants(
  graph: Graph,
  constants: ReadonlyMap<string, Float32Array>,
): void {
  const parameters = new Map(graph.parameters.map((each) => [each.name, each]));
  let bytes = 0;
  for (const [name, data] of constants) {
    const count = elementCount(parameters.get(name)?.shape ?? [0]);
    if (data.length !== count) {
      throw new RangeError(
        `Cannot freeze "${name}" of graph "${graph.name}" as ` +
          (parameters.has(name)
            ? `its data must fill it: ${data.length} elements of ${count}`
            : `it must be a parameter of the graph: there is none`),
      );
    }
    bytes += data.byteLength;
  }
  for (const { data } of graph.constants) bytes += data.byteLength;
  if (bytes > MOST_BYTES) {
    throw new RangeError(
      `Cannot write graph "${graph.name}" as ONNX as its tensors must take ` +
        `less than 2 GiB: ${bytes} bytes`,
    );
  }
}

function encodeGraph(
  graph: Graph,
  constants: ReadonlyMap<string, Float32Array>,
): MessageInitShape<typeof GraphProtoSchema> {
  const names = namesOf(graph);
  const nodes = liveNodes(graph);
  const lowered = new Map<string, Tensor>();
  const node = nodes.map((each) => encodeNode(each, names, lowered));
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const value of graph.outputs.values()) used.add(value);
  const initializer: Tensor[] = [...lowered.values()];
  for (const { value, data } of graph.constants) {
    if (used.has(value)) {
      initializer.push(encodeTensor(names.get(value)!, value.shape, data));
    }
  }
  for (const { name, shape } of graph.parameters) {
    const data = constants.get(name);
    if (data !== undefined) initializer.push(encodeTensor(name, shape, data));
  }
  const fed = graph.parameters.filter(({ name }) => !constants.has(name));
  return {
    name: graph.name,
    node: [...node, ...copiesToOutputs(graph, names)],
    initializer,
    input: [...graph.inputs, ...fed].map((each) => encodeInfo(each.name, each)),
    output: [...graph.outputs].map(([name, each]) => encodeInfo(name, each)),
    valueInfo: nodes.flatMap(({ outputs }) => outputs)
      .filter((each) => !graph.outputs.has(names.get(each)!))
      .map((each) => encodeInfo(names.get(each)!, each)),
  };
}

/** How values are called in the file: one that is an output by that name. */
function namesOf(graph: Graph): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const value of [...graph.inputs, ...graph.parameters]) {
    if (graph.outputs.has(value.name)) {
      throw new RangeError(
        `Cannot write graph "${graph.name}" as ONNX as inputs and outputs ` +
          `must have different names: both have "${value.name}"`,
      );
    }
    names.set(value, value.name);
  }
  for (const [name, value] of graph.outputs) {
    const isOfNode = graph.producerOf(value) !== undefined;
    if (isOfNode && !names.has(value)) names.set(value, name);
  }
  const own = [
    ...graph.constants.map(({ value }) => value),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ].filter((value) => !names.has(value));
  const taken = new Set([...graph.outputs.keys(), ...own.map((v) => v.name)]);
  for (const value of own) {
    let name = value.name;
    while (
      graph.outputs.has(name) || (name !== value.name && taken.has(name))
    ) {
      name += "'";
    }
    names.set(value, name);
  }
  return names;
}

/** What is an output by a second name, or an input too, is copied to it. */
function copiesToOutputs(
  graph: Graph,
  names: Names,
): MessageInitShape<typeof NodeProtoSchema>[] {
  return [...graph.outputs]
    .filter(([name, value]) => names.get(value) !== name)
    .map(([name, value]) => ({
      name: `${name}/Identity`,
      opType: "Identity",
      input: [names.get(value)!],
      output: [name],
    }));
}

function encodeInfo(
  name: string,
  { type, shape }: Pick<Value, "type" | "shape">,
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((size) => ({
    value: { case: "dimValue" as const, value: BigInt(size) },
  }));
  return {
    name,
    type: {
      value: {
        case: "tensorType",
        value: { elemType: DATA_TYPES[type], shape: { dim } },
      },
    },
  };
}
