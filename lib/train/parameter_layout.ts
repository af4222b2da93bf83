/**
 * All learnt numbers as one flat vector: where each parameter lies in it.
 *
 * @module
 */
import { elementCount, type Shape } from "../graph/value.ts";

/** What the layout needs to know of a parameter; a `ParameterSpec` has it. */
export interface Learnable {
  readonly name: string;
  readonly shape: Shape;
  /** Factor of the learning rate; 0: frozen. */
  readonly rate: number;
  /** Whether weight decay acts on it. */
  readonly decays: boolean;
}

/** A learnt parameter and its part of the flat vector. */
export interface LearntParameter extends Learnable {
  readonly offset: number;
  readonly count: number;
}

/** The flat vector: its parts in order, without gaps. */
export interface ParameterLayout {
  readonly parameters: readonly LearntParameter[];
  readonly count: number;
}

/**
 * Lays parameters out in their order; frozen ones are left out.
 *
 * @example
 * ```ts
 * import { parameterLayout } from "./parameter_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const weight = { name: "fc8/weight", shape: [21, 128], rate: 10, decays: true };
 * const bias = { name: "fc8/bias", shape: [21], rate: 20, decays: false };
 * const { parameters, count } = parameterLayout([weight, bias]);
 * deepStrictEqual(parameters.map(({ offset }) => offset), [0, 2688]);
 * deepStrictEqual(count, 2709);
 * ```
 */
export function parameterLayout(all: readonly Learnable[]): ParameterLayout {
  let offset = 0;
  const parameters = all.filter(({ rate }) => rate > 0).map((parameter) => {
    const count = elementCount(parameter.shape);
    const { name, shape, rate, decays } = parameter;
    const placed = { name, shape, rate, decays, offset, count };
    offset += count;
    return placed;
  });
  return { parameters, count: offset };
}

/**
 * Each parameter's part of a flat vector, by name; views, no copies.
 *
 * @example
 * ```ts
 * import { parameterLayout, viewsByName } from "./parameter_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const a = { name: "a", shape: [2], rate: 1, decays: true };
 * const b = { name: "b", shape: [], rate: 1, decays: true };
 * const views = viewsByName(parameterLayout([a, b]), Float32Array.of(1, 2, 3));
 * deepStrictEqual(views.get("b"), Float32Array.of(3));
 * ```
 */
export function viewsByName<B extends ArrayBufferLike>(
  { parameters }: ParameterLayout,
  flat: Float32Array<B>,
): Map<string, Float32Array<B>> {
  return new Map(parameters.map(({ name, offset, count }) => [
    name,
    flat.subarray(offset, offset + count),
  ]));
}

/**
 * Copies parameters into their parts of a flat vector.
 *
 * @throws {RangeError} When one is missing or has not its shape's elements.
 *
 * @example
 * ```ts
 * import { fillFlat, parameterLayout } from "./parameter_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const layout = parameterLayout([
 *   { name: "a", shape: [2], rate: 1, decays: true },
 * ]);
 * const flat = new Float32Array(layout.count);
 * fillFlat(layout, flat, new Map([["a", Float32Array.of(4, 5)]]));
 * deepStrictEqual(flat, Float32Array.of(4, 5));
 * ```
 */
export function fillFlat(
  layout: ParameterLayout,
  flat: Float32Array,
  byName: ReadonlyMap<string, Float32Array>,
): void {
  for (const { name, offset, count, shape } of layout.parameters) {
    const data = byName.get(name);
    if (data?.length !== count) {
      throw new RangeError(
        `Cannot take parameter "${name}" as it must fill its shape: ` +
          (data === undefined
            ? "there is none of that name"
            : `${data.length} elements, shape [${shape.join(", ")}]`),
      );
    }
    flat.set(data, offset);
  }
}

/**
 * The first parameter with a number that is not finite, in a flat vector;
 * undefined where all are finite.
 *
 * @example
 * ```ts
 * import { firstNotFinite, parameterLayout } from "./parameter_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const layout = parameterLayout([
 *   { name: "a", shape: [], rate: 1, decays: true },
 *   { name: "b", shape: [], rate: 1, decays: true },
 * ]);
 * strictEqual(firstNotFinite(layout, Float32Array.of(1, NaN))?.name, "b");
 * ```
 */
export function firstNotFinite(
  { parameters }: ParameterLayout,
  flat: Float32Array,
): LearntParameter | undefined {
  const at = flat.findIndex((number) => !Number.isFinite(number));
  if (at < 0) return undefined;
  return parameters.find(({ offset, count }) => at < offset + count);
}
