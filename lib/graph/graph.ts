/**
 * A computation as data: nodes of ONNX operators on tensors of known shape.
 *
 * It is built by the functions in `operators/`, extended with its gradients by
 * `gradients.ts`, written as an ONNX file by `onnx_file.ts` and run by any
 * engine of `lib/engine/`.
 *
 * @module
 */
import type { Attributes, Operator } from "./operator.ts";
import {
  elementCount,
  type ElementType,
  formatType,
  isSameShape,
  type Node,
  type OpenGraph,
  type Shape,
  type TensorData,
  type Value,
} from "./value.ts";

export type { Node } from "./value.ts";

/** A tensor that is part of the graph. */
export interface Constant {
  readonly value: Value;
  readonly data: TensorData;
}

/** A graph under construction; nodes are in an order in which they can run. */
export class Graph implements OpenGraph {
  readonly name: string;
  readonly #inputs: Value[] = [];
  readonly #parameters: Value[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #nodes: Node[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #producers = new Map<Value, Node>();
  readonly #alternatives = new Map<Value, Value>();
  readonly #names = new Set<string>();
  #scope: readonly string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Tensors fed at each run. */
  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  /** What is learnt: fed, kept by the engine, or frozen, as the engine is told. */
  get parameters(): readonly Value[] {
    return this.#parameters;
  }

  get constants(): readonly Constant[] {
    return [...this.#constants.values()];
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** What a run gives, by name. */
  get outputs(): ReadonlyMap<string, Value> {
    return this.#outputs;
  }

  /** A tensor fed at each run. */
  input(name: string, type: ElementType, shape: Shape): Value {
    return this.#add(this.#inputs, this.#value(name, type, shape));
  }

  /** A learnt float32 tensor. */
  parameter(name: string, shape: Shape): Value {
    return this.#add(this.#parameters, this.#value(name, "float32", shape));
  }

  /** A fixed tensor, copied; those of the same bytes are kept once. */
  constant(data: TensorData, shape: Shape): Value {
    const type = typeOf(data);
    if (data.length !== elementCount(shape)) {
      throw new RangeError(
        `Cannot add a constant to graph "${this.name}" as its data must fill ` +
          `its shape: ${data.length} elements, shape [${shape.join(", ")}]`,
      );
    }
    const copy = data.slice();
    const bytes = new Uint8Array(copy.buffer);
    const key = data.length > 64 ? null : `${type}[${shape}]${bytes.join()}`;
    const known = key === null ? undefined : this.#constants.get(key);
    if (known !== undefined) return known.value;
    const name = this.#unused("constant");
    const value = this.#value(name, type, shape);
    this.#constants.set(key ?? name, { value, data: copy });
    return value;
  }

  /** A float32 scalar that does not change. */
  scalar(number: number): Value {
    return this.constant(Float32Array.of(number), []);
  }

  /**
   * Names a value as one that a run gives.
   *
   * @throws {RangeError} When the name is taken by another output, or the value
   *   is of another graph.
   */
  output(name: string, value: Value): void {
    if (this.#outputs.has(name)) {
      throw new RangeError(
        `Cannot add output "${name}" to graph "${this.name}" as names of ` +
          `outputs must be unique: there is one`,
      );
    }
    if (value.graph !== this) {
      throw new RangeError(
        `Cannot add output "${name}" to graph "${this.name}" as its value must ` +
          `be of that graph: "${value.name}" is of graph "${value.graph.name}"`,
      );
    }
    this.#outputs.set(name, value);
  }

  /** Nodes added in `body` are named under `name`: `conv1_1/Conv`. */
  scope<T>(name: string, body: () => T): T {
    const outer = this.#scope;
    this.#scope = [...outer, name];
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  /**
   * Adds a node.
   *
   * @throws {RangeError} When its inputs do not fit; names the node and all
   *   shapes.
   */
  node<A extends Attributes>(
    operator: Operator<A>,
    inputs: readonly Value[],
    attributes: A,
  ): readonly Value[] {
    const name = this.#unused([...this.#scope, operator.name].join("/"));
    const types = this.#infer(name, operator, inputs, attributes);
    const outputs = types.map(({ type, shape }, i) =>
      this.#value(i === 0 ? name : `${name}:${i}`, type, shape)
    );
    const node = { name, operator, inputs, attributes, outputs };
    // An operator only ever sees nodes of its own attributes.
    this.#nodes.push(node as unknown as Node);
    for (const output of outputs) {
      this.#producers.set(output, node as unknown as Node);
    }
    return outputs;
  }

  /**
   * Says that another value is the same in other operations, which are faster
   * on some engines and slower on most. What no engine asks for does not run.
   *
   * @throws {RangeError} When they differ in type or shape, or are not both of
   *   this graph.
   */
  alternative(value: Value, other: Value): void {
    const isAlike = value.type === other.type &&
      isSameShape(value.shape, other.shape);
    if (!isAlike || value.graph !== this || other.graph !== this) {
      const [one, two] = [value, other].map((each) =>
        `"${each.name}" is ${formatType(each)} of "${each.graph.name}"`
      );
      throw new RangeError(
        `Cannot add an alternative to graph "${this.name}" as both values must ` +
          `be of that graph and alike: ${one}, ${two}`,
      );
    }
    this.#alternatives.set(value, other);
  }

  /** See {@link alternative}. */
  get alternatives(): ReadonlyMap<Value, Value> {
    return this.#alternatives;
  }

  /** The node a value comes from; undefined for inputs, parameters, constants. */
  producerOf(value: Value): Node | undefined {
    return this.#producers.get(value);
  }

  #infer<A extends Attributes>(
    name: string,
    operator: Operator<A>,
    inputs: readonly Value[],
    attributes: A,
  ) {
    try {
      const stranger = inputs.find(({ graph }) => graph !== this);
      if (stranger !== undefined) {
        throw new RangeError(
          `its inputs must be of its graph: "${stranger.name}" is of graph ` +
            `"${stranger.graph.name}"`,
        );
      }
      return operator.infer(inputs, attributes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const given = inputs.map((input) => `${input.name} ${formatType(input)}`);
      throw new RangeError(
        `Cannot add node "${name}" as ${error.message} (inputs: ${
          given.join(", ")
        })`,
        { cause: error },
      );
    }
  }

  #add(list: Value[], value: Value): Value {
    list.push(value);
    return value;
  }

  #value(name: string, type: ElementType, shape: Shape): Value {
    const isTaken = this.#names.has(name);
    if (isTaken || !shape.every((size) => Number.isInteger(size) && size > 0)) {
      throw new RangeError(
        `Cannot add "${name}" to graph "${this.name}" as ` +
          (isTaken
            ? `names must be unique: there is one`
            : `each axis must be a whole number of at least 1: [${
              shape.join(", ")
            }]`),
      );
    }
    this.#names.add(name);
    return { graph: this, name, type, shape };
  }

  #unused(base: string): string {
    if (!this.#names.has(base)) return base;
    let count = 2;
    while (this.#names.has(`${base}_${count}`)) count++;
    return `${base}_${count}`;
  }
}

function typeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return "float32";
  return data instanceof BigInt64Array ? "int64" : "bool";
}
