/**
 * What has been learnt, as tensors by name.
 *
 * @module
 */
import type { NamedTensor } from "../net/safetensors.ts";
import { type ParameterLayout, viewsByName } from "./parameter_layout.ts";

/** All that learns, by name of parameter. */
export interface LearntState {
  readonly weights: ReadonlyMap<string, NamedTensor>;
  readonly velocities: ReadonlyMap<string, NamedTensor>;
}

/**
 * A copy of flat vectors as tensors.
 *
 * @example
 * ```ts
 * import { stateOf } from "./learnt_state.ts";
 * import { parameterLayout } from "./parameter_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const layout = parameterLayout([
 *   { name: "x", shape: [1], rate: 1, decays: true },
 * ]);
 * const [weights, velocity] = [Float32Array.of(3), Float32Array.of(0.5)];
 * const { velocities } = stateOf(layout, { weights, velocity });
 * deepStrictEqual(velocities.get("x"), { shape: [1], data: velocity });
 * ```
 */
export function stateOf(
  layout: ParameterLayout,
  { weights, velocity }: {
    readonly weights: Float32Array;
    readonly velocity: Float32Array;
  },
): LearntState {
  return {
    weights: tensorsOf(layout, weights),
    velocities: tensorsOf(layout, velocity),
  };
}

function tensorsOf(
  layout: ParameterLayout,
  flat: Float32Array,
): Map<string, NamedTensor> {
  const views = viewsByName(layout, flat);
  return new Map(
    layout.parameters.map(({ name, shape }) => [
      name,
      { shape, data: Float32Array.from(views.get(name)!) },
    ]),
  );
}
