/**
 * What is learnt: the tensors of a network, before they have values.
 *
 * @module
 */
import { isSameShape, type Shape } from "../graph/value.ts";

/** How a parameter begins when no file has it. */
export type Initialisation =
  /** Normal with mean 0. */
  | { readonly kind: "gaussian"; readonly std: number }
  /** Normal with std √(2 / fan-in), which keeps the scale through ReLUs. */
  | { readonly kind: "he" }
  | { readonly kind: "constant"; readonly value: number };

/** A parameter of a network and how it is learnt. */
export interface ParameterSpec {
  /** `layer/weight`, `layer/bias`, `layer/scale` or `layer/shift`. */
  readonly name: string;
  readonly shape: Shape;
  readonly init: Initialisation;
  /** Factor of the learning rate; 0: frozen, no gradient is asked for. */
  readonly rate: number;
  /** Whether weight decay applies: to weights, never to biases. */
  readonly decays: boolean;
}

/**
 * Whether two specs say the same.
 *
 * @example
 * ```ts
 * import { isSameSpec } from "./parameter.ts";
 * import { strictEqual } from "node:assert";
 *
 * const bias = { name: "b", shape: [4], init: { kind: "he" }, rate: 2, decays: false } as const;
 * strictEqual(isSameSpec(bias, { ...bias }), true);
 * strictEqual(isSameSpec(bias, { ...bias, rate: 1 }), false);
 * ```
 */
export function isSameSpec(a: ParameterSpec, b: ParameterSpec): boolean {
  return a.name === b.name && isSameShape(a.shape, b.shape) &&
    a.rate === b.rate && a.decays === b.decays &&
    JSON.stringify(a.init) === JSON.stringify(b.init);
}

/**
 * Whether a parameter is of the scoring end of a network, where heads differ:
 * the classifier or the attention maps. Everything else is the same under
 * every head and class count.
 *
 * @example
 * ```ts
 * import { isHeadParameter } from "./parameter.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isHeadParameter("attention/weight"), true);
 * strictEqual(isHeadParameter("fc8/bias"), true);
 * strictEqual(isHeadParameter("fc7/weight"), false);
 * ```
 */
export function isHeadParameter(name: string): boolean {
  return /^(attention|fc8(_\d+)?)\//.test(name);
}
