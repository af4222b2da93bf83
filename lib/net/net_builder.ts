/**
 * A network being written into a graph: its layers, what they learn and what
 * they drop.
 *
 * @module
 */
import type { Graph } from "../graph/graph.ts";
import { mul } from "../graph/operators/arithmetic.ts";
import { cast } from "../graph/operators/comparison.ts";
import { conv, type ConvOptions } from "../graph/operators/convolution.ts";
import type { Shape, Value } from "../graph/value.ts";
import {
  type Initialisation,
  isSameSpec,
  type ParameterSpec,
} from "./parameter.ts";

/** Whether a network learns, with dropout, or only predicts. */
export type NetMode = "train" | "predict";

/** What a training step must draw: which elements of a tensor stay. */
export interface Dropout {
  /** Of the graph's bool input: 1 where an element stays. */
  readonly name: string;
  readonly shape: Shape;
  /** Probability that an element stays. */
  readonly keepShare: number;
}

/** A convolution with what it learns. */
export interface ConvolutionLayer extends ConvOptions {
  readonly name: string;
  /** Of the output. */
  readonly channels: number;
  readonly kernel: number;
  readonly group?: number;
  /** Factors of the learning rate: 1 and 2 [DeepLab]; 0 freezes. */
  readonly weightRate?: number;
  readonly biasRate?: number;
  /** Of the weight (`he`) and of the bias (0). */
  readonly init?: Initialisation;
  readonly bias?: number;
}

/** Adds layers to a graph and notes what they need. */
export class NetBuilder {
  readonly #parameters = new Map<string, [ParameterSpec, Value]>();
  readonly #dropouts: Dropout[] = [];
  readonly #once = new Map<string, Value>();

  constructor(readonly graph: Graph, readonly mode: NetMode) {}

  /** In the order in which they were first used. */
  get parameters(): readonly ParameterSpec[] {
    return [...this.#parameters.values()].map(([spec]) => spec);
  }

  /** Inputs of the graph that a training step must feed. */
  get dropouts(): readonly Dropout[] {
    return this.#dropouts;
  }

  /**
   * A parameter; asked for again it is the same one, which is how a network
   * that looks at several scales shares its weights.
   *
   * @throws {RangeError} When there is another of that name.
   */
  parameter(spec: ParameterSpec): Value {
    const known = this.#parameters.get(spec.name);
    if (known !== undefined) {
      if (isSameSpec(known[0], spec)) return known[1];
      throw new RangeError(
        `Cannot share parameter "${spec.name}" as all its users must ask for ` +
          `the same: ${JSON.stringify(known[0])} and ${JSON.stringify(spec)}`,
      );
    }
    const value = this.graph.parameter(spec.name, spec.shape);
    this.#parameters.set(spec.name, [spec, value]);
    return value;
  }

  /**
   * A value that is made once however often it is asked for by its name: what
   * is computed of parameters alone, by a network that looks at several scales.
   */
  once(name: string, make: () => Value): Value {
    const value = this.#once.get(name) ?? make();
    this.#once.set(name, value);
    return value;
  }

  /** `<name>/weight`, which weight decay pulls at. */
  weight(
    name: string,
    shape: Shape,
    { rate = 1, init = { kind: "he" } }: {
      rate?: number;
      init?: Initialisation;
    } = {},
  ): Value {
    const decays = true;
    return this.parameter({
      name: `${name}/weight`,
      shape,
      init,
      rate,
      decays,
    });
  }

  /** `<name>/bias`, twice as fast as weights and without decay. */
  bias(
    name: string,
    channels: number,
    { rate = 2, value = 0 }: { rate?: number; value?: number } = {},
  ): Value {
    return this.parameter({
      name: `${name}/bias`,
      shape: [channels],
      init: { kind: "constant", value },
      rate,
      decays: false,
    });
  }

  /**
   * Convolution of `[N, Ci, H, W]`.
   *
   * @throws {RangeError} When the channels cannot be split into the groups.
   */
  convolution(x: Value, layer: ConvolutionLayer): Value {
    const { name, channels, kernel, weightRate, biasRate } = layer;
    const { stride, pad, dilation, group = 1 } = layer;
    const shape = [channels, x.shape[1]! / group, kernel, kernel];
    const weight = this.weight(name, shape, {
      ...(weightRate !== undefined && { rate: weightRate }),
      ...(layer.init && { init: layer.init }),
    });
    const bias = this.bias(name, channels, {
      ...(biasRate !== undefined && { rate: biasRate }),
      ...(layer.bias !== undefined && { value: layer.bias }),
    });
    const options = {
      ...(stride !== undefined && { stride }),
      ...(pad !== undefined && { pad }),
      ...(dilation !== undefined && { dilation }),
      group,
    };
    return this.graph.scope(name, () => conv(x, weight, bias, options));
  }

  /**
   * Element-wise dropout: in training the input `<name>/kept` (bool, of x's
   * shape) says what stays, and that is scaled by 1 / keepShare; in prediction
   * it is x itself.
   */
  dropout(x: Value, name: string, keepShare = 0.5): Value {
    if (this.mode === "predict" || keepShare === 1) return x;
    const input = `${name}/kept`;
    this.#dropouts.push({ name: input, shape: x.shape, keepShare });
    const kept = this.graph.input(input, "bool", x.shape);
    const factor = this.graph.scalar(1 / keepShare);
    return this.graph.scope(
      name,
      () => mul(x, mul(cast(kept, "float32"), factor)),
    );
  }
}
